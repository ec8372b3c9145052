/* clock.c: runs one command and says what it took, in one line of JSON on standard output:
 *
 *	{"status":0,"wall":0.001,"user":0.001,"system":0.000,"rss_kb":2000,"bytes":0,"hash":"cbf29ce484222325"}
 *
 *	clock [-c CPU,CPU] [-i FILE] [-o FILE] [-e FILE] [-p] [-s SECONDS] -- PROGRAM ARGUMENT...
 *
 * No shell and no interpreter is inside what is measured: the clock starts before the fork and stops when wait4 has the child,
 * with its CPU time and its peak resident set. -c pins the program to CPUs, as taskset does. -p reads the program's
 * standard output through a pipe and counts and hashes it (FNV-1a, 64 bits); -s makes that reader slow for so many seconds: half
 * of them it does not read at all, then it takes a little every millisecond. status is 128 + n after signal n, and 127 when
 * the program could not be started. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct job {
	const char *cpus, *input, *output, *errors;
	bool piped;
	double slow; /* seconds */
	char **command;
};

struct drained {
	uint64_t bytes, hash;
};

static void die(const char *what)
{
	fprintf(stderr, "clock: %s: %s\n", what, strerror(errno));
	exit(2);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void pause_for(double seconds)
{
	struct timespec t = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};

	while (nanosleep(&t, &t) < 0 && errno == EINTR)
		;
}

/* in the child: "0" or "0,1" */
static void pin(const char *cpus)
{
	cpu_set_t set;
	char *end;

	CPU_ZERO(&set);
	for (const char *at = cpus; *at; at = *end == ',' ? end + 1 : end) {
		unsigned long cpu = strtoul(at, &end, 10);

		if (end == at || cpu >= CPU_SETSIZE || (*end && *end != ',')) {
			errno = EINVAL;
			die(cpus);
		}
		CPU_SET(cpu, &set);
	}
	if (sched_setaffinity(0, sizeof(set), &set) < 0)
		die("pinning");
}

static void redirect(const char *path, int flags, int to)
{
	int fd = open(path, flags, 0666);

	if (fd < 0 || dup2(fd, to) < 0)
		die(path);
	close(fd);
}

static void become(const struct job *job, const int pipe_ends[2])
{
	if (job->cpus)
		pin(job->cpus);
	redirect(job->input ? job->input : "/dev/null", O_RDONLY, STDIN_FILENO);
	if (job->errors)
		redirect(job->errors, O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
	if (job->piped) {
		if (dup2(pipe_ends[1], STDOUT_FILENO) < 0)
			die("dup2");
		close(pipe_ends[0]);
		close(pipe_ends[1]);
	} else {
		redirect(job->output ? job->output : "/dev/null", O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
	}
	execvp(job->command[0], job->command);
	fprintf(stderr, "clock: %s: %s\n", job->command[0], strerror(errno));
	_exit(127);
}

static void add(struct drained *d, const uint8_t *bytes, size_t len)
{
	uint64_t hash = d->hash;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ bytes[i]) * 0x100000001b3u;
	d->hash = hash;
	d->bytes += len;
}

static void drain(int fd, double slow, struct drained *d)
{
	static uint8_t buffer[1 << 18];
	double until = now() + slow;
	ssize_t got;

	if (slow > 0)
		pause_for(slow / 2);
	for (;;) {
		bool slowly = slow > 0 && now() < until;

		got = read(fd, buffer, slowly ? 16384 : sizeof(buffer));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			die("reading the pipe");
		if (got == 0)
			return;
		add(d, buffer, (size_t)got);
		if (slowly)
			pause_for(0.001);
	}
}

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static void run(const struct job *job)
{
	struct drained drained = {0, 0xcbf29ce484222325u};
	struct rusage usage;
	int pipe_ends[2] = {-1, -1}, status;
	double began, wall;
	pid_t child;

	if (job->piped && pipe2(pipe_ends, O_CLOEXEC) < 0)
		die("pipe");
	began = now();
	child = fork();
	if (child < 0)
		die("fork");
	if (child == 0)
		become(job, pipe_ends);
	if (job->piped) {
		close(pipe_ends[1]);
		drain(pipe_ends[0], job->slow, &drained);
	}
	while (wait4(child, &status, 0, &usage) < 0)
		if (errno != EINTR)
			die("wait4");
	wall = now() - began;
	printf("{\"status\":%d,\"wall\":%.9f,\"user\":%.6f,\"system\":%.6f,\"rss_kb\":%ld,\"bytes\":%llu,\"hash\":\"%016llx\"}\n",
	       WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status), wall, seconds(usage.ru_utime),
	       seconds(usage.ru_stime), usage.ru_maxrss, (unsigned long long)drained.bytes, (unsigned long long)drained.hash);
}

int main(int argc, char **argv)
{
	struct job job = {0};
	int option;

	while ((option = getopt(argc, argv, "+c:i:o:e:ps:")) != -1) {
		switch (option) {
		case 'c': job.cpus = optarg; break;
		case 'i': job.input = optarg; break;
		case 'o': job.output = optarg; break;
		case 'e': job.errors = optarg; break;
		case 'p': job.piped = true; break;
		case 's': job.slow = strtod(optarg, NULL); break;
		default: return 2;
		}
	}
	if (optind == argc) {
		fputs("usage: clock [-c CPU,CPU] [-i FILE] [-o FILE] [-e FILE] [-p] [-s SECONDS] -- PROGRAM ARGUMENT...\n", stderr);
		return 2;
	}
	job.command = argv + optind;
	run(&job);
	return 0;
}
