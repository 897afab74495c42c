# SPDX-License-Identifier: Apache-2.0
"""What it costs to say who somebody is."""
import accounts
import load
import rows
import servers

TITLE = "get-session: CPU time a request"
# So many sessions are asked for in turn: a few as the bars were set with, and
# more than any cache of ours holds.
CONNECTIONS, SESSIONS, SPREAD = 64, 40, 4000
SQLITE_MS, POSTGRES_MS, DATABASE_MS, TIMES = 0.018, 0.03, 0.02, 60
PATH = "/api/auth/get-session"


def files(server, name="session", sessions=SESSIONS):
    return load.request_file(server, name, accounts.asks(
        server, PATH, accounts.some(sessions)), alike=True)


def anonymous(server):
    return load.request_file(server, "anonymous", [
        load.request(server, PATH, Cookie=None)])


def lines_of(engine, seen):
    lines = []
    for name, figures in seen.items():
        ratio = load.ratios(seen, name, "bookplate")
        lines.append([engine, name, rows.each(figures),
                      rows.each(figures, "database_us"),
                      "" if name == "bookplate" else rows.spread(ratio),
                      f"{load.median(figures, 'p50_us') / 1000:.2f}",
                      f"{load.median(figures, 'p99_us') / 1000:.2f}"])
    return lines


def verdicts(engine, seen, spread):
    ours = seen["bookplate"]
    cost, wide = load.median(ours) / 1000, load.median(spread) / 1000
    ratio = load.ratios(seen, "better-auth", "bookplate")
    if engine == "SQLite":
        return [
            rows.met(f"get-session, {engine} (ms)", SQLITE_MS, cost,
                     f"{cost:.4f}"),
            rows.met(f"get-session, {engine}, {SPREAD} sessions in turn (ms)",
                     SQLITE_MS, wide, f"{wide:.4f}"),
            rows.met(f"get-session, {engine}: better-auth / bookplate", TIMES,
                     ratio[0], rows.spread(ratio), at_most=False)]
    database = load.median(ours, "database_us") / 1000
    return [rows.met(f"get-session, {engine}, the server (ms)", POSTGRES_MS,
                     cost, f"{cost:.4f}"),
            rows.met(f"get-session, {engine}, the database (ms)", DATABASE_MS,
                     database, f"{database:.4f}")]


def of_engine(engine, quick):
    databases = accounts.Databases(engine.lower())
    ours, original = databases.ours(), databases.original()
    limited = databases.ours("bookplate, limiter on", RATE_LIMIT="memory",
                             RATE_LIMIT_MAX="1000000",
                             RATE_LIMIT_WINDOW="24h")
    spread = databases.ours(f"bookplate, {SPREAD} sessions")
    count, rounds = (5000, 3) if quick else (20000, 5)
    peers = [(server, files(server)) for server in (ours, original, limited)]
    peers += [
        (spread, files(spread, "spread", SPREAD)),
        (ours, anonymous(ours), "bookplate, no cookie"),
        (ours, load.request_file(ours, "health", [
            load.request(ours, "/healthz")]), "bookplate, /healthz")]
    counts = {peer[-1] if len(peer) > 2 else peer[0].name: count
              for peer in peers}
    seen = load.in_turns(peers, CONNECTIONS,
                         {**counts, original.name: count // 20}, rounds,
                         "spin" if engine == "SQLite" else 0)
    servers.stop_all()
    return lines_of(engine, seen), verdicts(engine, seen, seen[spread.name])


def measure(quick):
    lines, results = [], []
    for engine in ("SQLite", "Postgres"):
        more, verdict = of_engine(engine, quick)
        lines += more
        results += verdict
    table = ("", ["database", "server", "CPU us a request",
                  "CPU us of the database", "server / bookplate: median "
                  "(least to greatest)", "p50 ms", "p99 ms"], lines)
    notes = [f"GET {PATH} with a signed cookie, {CONNECTIONS} connections, "
             f"{SESSIONS} sessions of {accounts.USERS} in turn, one loop, "
             "RATE_LIMIT=off. better-auth: 1.7.7 on Hono, with the jwt plugin "
             "but no token in the answer, its limits off as well; on SQLite "
             "with synchronous NORMAL where bookplate has FULL. The database "
             f"is Debian's PostgreSQL 15 as it comes. {SPREAD} sessions in "
             "turn are more than SQLite's page cache holds: the kernel is "
             "asked for most pages. /healthz shows what the machine takes for "
             "the least request in the same rounds. With SQLite who asks never "
             "sleeps, so that no answer has to wake it; PostgreSQL needs the "
             "processor."]
    return results, [table], notes
