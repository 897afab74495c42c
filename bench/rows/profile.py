# SPDX-License-Identifier: Apache-2.0
"""What it costs to know a reader, and a thousand of them at once."""
import json

import accounts
import load
import rows
import servers

TITLE = "Readers: profile and progress"
CONNECTIONS, READERS = 64, 40
PROFILE_MS = 0.03
# The crowd: so many readers, each with a request every so often, for a second
# and more of think time between two.
CROWD, PACE_US, P99_MS = 1000, 1000000, 50
LEVELS = ("beginner", "intermediate", "expert")


def put(server, path, body, number):
    return load.request(
        server, path, "PUT", json.dumps(body).encode(),
        Cookie=accounts.cookie(number), Content_Type="application/json",
        Origin=f"http://127.0.0.1:{server.port}")


def answers(server, number, turn):
    return put(server, "/api/profile", {"answers": {
        "software_experience": LEVELS[(number + turn) % 3],
        "programming_background": "basic",
        "hardware_knowledge": "none"}}, number)


def progress(server, number, turn):
    return put(server, "/api/progress", {
        "page": f"/docs/chapter-{turn % 20}", "state": "reading",
        "place": f"#part-{turn}"}, number)


def token(server, number):
    asked = load.request(server, "/auth/refresh", "POST",
                         Cookie=accounts.cookie(number), Content_Length="0",
                         Origin=f"http://127.0.0.1:{server.port}")
    return json.loads(load.ask(server, asked)[":body"])["session_token"]


def any_answer(server, name, requests):
    """A file for requests whose answers differ from time to time."""
    path = servers.WORK / f"{name}-{server.port}.requests"
    path.write_bytes(b"".join(
        f"0 0 {len(raw)}\n".encode() + raw for raw in requests))
    return path


def by_token(server, path, numbers):
    return [load.request(server, path, Cookie=None,
                         Authorization=f"Bearer {token(server, i)}")
            for i in numbers]


def costs(databases, quick):
    """{what: figures of each round}."""
    ours = databases.ours()
    numbers = accounts.some(READERS)
    for number in numbers:
        load.ask(ours, answers(ours, number, 0))
        load.ask(ours, progress(ours, number, 0))
    peers = [
        (ours, any_answer(ours, "profile", accounts.asks(
            ours, "/api/profile", numbers)), "GET /api/profile, cookie"),
        (ours, any_answer(ours, "token", by_token(
            ours, "/api/profile", numbers)), "GET /api/profile, token"),
        (ours, any_answer(ours, "me", by_token(
            ours, "/auth/me", numbers)), "GET /auth/me, token"),
        (ours, any_answer(ours, "session", accounts.asks(
            ours, "/api/auth/get-session", numbers)), "get-session, cookie"),
        (ours, any_answer(ours, "put", [
            answers(ours, number, turn) for turn in (1, 2)
            for number in numbers]), "PUT /api/profile, cookie"),
        (ours, any_answer(ours, "progress", [
            progress(ours, number, turn) for turn in range(20)
            for number in numbers]), "PUT /api/progress, cookie")]
    count, rounds = (4000, 2) if quick else (20000, 5)
    counts = {name: count if "PUT" not in name else count // 10
              for _, _, name in peers}
    spin = "spin" if not databases.cluster else 0
    seen = load.in_turns(peers, CONNECTIONS, counts, rounds, spin)
    ours.stop()
    for name, figures in seen.items():
        for one in figures:
            if one["good"] != one["answers"]:
                raise SystemExit(f"{name}: answers other than 200")
    return seen


def mix(server):
    """Of ten requests of a reader seven read and two write."""
    requests = []
    for turn, number in enumerate(accounts.some(CROWD)):
        kind = turn % 10
        if kind < 7:
            requests += accounts.asks(server, "/api/profile", [number])
        elif kind < 8:
            requests += by_token(server, "/auth/me", [number])
        elif kind < 9:
            requests.append(progress(server, number, turn))
        else:
            requests.append(answers(server, number, turn))
    return any_answer(server, "mix", requests)


def crowd(databases, quick):
    """All at once with time to think, then as fast as they are answered."""
    server = databases.ours(pinned=False)
    file = mix(server)
    for number in accounts.some(CROWD):
        load.ask(server, answers(server, number, 0))
    calm = load.once(server, file, CROWD, CROWD * (5 if quick else 20),
                     PACE_US)
    rush = load.once(server, file, CROWD, CROWD * (5 if quick else 20))
    memory = server.rss_kib() / 1024
    server.stop()
    return calm, rush, memory


def cost_lines(engine, seen):
    return [[engine, name, rows.each(figures), rows.each(figures,
                                                         "database_us"),
             f"{load.median(figures, 'p50_us') / 1000:.2f}",
             f"{load.median(figures, 'p99_us') / 1000:.2f}"]
            for name, figures in seen.items()]


def crowd_line(engine, what, seen):
    return [engine, what, f"{seen['answers'] / seen['seconds']:.0f}",
            str(seen["answers"] - seen["good"]),
            f"{seen['p50_us'] / 1000:.2f}", f"{seen['p99_us'] / 1000:.2f}",
            f"{seen['max_us'] / 1000:.1f}", f"{seen['cpu_us']:.1f}"]


def verdicts(engine, seen, calm, rush):
    results = [
        rows.met(f"{CROWD} readers, {engine}: answers other than 200", 0,
                 calm["answers"] - calm["good"],
                 str(calm["answers"] - calm["good"])),
        rows.met(f"{CROWD} readers, {engine}: p99 (ms)", P99_MS,
                 calm["p99_us"] / 1000, f"{calm['p99_us'] / 1000:.2f}"),
        rows.met(f"{CROWD} readers without a pause, {engine}: answers other "
                 "than 200", 0, rush["answers"] - rush["good"],
                 str(rush["answers"] - rush["good"]))]
    if engine == "SQLite":
        for how in ("cookie", "token"):
            cost = load.median(seen[f"GET /api/profile, {how}"]) / 1000
            results.append(rows.met(
                f"GET /api/profile, {how}, {engine} (ms)", PROFILE_MS, cost,
                f"{cost:.4f}"))
    return results


def measure(quick):
    costs_of, crowds, results = [], [], []
    for engine in ("SQLite", "Postgres"):
        databases = accounts.Databases(engine.lower())
        seen = costs(databases, quick)
        calm, rush, memory = crowd(databases, quick)
        costs_of += cost_lines(engine, seen)
        crowds += [crowd_line(engine, "a request a second each", calm),
                   crowd_line(engine, f"no pause; {memory:.0f} MiB", rush)]
        results += verdicts(engine, seen, calm, rush)
        servers.stop_all()
    tables = [
        ("One loop", ["database", "request", "CPU us a request",
                      "CPU us of the database", "p50 ms", "p99 ms"], costs_of),
        (f"{CROWD} readers", ["database", "pace", "requests a second",
                              "not 200", "p50 ms", "p99 ms", "longest ms",
                              "CPU us a request"], crowds)]
    notes = [f"{READERS} readers of {accounts.USERS} in turn over "
             f"{CONNECTIONS} connections; a profile has three answers, sealed "
             "at rest. A token is verified (RS256) and its session looked up "
             "each time. A write is durable before it is answered.",
             f"The crowd: {CROWD} connections, a reader each; of ten requests "
             "seven are GET /api/profile, one GET /auth/me with a token, one "
             "PUT /api/progress, one PUT /api/profile."]
    return results, tables, notes
