# SPDX-License-Identifier: Apache-2.0
"""What the checks share: which files there are, and C without its prose."""
import os
import pathlib
import re
import subprocess

# Comments, string and character literals; what they hold is not code.
PROSE = re.compile(
    r"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.S)


def files(root):
    """All files of the project but those git ignores, in order."""
    listed = subprocess.run(
        ["git", "-C", root, "ls-files", "-co", "--exclude-standard", "-z"],
        check=True, capture_output=True, text=True).stdout
    paths = (pathlib.Path(name) for name in set(listed.split("\0")) if name)
    return sorted(p for p in paths if os.path.isfile(os.path.join(root, p)))


def read(root, path):
    """The text of a file; None when it is not text."""
    data = pathlib.Path(root, path).read_bytes()
    return None if b"\0" in data else data.decode("utf-8", "replace")


def _blank(match):
    text = match[0]
    if text[0] in "\"'":
        return text[0] + "_" * (len(text) - 2) + text[0]
    return re.sub(r"[^\n]", " ", text)


def code_of(text):
    """The same lines and columns with comments and literals blanked."""
    return PROSE.sub(_blank, text)


def finish(breaches):
    """Prints each (path, line, text) and gives the exit code."""
    for path, line, text in breaches:
        print(f"{path}:{line}: {text}")
    return 1 if breaches else 0
