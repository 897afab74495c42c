# SPDX-License-Identifier: Apache-2.0
"""Reads the tables the program is made from: rows such as NAME(a, "b" "c")."""
import re

import c_source

# A literal may hold what looks like a comment: "https://*.example.org".
PROSE = re.compile(r'"(?:\\.|[^"\\])*"|/\*.*?\*/', re.S)
LITERAL = re.compile(r'"((?:\\.|[^"\\])*)"')


def split_row(text):
    """The arguments of a row, up to its closing bracket."""
    words, word, depth = [], "", 0
    for piece in re.findall(r'"(?:\\.|[^"\\])*"|.', text, re.S):
        depth += (piece == "(") - (piece == ")")
        if depth < 0 or (piece == "," and depth == 0):
            words.append(word.strip())
            word = ""
        else:
            word += piece
        if depth < 0:
            break
    return [plain(word) for word in words]


def plain(word):
    """Literals in a row are one text; anything else stays as written."""
    pieces = LITERAL.findall(word)
    return re.sub(r"\\(.)", r"\1", "".join(pieces)) if pieces else word


def read(root, path, macro):
    """Every row of one table, as lists of texts."""
    text = PROSE.sub(lambda m: m[0] if m[0][0] == '"' else "",
                     c_source.read(root, path))
    starts = re.finditer(rf"^{macro}\(", text, re.M)
    return [split_row(text[start.end():]) for start in starts]
