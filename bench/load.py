# SPDX-License-Identifier: Apache-2.0
"""Drives bench/load.c, and compares servers in rounds.

In a round every server gets the same load once, and the order moves on by one
from round to round, so that a busy machine troubles all of them alike. What
counts is the ratio within a round, and of those the median.
"""
import http.client
import json
import statistics
import subprocess

import servers

LOAD = servers.BUILD / "bench" / "bench_load"

# What a browser sends: about 450 bytes with the request line.
BROWSER = [
    ("Host", "127.0.0.1:{port}"),
    ("Connection", "keep-alive"),
    ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 "
     "(KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"),
    ("Accept", "*/*"),
    ("Sec-Fetch-Site", "same-origin"),
    ("Sec-Fetch-Mode", "cors"),
    ("Sec-Fetch-Dest", "empty"),
    ("Referer", "http://127.0.0.1:{port}/docs/chapter-01"),
    ("Accept-Encoding", "gzip, deflate, br"),
    ("Accept-Language", "en-GB,en;q=0.9"),
    ("Cookie", "theme=dark; session=YmVuY2htYXJrLXNlc3Npb24tdG9rZW4"),
]


def request(server, path, method="GET", body=b"", **fields):
    """The bytes of one request; fields take the place of the browser's."""
    changed = {name.replace("_", "-").lower(): value
               for name, value in fields.items()}
    lines = [f"{method} {path} HTTP/1.1"]
    for name, value in BROWSER:
        value = changed.pop(name.lower(), value.format(port=server.port))
        if value is not None:
            lines.append(f"{name}: {value}")
    lines += [f"{name}: {value}" for name, value in changed.items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def ask(server, raw):
    """One answer: the status, its fields, the body."""
    line = raw.split(b"\r\n", 1)[0].decode().split(" ")
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.connect()
    connection.sock.sendall(raw)
    answer = http.client.HTTPResponse(connection.sock, method=line[0])
    answer.begin()
    result = answer.status, dict(answer.getheaders()), answer.read()
    connection.close()
    return {**result[1], ":status": result[0], ":body": result[2]}


def request_file(server, name, requests, status=200, alike=False):
    """Writes requests with the answers they got just now as the expected.

    alike: all answers are as long as the first, and only that is asked for.
    """
    path = servers.WORK / f"{name}-{server.port}.requests"
    answer = None
    with open(path, "wb") as out:
        for raw in requests:
            if answer is None or not alike:
                answer = ask(server, raw)
            if answer[":status"] != status:
                line = raw.split(b"\r\n")[0].decode()
                raise SystemExit(f"{server.name} answers {line} with "
                                 f"{answer[':status']}, not {status}")
            length = len(answer[":body"])
            out.write(f"{status} {length} {len(raw)}\n".encode())
            out.write(raw)
    return path


class Load:
    """One run of bench_load: connected when made, running after go()."""

    def __init__(self, server, path, connections, count, pace=0,
                 pinned=True):
        self.process = subprocess.Popen(
            list(map(str, [LOAD, server.port, path, connections, count,
                           pace])),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            preexec_fn=servers.on_processor(0) if pinned else None)
        if self.process.stdout.readline() != "ready\n":
            raise SystemExit(f"no load on {server.name}")

    def go(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self

    def result(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("the load was not answered; see above")
        return json.loads(line)

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def once(server, path, connections, count, pace=0):
    """One load; with the server's CPU time from first to last answer.

    The time of its database's server, where it has one, is counted apart.
    """
    load = Load(server, path, connections, count, pace)
    before, database = server.cpu_ns(), database_ns(server)
    figures = load.go().result()
    figures["cpu_us"] = (server.cpu_ns() - before) / 1000 / count
    figures["database_us"] = (database_ns(server) - database) / 1000 / count
    load.end()
    return figures


def database_ns(server):
    return server.database.cpu_ns() if server.database else 0


def in_turns(peers, connections, count, rounds, pace=0):
    """{name: [figures of each round]} for (server, request file) pairs.

    The name is the server's, or a third in the pair. For a list of request
    files the next is taken each round, and the first once before. count may
    be a {name: count}.
    """
    named = [(peer[2] if len(peer) > 2 else peer[0].name, *peer[:2])
             for peer in peers]
    counts = count if isinstance(count, dict) else {
        name: count for name, _, _ in named}
    seen = {name: [] for name, _, _ in named}
    for name, server, path in named:
        once(server, of_turn(path, 0), connections, min(counts[name], 5000))
    for turn in range(rounds):
        first = turn % len(named)
        for name, server, path in named[first:] + named[:first]:
            seen[name].append(once(server, of_turn(path, turn + 1),
                                   connections, counts[name], pace))
    return seen


def of_turn(path, turn):
    return path[turn % len(path)] if isinstance(path, list) else path


def median(rounds, key="cpu_us"):
    return statistics.median(figures[key] for figures in rounds)


def ratios(seen, name, other, key="cpu_us"):
    """Median, least and greatest of name / other, round by round."""
    each = [a[key] / b[key] for a, b in zip(seen[name], seen[other])]
    return statistics.median(each), min(each), max(each)
