# SPDX-License-Identifier: Apache-2.0
"""Where the functions of a C file are and how deep they go.

Reads code as clang-format leaves it (a body's braces stand in column 0), with
the comments and literals blanked by c_source.code_of.
"""
import re

# A block opens after ")", else, do, a case label or on its own; an initialiser
# or a compound literal opens after "=", "," or without a space after ")".
BLOCK = re.compile(r"(\) |else |do |: |^\s*)\{\s*$")
NAME = re.compile(r"(\w+)\s*\((?!\()")


def name_and_parameters(signature):
    """The first name with a bracket, and the commas in that bracket plus one."""
    text = " ".join(signature).replace("__attribute__", "")
    start = NAME.search(text)
    if start is None:
        return "a block", 0
    depth, commas, inside = 0, 0, ""
    for char in text[start.end() - 1:]:
        depth += (char == "(") - (char == ")")
        commas += char == "," and depth == 1
        inside += char
        if depth == 0:
            break
    return start[1], 0 if inside in ("()", "(void)") else commas + 1


def deepest(body):
    """Of blocks only; braces of data are not nesting."""
    stack, most = [], 0
    for line in body:
        for at, char in enumerate(line):
            if char == "{":
                stack.append(bool(BLOCK.search(line[:at + 1])))
                most = max(most, sum(stack))
            elif char == "}" and stack:
                stack.pop()
    return most


def extents(code):
    """(first line of the signature, line of "{", line of "}"), from 0."""
    opened = None
    for number, line in enumerate(code):
        if line.rstrip() == "{":
            opened = number
        elif line.startswith("}") and opened is not None:
            first = opened
            while first > 0 and code[first - 1].strip() and not re.match(
                    r"#|.*[;}]\s*$", code[first - 1]):
                first -= 1
            yield first, opened, number
            opened = None
