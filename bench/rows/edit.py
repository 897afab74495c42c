# SPDX-License-Identifier: Apache-2.0
"""How long a developer waits after an edit."""
import subprocess
import time

import rows
import servers

TITLE = "The developer's loop"
SECONDS = 30
EDITED = "src/http/serve.c"


def seconds(*command):
    began = time.monotonic()
    subprocess.run(command, cwd=servers.ROOT, check=True,
                   stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def once():
    (servers.ROOT / EDITED).touch()
    return (seconds("ninja", "-C", "build/debug"),
            seconds("meson", "test", "-C", "build/debug", "--quiet"))


def measure(quick):
    seconds("make", "--no-print-directory", "build/debug/build.ninja")
    seconds("ninja", "-C", "build/debug")
    runs = sorted((once() for _ in range(1 if quick else 3)), key=sum)
    build, test = runs[len(runs) // 2]
    result = rows.met("An edit of one file, rebuilt and unit-tested (s)",
                      SECONDS, build + test,
                      f"{build + test:.1f} (build {build:.1f}, tests "
                      f"{test:.1f})")
    return [result], [], [f"{EDITED} is touched; ninja -C build/debug, then "
                          "meson test -C build/debug; wall time, median of "
                          f"{len(runs)}. The whole of `make test` is timed "
                          "by hand: time make test."]
