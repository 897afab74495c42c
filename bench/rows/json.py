# SPDX-License-Identifier: Apache-2.0
"""The smallest JSON route against nothing but epoll, and against nginx."""
import load
import rows
import servers

TITLE = "Smallest JSON route: CPU time a request"
CONNECTIONS = (64, 1000)


def nginx_with(body):
    return servers.nginx(
        "nginx", f"default_type application/json; "
        f"location / {{ return 200 '{body}'; }}")


def compare(peers, connections, quick):
    count, rounds = (20000, 3) if quick else (100000, 9)
    seen = load.in_turns(peers, connections, count, rounds)
    lines, results = [], []
    for name, figures in seen.items():
        ratio = load.ratios(seen, "bookplate", name)
        lines.append([str(connections), name,
                      f"{load.median(figures):.2f}",
                      "" if name == "bookplate" else rows.spread(ratio),
                      f"{load.median(figures, 'p50_us') / 1000:.2f}",
                      f"{load.median(figures, 'p99_us') / 1000:.2f}"])
        if name != "bookplate":
            results.append(rows.met(
                f"CPU a request / that of {name}, {connections} connections",
                1.3 if name == "raw epoll" else 1.0, ratio[0],
                rows.spread(ratio)))
    return lines, results


def measure(quick):
    ours = servers.bookplate()
    body = load.ask(ours, load.request(ours, "/healthz"))[":body"].decode()
    started = [ours, servers.raw_epoll(), nginx_with(body)]
    peers = [(server, load.request_file(server, "json", [
        load.request(server, "/healthz")])) for server in started if server]
    lines, results = [], []
    for connections in CONNECTIONS:
        more, verdicts = compare(peers, connections, quick)
        lines += more
        results += verdicts
    size = len(load.request(ours, "/healthz"))
    for server, _ in peers:
        server.stop()
    table = ("", ["connections", "server", "CPU us a request",
                  "bookplate / server: median (least to greatest)",
                  "p50 ms", "p99 ms"], lines)
    notes = [f"GET /healthz with a browser's head of {size} bytes, keep-alive, "
             "one loop, one nginx worker; LOOPS=1. The raw epoll server "
             "answers any bytes with the same 400-byte body and looks at "
             "nothing."]
    return results, [table], notes
