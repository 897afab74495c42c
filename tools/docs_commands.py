# SPDX-License-Identifier: Apache-2.0
"""docs/commands.md, for tools/gen-docs: from the tables the program reads."""
import re
import textwrap

import def_rows

HEAD = """# Commands

<!-- Written by tools/gen-docs from src/app/command.def and flag.def; edit
those. -->

All but the pages read the same settings as the server (docs/config.md) and
work on its database, also while servers run: those see a change at their next
request. They neither make nor migrate a database; `bookplate migrate` does.
The same is told by `bookplate help` and `bookplate help COMMAND`.

- What was found goes to standard output, as a table or, with `--json`, as one
  JSON object a line; everything else to standard error. Tables are cut to the
  width of a terminal, never elsewhere. Times are UTC.
- Exit code 0: done. 1: it could not be done, and a line says why. 2: the
  command or a setting makes no sense, and nothing was done.
- A user is named by id or address. Each change is in the audit, by "command".
- `--config FILE` reads that file of settings, `--set NAME=VALUE` changes one.
"""
WRAP = textwrap.TextWrapper(80, break_long_words=False, break_on_hyphens=False)


def taken(usage, flags):
    """The flags of a usage, with what their values are called."""
    for flag, value in re.findall(r"\[(--[\w-]+)(?: ([^\]]+))?\]", usage):
        yield f"| `{flag}{' ' + value if value else ''}` | {flags[flag]} |\n"


def section(row, flags, examples):
    name, words, _, usage, text = row
    page = f"\n### {words}\n\n{WRAP.fill(text[0].upper() + text[1:])}.\n"
    page += f"\n    bookplate {words} {usage}".rstrip() + "\n"
    rows = "".join(taken(usage, flags))
    if rows:
        page += f"\n| flag | |\n|---|---|\n{rows}"
    lines = [f"    bookplate {line}\n" for of, line in examples if of == name]
    return page + ("\nFor example\n\n" + "".join(lines) if lines else "")


def page(root):
    table = "src/app/command.def"
    flags = {row[1]: row[5]
             for row in def_rows.read(root, "src/app/flag.def", "FLAG")}
    groups = dict(def_rows.read(root, table, "GROUP"))
    examples = def_rows.read(root, table, "EXAMPLE")
    text, seen = HEAD + "\n## The server, and pages\n", set()
    for row in sorted(def_rows.read(root, table, "COMMAND"),
                      key=lambda row: row[1].split()[0] in groups):
        group = row[1].split()[0]
        if group in groups and group not in seen:
            text += f"\n## {group}: {groups[group]}\n"
            seen.add(group)
        text += section(row, flags, examples)
    return text
