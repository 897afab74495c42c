# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL cluster for one run, in a temporary folder."""
import os
import pathlib
import pwd
import signal
import subprocess
import tempfile
import time

import servers

INSTALLED = pathlib.Path("/usr/lib/postgresql")


def programs():
    versions = sorted(INSTALLED.glob("*/bin"),
                      key=lambda path: float(path.parent.name))
    if not versions:
        raise SystemExit("PostgreSQL is not installed: tools/setup bench")
    return versions[-1]


def owner():
    """PostgreSQL refuses to run as root: then it runs as Debian's user."""
    if os.getuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid}


class Cluster:
    """Debian's server as it comes, fsync on; stopped with all servers.

    Only autovacuum is off: it would come and go, and its time with it.
    """

    def __init__(self):
        self.port, self.programs = servers.free_port(), programs()
        self.made = 0
        folder = tempfile.mkdtemp(prefix="bench-postgres-")
        user = owner()
        if user:
            os.chown(folder, user["user"], user["group"])
        subprocess.run(
            [self.programs / "initdb", "-D", f"{folder}/data", "-U", "bench",
             "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"],
            check=True, stdout=subprocess.DEVNULL, cwd=folder, **user)
        self.server = servers.Server(
            "postgres", [self.programs / "postgres", "-D", f"{folder}/data",
                         "-p", self.port, "-c", "listen_addresses=127.0.0.1",
                         "-c", "unix_socket_directories=",
                         "-c", "autovacuum=off"],
            self.port, pinned=False, cwd=folder, **user)
        self.server.temporary = folder
        self.server.signal = signal.SIGINT  # with SIGTERM it waits for clients
        self.wait()

    def wait(self):
        ask = [self.programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p",
               str(self.port)]
        deadline = time.monotonic() + 30
        while subprocess.run(ask).returncode != 0:
            if time.monotonic() > deadline:
                raise SystemExit("PostgreSQL does not start")
            time.sleep(0.05)

    def run(self, database, statement):
        subprocess.run(
            [self.programs / "psql", "-q", "-h", "127.0.0.1", "-p",
             str(self.port), "-U", "bench", "-d", database,
             "-v", "ON_ERROR_STOP=1", "-c", statement], check=True)

    def create(self, template="template0"):
        """Makes a database, and gives its name."""
        self.made += 1
        name = f"bench_{self.made}"
        self.run("postgres", f"CREATE DATABASE {name} TEMPLATE {template}")
        self.run("postgres", "CHECKPOINT")
        return name

    def address(self, name):
        return f"postgresql://bench@127.0.0.1:{self.port}/{name}"
