# SPDX-License-Identifier: Apache-2.0
"""Tokens for other services, and the keys that verify them."""
import re
import subprocess

import accounts
import load
import rows
import servers

TITLE = "Tokens and keys: CPU time a request"
CONNECTIONS = 64
FRESH_MS, KEYS_RATIO = 0.23, 1.4


def fresh(server, count, rounds):
    """A file for each round, no session in two of them."""
    paths = []
    for turn in range(rounds + 1):
        path = load.request_file(server, f"token-{turn}", accounts.asks(
            server, "/api/auth/token", accounts.some(count, turn)),
            alike=True)
        paths.append(path)
    return paths


def reused(server):
    return load.request_file(server, "token", accounts.asks(
        server, "/api/auth/token", accounts.some(50, 99)))


def keys(server):
    return load.request_file(server, "keys", [
        load.request(server, "/api/auth/jwks", Cookie=None)])


def signature_us():
    """What one signature takes by itself, in the same minute."""
    said = subprocess.run(
        ["openssl", "speed", "-seconds", "1", "rsa2048"], check=True,
        capture_output=True, text=True, preexec_fn=servers.on_processor(-1))
    return 1e6 * float(re.search(r"bits ([\d.]+)s", said.stdout)[1])


def lines_of(what, seen):
    lines = []
    for name, figures in seen.items():
        ratio = load.ratios(seen, name, "bookplate")
        lines.append([what, name, rows.each(figures),
                      "" if name == "bookplate" else rows.spread(ratio),
                      f"{load.median(figures, 'p50_us') / 1000:.2f}",
                      f"{load.median(figures, 'p99_us') / 1000:.2f}"])
    return lines


def measure(quick):
    count, rounds = (5000, 3) if quick else (20000, 5)
    some = 500 if quick else 2000
    databases = accounts.Databases("sqlite")
    ours, original = databases.ours(), databases.original()
    new = load.in_turns(
        [(ours, fresh(ours, some, rounds)),
         (original, fresh(original, some // 4, rounds))], CONNECTIONS,
        {ours.name: some, original.name: some // 4}, rounds, "spin")
    alone = signature_us()
    kept = load.in_turns([(ours, reused(ours))], CONNECTIONS, count, rounds,
                         "spin")
    raw = servers.raw_epoll()
    peers = [(ours, keys(ours)), (original, keys(original))]
    if raw:
        peers.append((raw, keys(raw)))
    known = load.in_turns(peers, CONNECTIONS, {
        ours.name: count, original.name: count // 20, "raw epoll": count},
        rounds, "spin")
    servers.stop_all()
    cost = load.median(new["bookplate"]) / 1000
    results = [rows.met("/token, a new one (ms)", FRESH_MS, cost,
                        f"{cost:.3f}")]
    if raw:
        ratio = load.ratios(known, "bookplate", "raw epoll")
        results.append(rows.met("/jwks / raw epoll", KEYS_RATIO, ratio[0],
                                rows.spread(ratio)))
    table = ("", ["what", "server", "CPU us a request", "server / bookplate: "
                  "median (least to greatest)", "p50 ms", "p99 ms"],
             lines_of("/token, new", new) + lines_of("/token, reused", kept) +
             lines_of("/jwks", known))
    notes = [f"On SQLite, {CONNECTIONS} connections, one loop, RS256 with "
             "2048 bits. New: each session asks once, so that all are "
             "signed. Reused: 50 sessions in turn, whose tokens are at most "
             "60 s old. openssl speed, in the same minute: "
             f"{alone:.0f} us a signature. The raw epoll server answers any bytes with the same "
             "400-byte body."]
    return results, [table], notes
