# SPDX-License-Identifier: Apache-2.0
"""The same results twice: for the terminal, and as docs/performance.md."""
import os
import re

VERDICT = {True: "met", False: "NOT met"}
HEAD = """# Performance

Written by `bench/run --write-docs` from the last run of each row; not edited
by hand. `make bench` measures everything, `bench/run ROW...` some rows,
`bench/run --quick` less of each.

Machines are shared and noisy, so nothing here is a passing time. Servers are
compared by CPU time (user and system, of all their threads, as the kernel
counts it) in rounds: each server gets the same load once a round, the order
moves on by one from round to round, and what counts is the median of the
ratios within a round. Every answer's status and length is checked.

The machine: {cpu}, {count} processors, of which the server has the last and
who asks has the first.
"""


def machine():
    with open("/proc/cpuinfo") as text:
        found = re.search(r"model name\s*: (.*)", text.read())
    return found[1].strip() if found else "unknown"


def verdict_table(results):
    return ("", ["what", "bar", "figure", "verdict"],
            [[line["what"], line["bar"], line["figure"],
              VERDICT[line["met"]]] for line in results])


def plain(table):
    heading, columns, lines = table
    widths = [max(len(line[i]) for line in [columns] + lines)
              for i in range(len(columns))]
    text = [f"  {heading}"] if heading else []
    for line in [columns] + lines:
        cells = [cell.ljust(width) for cell, width in zip(line, widths)]
        text.append("  " + "  ".join(cells).rstrip())
    return "\n".join(text) + "\n"


def markdown(table):
    heading, columns, lines = table
    text = [f"{heading}:", ""] if heading else []
    text.append("| " + " | ".join(columns) + " |")
    text.append("|" + "---|" * len(columns))
    text += ["| " + " | ".join(line) + " |" for line in lines]
    return "\n".join(text) + "\n"


def show(row):
    print(f"\n== {row['title']}\n")
    print(plain(verdict_table(row["results"])))
    for table in row["tables"]:
        print(plain(table))
    for note in row["notes"]:
        print(f"  {note}")


def document(saved):
    """All rows as one page; `saved` is in the order to be shown."""
    parts = [HEAD.format(cpu=machine(), count=os.cpu_count())]
    every = [line for row in saved for line in row["results"]]
    parts.append("## Bars\n\n" + markdown(verdict_table(every)))
    for row in saved:
        parts.append(f"## {row['title']}\n")
        parts += [markdown(table) for table in row["tables"]]
        parts += [note + "\n" for note in row["notes"]]
        parts.append(f"    {row['command']}\n")
    return "\n".join(parts)
