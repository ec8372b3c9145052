#!/usr/bin/perl
# The jobs of the bench with MARC::Record, as its manual writes them. Run: perl marc_record.pl JOB INPUT OUTPUT
# What the jobs are is said in bench/oracle.lua.
use strict;
use warnings;
use Encode qw(encode_utf8);
use MARC::Batch;
use MARC::Field;

my ($job, $input, $output) = @ARGV;
my $batch = MARC::Batch->new('USMARC', $input);
open my $out, '>:utf8', $output or die "$output: $!";

sub cell {
	my $text = shift;
	return $text unless $text =~ /[",\r\n]/;
	$text =~ s/"/""/g;
	return qq("$text");
}

sub count {
	my $n = 0;
	$n++ while $batch->next;
	print $out "$n\n";
}

sub filter {
	while (my $record = $batch->next) {
		my $title = $record->subfield('245', 'a');
		print $out $record->as_usmarc if defined $title && index($title, 'history') >= 0;
	}
}

sub edit {
	while (my $record = $batch->next) {
		$record->delete_fields($record->field('9..'));
		for my $field ($record->field('856')) {
			my $url = $field->subfield('u');
			$field->update(u => "https://proxy.example.org/login?url=$url") if defined $url;
		}
		$record->append_fields(MARC::Field->new('999', ' ', ' ', a => 'loaded by the bench'));
		print $out $record->as_usmarc;
	}
}

sub csv {
	print $out "id,title,author,year,subjects\n";
	while (my $record = $batch->next) {
		my @row = (
			$record->field('001')->data,
			scalar $record->subfield('245', 'a'),
			scalar $record->subfield('100', 'a'),
			substr($record->field('008')->data, 7, 4),
			join('; ', map { $_->subfield('a') } $record->field('650')),
		);
		print $out join(',', map { cell($_ // '') } @row), "\n";
	}
}

sub subjects {
	my %count;
	while (my $record = $batch->next) {
		$count{$_}++ for map { $_->subfield('a') } $record->field('650');
	}
	print $out cell($_), ",$count{$_}\n" for sort keys %count;
}

sub cpu {
	my ($n, $sum) = (0, 0);
	while (my $record = $batch->next) {
		my $hash = 2166136261;
		for my $field ($record->field('[56]..')) {
			my @bytes = unpack 'C*', encode_utf8(join ' ', map { $_->[1] } $field->subfields);
			for (1 .. 8) {
				$hash = (($hash ^ $_) * 16777619) & 0xffffffff for @bytes;
			}
		}
		$sum += $hash;
		$n++;
	}
	print $out "$n $sum\n";
}

my %jobs = (count => \&count, filter => \&filter, edit => \&edit, csv => \&csv, subjects => \&subjects, cpu => \&cpu);
my $run = $jobs{$job // ''} or die "usage: perl marc_record.pl count|filter|edit|csv|subjects|cpu INPUT OUTPUT\n";
$run->();
close $out or die "$output: $!";
