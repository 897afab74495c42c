# SPDX-License-Identifier: Apache-2.0
"""What connections cost that have nothing to say, and streams that wait."""
import socket

import load
import rows
import servers

TITLE = "Idle connections and streams: memory"
HELD, STREAMS = 10000, 1000
HELD_MIB, STREAM_KIB = 12, 24


def hold(server, count):
    """The server's memory before, and with so many connections, in KiB."""
    path = load.request_file(server, "idle", [
        load.request(server, "/healthz")])
    before = server.rss_kib()
    crowd = load.Load(server, path, count, count).go()
    crowd.result()
    held = server.rss_kib()
    crowd.end()
    return before, held


def held_line(name, count, **env):
    server = servers.bookplate(name, **env)
    before, held = hold(server, count)
    server.stop()
    result = rows.met(f"RSS with {count} idle connections, {name} (MiB)",
                      HELD_MIB, held / 1024, f"{held / 1024:.1f}")
    line = [name, str(count), f"{before / 1024:.1f}", f"{held / 1024:.1f}",
            f"{(held - before) * 1024 / count:.0f}"]
    return result, line


def open_stream(server, raw):
    stream = socket.create_connection(("127.0.0.1", server.port))
    stream.sendall(raw)
    if not stream.recv(4096).startswith(b"HTTP/1.1 200 "):
        raise SystemExit("a stream was refused")
    return stream


def streams(count):
    server = servers.test_server()
    raw = load.request(server, "/stream?0")
    warm = [open_stream(server, raw)]
    before = server.rss_kib()
    warm += [open_stream(server, raw) for _ in range(count)]
    each = (server.rss_kib() - before) / count
    for stream in warm:
        stream.close()
    server.stop()
    return rows.met(f"RSS of one of {count} idle event streams (KiB)",
                    STREAM_KIB, each, f"{each:.1f}")


def measure(quick):
    count = HELD // 5 if quick else HELD
    lines = [held_line("LOOPS=1", count), held_line("LOOPS=0", count,
                                                    LOOPS="0")]
    results = [line[0] for line in lines] + [streams(STREAMS)]
    table = ("", ["bookplate", "connections", "RSS before, MiB",
                  "RSS held, MiB", "bytes a connection"],
             [line[1] for line in lines])
    notes = ["Each connection is held open after one request and its answer. "
             "RSS is the whole process; what the kernel keeps for a socket "
             "is not in it. LOOPS=0 is the default: a loop for "
             "each processor. A stream is a fiber of the test server that "
             "has sent its head and waits."]
    return results, [table], notes
