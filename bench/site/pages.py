# SPDX-License-Identifier: Apache-2.0
"""Writes the chapters of the book to measure: the same words every time.

Sentences come from a small grammar with a fixed seed, so that pages have the
length, the headings, lists, tables and code of a real textbook, and compress
much as one does.
"""
import random

CHAPTERS = 60
SEED = 20

NOUNS = """robot sensor actuator controller planner joint gripper camera
lidar encoder trajectory frame transform filter estimate policy reward model
simulator message topic service node graph map obstacle torque velocity
gradient sample parameter constraint horizon state observation""".split()
VERBS = """measures corrects predicts delays limits filters publishes tracks
smooths rejects combines explains replaces bounds repeats compares""".split()
ADJECTIVES = """noisy slow reliable calibrated sparse dense stable rigid
compliant redundant local global discrete continuous learned""".split()
LINKS = """because although whenever unless until while so that once before
after""".split()


def clause(rng):
    return (f"the {rng.choice(ADJECTIVES)} {rng.choice(NOUNS)} "
            f"{rng.choice(VERBS)} the {rng.choice(NOUNS)} of "
            f"{rng.choice(('one', 'each', 'the next', 'every other'))} "
            f"{rng.choice(NOUNS)}")


def sentence(rng):
    text = clause(rng)
    if rng.random() < 0.6:
        text += f" {rng.choice(LINKS)} {clause(rng)}"
    return text[0].upper() + text[1:] + "."


def paragraph(rng):
    return " ".join(sentence(rng) for _ in range(rng.randint(3, 7)))


def bullets(rng):
    return "\n".join(f"- **{rng.choice(NOUNS)}**: {clause(rng)}"
                     for _ in range(rng.randint(3, 6)))


def table(rng):
    rows = [f"| {rng.choice(NOUNS)} | {rng.randint(1, 999)} | "
            f"{rng.choice(ADJECTIVES)} |" for _ in range(5)]
    return "\n".join(["| part | value | kind |", "|---|---|---|"] + rows)


def code(rng):
    name, other = rng.sample(NOUNS, 2)
    return (f"```python\ndef update_{name}({other}, step={rng.randint(1, 9)}):"
            f"\n    # {clause(rng)}\n    error = {other}.target - "
            f"{other}.value\n    return error * step\n```")


def section(rng):
    parts = [f"## The {rng.choice(ADJECTIVES)} {rng.choice(NOUNS)}"]
    parts += [paragraph(rng) for _ in range(rng.randint(2, 4))]
    parts.append(rng.choice((bullets, table, code))(rng))
    parts.append(f":::note\n\n{sentence(rng)}\n\n:::")
    return "\n\n".join(parts)


def chapter(number):
    rng = random.Random(SEED * 1000 + number)
    head = (f"---\nsidebar_position: {number}\n---\n\n# Chapter {number}: "
            f"the {rng.choice(ADJECTIVES)} {rng.choice(NOUNS)}")
    return "\n\n".join([head] + [section(rng)
                                 for _ in range(rng.randint(4, 8))]) + "\n"


def write(folder):
    (folder / "docs").mkdir(parents=True, exist_ok=True)
    for number in range(1, CHAPTERS + 1):
        path = folder / "docs" / f"chapter-{number:02}.md"
        path.write_text(chapter(number))
    pages = folder / "src" / "pages"
    pages.mkdir(parents=True, exist_ok=True)
    (pages / "index.md").write_text(
        "# A book to measure\n\nBegin with [chapter 1](/docs/chapter-01).\n")
