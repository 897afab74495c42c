# SPDX-License-Identifier: Apache-2.0
"""What a sign-in costs, and what a crowd of them does to the others."""
import threading
import time

import accounts
import load
import rows
import servers
from rows import scrypt

TITLE = "Signing in"
CONNECTIONS, CROWD = 64, 1000
REST_MIB, LANE_MIB, PROBE_MS, PACE_US = 40, 32, 20, 5000
SETTLE_S = 30
# The widest batch of one hashing thread: SCRYPT_MAX_WIDTH.
MOST_LANES = 12


def best_path():
    """The fastest of bench_scrypt's paths that this machine has."""
    with open("/proc/cpuinfo") as text:
        flags = text.read()
    return next((name for name, flag in (("avx512", "avx512f"),
                                         ("avx2", " avx2"))
                 if flag in flags), None)


def sign_in_file(server, name, count, any_answer=False):
    requests = accounts.sign_ins(server, accounts.some(count, 7))
    if any_answer:
        path = servers.WORK / f"{name}-{server.port}.requests"
        path.write_bytes(b"".join(
            f"0 0 {len(raw)}\n".encode() + raw for raw in requests))
        return path
    return load.request_file(server, name, requests, alike=True)


def cost(databases, quick):
    ours = databases.ours(HASH_THREADS="1")
    original = databases.original()
    count, rounds = (64, 1) if quick else (256, 3)
    seen = load.in_turns(
        [(server, sign_in_file(server, "sign", 250))
         for server in (ours, original)], CONNECTIONS,
        {ours.name: count, original.name: count // 2}, rounds)
    servers.stop_all()
    return seen


class Memory(threading.Thread):
    """Watches a server's memory until told to stop."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server, self.most, self.ended = server, 0, False
        self.start()

    def run(self):
        while not self.ended:
            self.most = max(self.most, self.server.rss_kib())
            time.sleep(0.02)

    def end(self):
        self.ended = True
        self.join()
        return self.most / 1024


def given_back(server, bar):
    """RSS when it has settled, and how long that took."""
    began = time.monotonic()
    while server.rss_kib() / 1024 > bar:
        if time.monotonic() - began > SETTLE_S:
            break
        time.sleep(0.1)
    return server.rss_kib() / 1024, time.monotonic() - began


def crowd(databases, queue):
    """One burst; get-session is asked for from before to after it."""
    server = databases.ours(HASH_QUEUE=str(queue), HASH_THREADS="1",
                            pinned=False)
    session = load.request_file(server, "probe", accounts.asks(
        server, "/api/auth/get-session", accounts.some(50)))
    burst = sign_in_file(server, "crowd", CROWD, any_answer=True)
    memory = Memory(server)
    probe = load.Load(server, session, 1, 1000000, PACE_US, pinned=False).go()
    signing = load.Load(server, burst, CROWD, CROWD, pinned=False).go()
    figures = {"burst": signing.result()}
    signing.end()
    probe.process.stdin.close()
    figures["probe"] = probe.result()
    probe.process.wait()
    figures["most"] = memory.end()
    figures["rest"], figures["after"] = given_back(server, REST_MIB)
    server.stop()
    return figures


def crowd_line(queue, seen):
    burst, probe = seen["burst"], seen["probe"]
    return [str(queue), str(burst["good"]), str(burst["shed"]),
            str(burst["answers"] - burst["good"] - burst["shed"]),
            f"{burst['seconds']:.1f}", str(probe["answers"]),
            f"{probe['p50_us'] / 1000:.2f}", f"{probe['p99_us'] / 1000:.2f}",
            f"{probe['max_us'] / 1000:.1f}", f"{seen['most']:.0f}",
            f"{seen['rest']:.0f} after {seen['after']:.0f} s"]


def crowd_results(queue, seen, lanes):
    burst, probe = seen["burst"], seen["probe"]
    lost = CROWD - burst["good"] - burst["shed"]
    memory = REST_MIB + LANE_MIB * lanes
    what = f"{CROWD} sign-ins at once, HASH_QUEUE={queue}: "
    return [
        rows.met(what + "neither done nor shed with 503 and Retry-After", 0,
                 lost, str(lost)),
        rows.met(what + "get-session p99 meanwhile (ms)", PROBE_MS,
                 probe["p99_us"] / 1000, f"{probe['p99_us'] / 1000:.2f}"),
        rows.met(what + f"most RSS, {lanes} hashes in flight (MiB)", memory,
                 seen["most"], f"{seen['most']:.0f}"),
        rows.met(what + "RSS afterwards (MiB)", REST_MIB, seen["rest"],
                 f"{seen['rest']:.0f}")]


def measure(quick):
    path = best_path()
    databases = accounts.Databases("sqlite")
    seen = cost(databases, quick)
    results = []
    if path:
        figure = load.median(seen["bookplate"]) / 1000
        results.append(rows.met(f"sign-in, {path} (ms)", scrypt.BARS_64[path],
                                figure, f"{figure:.1f}"))
    crowds = {queue: crowd(databases, queue)
              for queue in ((64,) if quick else (64, 4096))}
    for queue, figures in crowds.items():
        results += crowd_results(queue, figures, MOST_LANES)
    lines = [[name, rows.each(figures, scale=1000, digits=1),
              "" if name == "bookplate" else rows.spread(
                  load.ratios(seen, name, "bookplate")),
              f"{load.median(figures, 'p50_us') / 1e6:.2f}",
              f"{load.median(figures, 'max_us') / 1e6:.2f}"]
             for name, figures in seen.items()]
    tables = [(f"{CONNECTIONS} at a time",
               ["server", "CPU ms a sign-in", "server / bookplate: median "
                "(least to greatest)", "p50 s", "greatest s"], lines),
              (f"{CROWD} at once, and get-session every "
               f"{PACE_US // 1000} ms meanwhile",
               ["HASH_QUEUE", "signed in", "503 with Retry-After", "other",
                "done in s", "sessions asked", "p50 ms", "p99 ms",
                "greatest ms", "most RSS, MiB", "RSS at rest, MiB"],
               [crowd_line(*one) for one in crowds.items()])]
    notes = ["POST /api/auth/sign-in/email on SQLite with one hashing "
             "thread, each with a session written at the end. The crowd: "
             f"{CROWD} connections send at the same moment; nobody is "
             "pinned."]
    return results, tables, notes
