"""The jobs of the bench with pymarc, or with the Python package mrrc, which offers the same interface.

Run: python python_jobs.py pymarc|mrrc JOB INPUT OUTPUT. What the jobs are is said in bench/oracle.lua.
"""

import csv as csv_module
import importlib
import sys
from collections import Counter

PROXY = "https://proxy.example.org/login?url="


def records(marc, path):
    """mrrc reads fastest from a path, pymarc wants an open file."""
    if marc.__name__ == "mrrc":
        yield from marc.MARCReader(path)
    else:
        with open(path, "rb") as file:
            yield from marc.MARCReader(file)


def subfields(field):
    """A property in pymarc, a method in mrrc."""
    return field.subfields() if callable(field.subfields) else field.subfields


def first(record, tag, code):
    field = record.get(tag)
    return field.get(code) if field else None


def all_values(record, tag, code):
    return [value for field in record.get_fields(tag) for value in field.get_subfields(code)]


def count(marc, source, output):
    with open(output, "w") as out:
        out.write(f"{sum(1 for _ in records(marc, source))}\n")


def filter_records(marc, source, output):
    with open(output, "wb") as out:
        for record in records(marc, source):
            title = first(record, "245", "a")
            if title and "history" in title:
                out.write(record.as_marc())


def edit(marc, source, output):
    with open(output, "wb") as out:
        for record in records(marc, source):
            record.remove_fields(*{field.tag for field in record.get_fields() if field.tag[0] == "9"})
            for field in record.get_fields("856"):
                url = field.get("u")
                if url is not None:
                    field["u"] = PROXY + url
            record.add_field(marc.Field(
                tag="999", indicators=marc.Indicators(" ", " "), subfields=[marc.Subfield("a", "loaded by the bench")]))
            out.write(record.as_marc())


def csv(marc, source, output):
    with open(output, "w", encoding="utf-8", newline="") as out:
        writer = csv_module.writer(out, lineterminator="\n")
        writer.writerow(["id", "title", "author", "year", "subjects"])
        for record in records(marc, source):
            writer.writerow([
                record["001"].data,
                first(record, "245", "a"),
                first(record, "100", "a"),
                record["008"].data[7:11],
                "; ".join(all_values(record, "650", "a")),
            ])


def subjects(marc, source, output):
    counts = Counter()
    for record in records(marc, source):
        counts.update(all_values(record, "650", "a"))
    with open(output, "w", encoding="utf-8", newline="") as out:
        csv_module.writer(out, lineterminator="\n").writerows(sorted(counts.items()))


def cpu(marc, source, output):
    total = number = 0
    for record in records(marc, source):
        value = 2166136261
        for field in record.get_fields():
            if field.tag[0] in "56":
                text = " ".join(subfield.value for subfield in subfields(field)).encode()
                for _ in range(8):
                    for byte in text:
                        value = ((value ^ byte) * 16777619) & 0xFFFFFFFF
        total += value
        number += 1
    with open(output, "w") as out:
        out.write(f"{number} {total}\n")


JOBS = {"count": count, "filter": filter_records, "edit": edit, "csv": csv, "subjects": subjects, "cpu": cpu}

if __name__ == "__main__":
    if len(sys.argv) != 5 or sys.argv[2] not in JOBS:
        sys.exit(__doc__)
    JOBS[sys.argv[2]](importlib.import_module(sys.argv[1]), sys.argv[3], sys.argv[4])
