# SPDX-License-Identifier: Apache-2.0
"""How soon the server answers, and how large it is."""
import socket
import statistics
import time

import accounts
import load
import rows
import servers

TITLE = "Start and size"
START_MS, IDLE_MIB, BINARY_MIB = 20, 8, 1
SETTLE_S, GIVE_UP_S = 1.5, 10


def is_ready(server, raw):
    try:
        with socket.create_connection(("127.0.0.1", server.port)) as asked:
            asked.sendall(raw)
            return asked.recv(4096).startswith(b"HTTP/1.1 200 ")
    except ConnectionRefusedError:
        return False


def ready_ms(env):
    """From the fork to the first 200."""
    began = time.perf_counter()
    server = servers.bookplate(wait=False, pinned=False, **env)
    raw = load.request(server, "/readyz")
    while not is_ready(server, raw):
        if time.perf_counter() - began > GIVE_UP_S:
            raise SystemExit("it does not get ready")
        time.sleep(0.0002)
    took = (time.perf_counter() - began) * 1000
    server.stop()
    return took


def idle_mib(env):
    """At rest, after an answer that took a look at the database."""
    server = servers.bookplate(pinned=False, **env)
    load.ask(server, load.request(server, "/healthz"))
    if "BETTER_AUTH_SECRET" in env:
        load.ask(server, accounts.asks(server, "/api/auth/get-session",
                                       [1])[0])
    time.sleep(SETTLE_S)
    rss = server.rss_kib() / 1024
    server.stop()
    return rss


def of_database(name, env, quick):
    runs = sorted(ready_ms(env) for _ in range(5 if quick else 20))
    start, rss = statistics.median(runs), idle_mib(env)
    return [
        rows.met(f"Cold start to the first 200, {name} (ms)", START_MS, start,
                 f"{start:.1f} ({runs[0]:.1f} to {runs[-1]:.1f})"),
        rows.met(f"RSS at rest, {name} (MiB)", IDLE_MIB, rss, f"{rss:.1f}")]


def measure(quick):
    filled = accounts.Databases("sqlite").copy("start")
    size = servers.PROGRAM.stat().st_size / (1 << 20)
    results = of_database("default settings", {"LOOPS": "0"}, quick)
    results += of_database(
        f"{accounts.USERS} users", {
            "LOOPS": "0", "DATABASE_URL": f"sqlite:{filled}",
            "BETTER_AUTH_SECRET": accounts.SECRET}, quick)
    results.append(rows.met("Stripped program, without libraries (MiB)",
                            BINARY_MIB, size, f"{size:.2f}"))
    notes = [f"Start: fork and exec to the answer of /readyz, "
             f"{5 if quick else 20} times, median (least to greatest); asking "
             "is tried every 0.2 ms. The program's own files are in the page "
             "cache, and so is the database, an SQLite file that has its "
             "tables."]
    return results, [], notes
