# SPDX-License-Identifier: Apache-2.0
"""Databases with a hundred thousand users, and servers that have them open.

Each user has an account with a password and one session that lasts past the
run. Whatever is random in earnest is a digest of the user's number here, so
that both databases hold the same and a cookie needs no look at them.
"""
import base64
import hashlib
import hmac
import json
import os
import shutil
import sqlite3
import subprocess
import urllib.parse

import load
import postgres
import servers

USERS = 100000
SECRET = "the secret of the benchmarks, known to all"
PASSWORD = "correct horse battery staple"
SALT = "00112233445566778899aabbccddeeff"
SOURCE = servers.ROOT / "bench" / "original"
ORIGINAL = servers.WORK / "original"
FILLED = servers.WORK / "filled.db"
DAY = 86400000

# The same tables in the same order for both engines.
ROWS = {
    "user": '"id", "name", "email", "emailVerified", "createdAt", "updatedAt"',
    "account": '"id", "accountId", "providerId", "userId", "password", '
               '"createdAt", "updatedAt"',
    "session": '"id", "expiresAt", "token", "createdAt", "updatedAt", '
               '"ipAddress", "userAgent", "userId"',
}
POSTGRES_ROWS = {
    "user": "md5('user' || i), 'Reader ' || lpad(i::text, 6, '0'), 'r' || "
            "lpad(i::text, 6, '0') || '@example.org', true, now(), now()",
    "account": "md5('account' || i), md5('user' || i), 'credential', "
               "md5('user' || i), '{hashed}', now(), now()",
    "session": "md5('session' || i), now() + interval '7 days', "
               "md5('token' || i), now(), now(), '127.0.0.1', 'bench', "
               "md5('user' || i)",
}


def name_of(what, number):
    return hashlib.md5(f"{what}{number}".encode()).hexdigest()


def hashed():
    key = hashlib.scrypt(PASSWORD.encode(), salt=SALT.encode(), n=16384, r=16,
                         p=1, dklen=64, maxmem=1 << 26)
    return f"{SALT}:{key.hex()}"


def program(address, *words):
    subprocess.run([servers.PROGRAM, *words], check=True, cwd=servers.WORK,
                   stdout=subprocess.DEVNULL,
                   env={**os.environ, "DATABASE_URL": address})


def sqlite_rows(now, later, password):
    """{table: rows} of one user after the other."""
    for i in range(1, USERS + 1):
        user = name_of("user", i)
        yield {
            "user": (user, f"Reader {i:06}", f"r{i:06}@example.org", 1, now,
                     now),
            "account": (name_of("account", i), user, "credential", user,
                        password, now, now),
            "session": (name_of("session", i), later, name_of("token", i),
                        now, now, "127.0.0.1", "bench", user),
        }


def fill_sqlite():
    """A new file with all rows; the servers get copies of it."""
    for file in servers.WORK.glob(f"{FILLED.name}*"):
        file.unlink()
    program(f"sqlite:{FILLED}", "migrate")
    database = sqlite3.connect(FILLED)
    now, later = database.execute(
        "SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), "
        "strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+7 days')").fetchone()
    rows = list(sqlite_rows(now, later, hashed()))
    for table, columns in ROWS.items():
        marks = ", ".join("?" for _ in columns.split(", "))
        database.executemany(
            f'INSERT INTO "{table}" ({columns}) VALUES ({marks})',
            (row[table] for row in rows))
    database.commit()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def fill_postgres(cluster):
    """The name of a database with all rows, to be copied."""
    name = cluster.create()
    program(cluster.address(name), "migrate")
    password = hashed()
    for table, columns in ROWS.items():
        values = POSTGRES_ROWS[table].format(hashed=password)
        cluster.run(name, f'INSERT INTO "{table}" ({columns}) SELECT '
                    f"{values} FROM generate_series(1, {USERS}) AS i")
    cluster.run(name, "VACUUM ANALYZE")
    return name


class Databases:
    """The filled databases; copy(server's name) is an address of its own."""

    def __init__(self, engine):
        self.engine, self.cluster = engine, None
        if engine == "postgres":
            self.cluster = postgres.Cluster()
            self.filled = fill_postgres(self.cluster)
        else:
            fill_sqlite()

    def copy(self, name):
        if self.cluster:
            return self.cluster.address(self.cluster.create(self.filled))
        for file in servers.WORK.glob(f"{name}.db*"):
            file.unlink()
        return shutil.copyfile(FILLED, servers.WORK / f"{name}.db")

    def ours(self, name="bookplate", **env):
        """Ours, in use: somebody has signed in, so that there is a log."""
        address = self.copy(name)
        if not self.cluster:
            address = f"sqlite:{address}"
        settings = {"DATABASE_URL": address, "BETTER_AUTH_SECRET": SECRET,
                    "BETTER_AUTH_URL": "http://127.0.0.1:{port}",
                    "RATE_LIMIT": "off", **env}
        server = servers.bookplate(name, **settings)
        load.ask(server, sign_ins(server, [USERS])[0])
        return self.with_database(server)

    def original(self, name="better-auth"):
        install()
        port = servers.free_port()
        server = servers.Server(
            name, ["node", "server.mjs"], port,
            {"PORT": str(port), "SECRET": SECRET, "NODE_ENV": "production",
             "DATABASE": str(self.copy(name))},
            cwd=ORIGINAL, stdout=subprocess.DEVNULL)
        return self.with_database(server.wait())

    def with_database(self, server):
        server.database = self.cluster and self.cluster.server
        return server


def install():
    """The original and what it runs on, from npm, under build/bench."""
    fresh = all((ORIGINAL / file.name).exists() and
                (ORIGINAL / file.name).read_bytes() == file.read_bytes()
                for file in SOURCE.iterdir() if file.is_file())
    if fresh and (ORIGINAL / "node_modules" / "better-auth").exists():
        return
    print("accounts: installing the original with npm", flush=True)
    shutil.copytree(SOURCE, ORIGINAL, dirs_exist_ok=True,
                    ignore=shutil.ignore_patterns("node_modules"))
    done = subprocess.run(["npm", "ci"], cwd=ORIGINAL, capture_output=True,
                          stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise SystemExit(f"npm ci failed: {done.stderr.decode()[-400:]}")


def cookie(number):
    """The session cookie of that user, as a browser sends it."""
    token = name_of("token", number)
    mac = hmac.digest(SECRET.encode(), token.encode(), "sha256")
    value = urllib.parse.quote(f"{token}.{base64.b64encode(mac).decode()}",
                               safe="")
    return f"better-auth.session_token={value}"


def some(count, turn=0):
    """So many users spread over all of them; others each turn, up to 24."""
    step = USERS // count
    return range(1 + turn % step, USERS + 1, step)


def asks(server, path, numbers):
    return [load.request(server, path, Cookie=cookie(i)) for i in numbers]


def sign_ins(server, numbers):
    return [load.request(
        server, "/api/auth/sign-in/email", "POST",
        json.dumps({"email": f"r{i:06}@example.org",
                    "password": PASSWORD}).encode(),
        Cookie=None, Content_Type="application/json",
        Origin=f"http://127.0.0.1:{server.port}") for i in numbers]
