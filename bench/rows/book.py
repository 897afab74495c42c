# SPDX-License-Identifier: Apache-2.0
"""A built book, against nginx serving the same folder."""
import load
import rows
import servers
import site_build

TITLE = "Static book: requests a CPU second"
CONNECTIONS = 16
P50_MS = 1

NGINX = """sendfile on; tcp_nopush on; etag on; gzip_static on;"""
CACHE = " open_file_cache max=4096 inactive=600s; open_file_cache_valid 600s;"


def paths(folder):
    """As a reader asks for them: pages by their address, assets by name."""
    files = sorted(str(path.relative_to(folder)) for path in
                   folder.rglob("*") if path.suffix in (".html", ".js",
                                                        ".css"))
    pages = ["/" + name.removesuffix("index.html") for name in files
             if name.endswith("index.html")]
    return pages, ["/" + name for name in files if name.startswith("assets")]


def requests(server, mix, folder):
    pages, assets = paths(folder)
    chosen = pages if mix == "pages" else assets if mix == "assets" \
        else pages + assets
    for path in chosen:
        raw = load.request(server, path, accept_encoding="gzip")
        if mix == "conditional":
            tag = load.ask(server, raw)["ETag"]
            raw = load.request(server, path, accept_encoding="gzip",
                               if_none_match=tag)
        yield raw


def start(folder):
    place = f"root {folder}; index index.html;"
    return [servers.bookplate(SITE_DIR=str(folder)),
            servers.nginx("nginx", place, NGINX),
            servers.nginx("nginx, open_file_cache", place, NGINX + CACHE)]


def lengths(path):
    """Of the bodies expected, in the order asked for."""
    return tuple(line.split()[1] for line in path.read_bytes().splitlines()
                 if line[:4] in (b"200 ", b"304 "))


def compare(started, folder, mix, quick):
    status = 304 if mix == "conditional" else 200
    peers = [(server, load.request_file(
        server, mix, requests(server, mix, folder), status))
        for server in started]
    if len({lengths(path) for _, path in peers}) > 1:
        raise SystemExit(f"not the same bytes from all: {mix}")
    count, rounds = (5000, 3) if quick else (20000, 7)
    return load.in_turns(peers, CONNECTIONS, count, rounds)


def lines_of(what, seen, results):
    lines = []
    for name, figures in seen.items():
        rate = [{"rate": 1e6 / one["cpu_us"]} for one in figures]
        ratio = load.ratios(seen, name, "bookplate")
        lines.append([what, name, f"{load.median(rate, 'rate'):.0f}",
                      "" if name == "bookplate" else rows.spread(ratio),
                      f"{load.median(figures, 'p50_us') / 1000:.2f}",
                      f"{load.median(figures, 'p99_us') / 1000:.2f}"])
        if name != "bookplate":
            results.append(rows.met(
                f"{what}: rate a CPU second / that of {name}", 1.0,
                ratio[0], rows.spread(ratio), at_most=False))
    p50 = load.median(seen["bookplate"], "p50_us") / 1000
    results.append(rows.met(f"{what}: p50 (ms)", P50_MS, p50, f"{p50:.2f}"))
    return lines


def measure(quick):
    site_build.build()
    lines, results = [], []
    for name, folder in (("plain", site_build.PLAIN),
                         ("compressed", site_build.PACKED)):
        started = start(folder)
        for mix in ("pages", "assets", "conditional"):
            seen = compare(started, folder, mix, quick)
            lines += lines_of(f"{name}, {mix}", seen, results)
        for server in started:
            server.stop()
    table = ("", ["site, requests", "server", "requests a CPU second",
                  "bookplate / server: median (least to greatest)", "p50 ms",
                  "p99 ms"], lines)
    pages, assets = paths(site_build.PLAIN)
    notes = [f"A Docusaurus build: {len(pages)} pages and {len(assets)} "
             f"scripts and style sheets, each asked for in turn over "
             f"{CONNECTIONS} keep-alive connections. Compressed: the same "
             "with a .gz and a .br beside each file, all asked for as gzip. "
             "Conditional: all of them with the entity-tag they have, so "
             "that each answer is 304. nginx: one worker, sendfile, "
             "tcp_nopush, gzip_static, access log off; without and with "
             "open_file_cache (off is its default)."]
    return results, [table], notes
