# SPDX-License-Identifier: Apache-2.0
"""How soon the server answers, and how large it is."""
import socket
import statistics
import time

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


def ready_ms():
    """From the fork to the first 200."""
    began = time.perf_counter()
    server = servers.bookplate(wait=False, pinned=False, LOOPS="0")
    raw = load.request(server, "/readyz")
    while not is_ready(server, raw):
        if time.perf_counter() - began > GIVE_UP_S:
            raise SystemExit("it does not get ready")
        time.sleep(0.0002)
    took = (time.perf_counter() - began) * 1000
    server.stop()
    return took


def idle_mib():
    server = servers.bookplate(LOOPS="0", pinned=False)
    load.ask(server, load.request(server, "/healthz"))
    time.sleep(SETTLE_S)
    rss = server.rss_kib() / 1024
    server.stop()
    return rss


def measure(quick):
    runs = sorted(ready_ms() for _ in range(5 if quick else 20))
    start, rss = statistics.median(runs), idle_mib()
    size = servers.PROGRAM.stat().st_size / (1 << 20)
    results = [
        rows.met("Cold start to the first 200 (ms)", START_MS, start,
                 f"{start:.1f} ({runs[0]:.1f} to {runs[-1]:.1f})"),
        rows.met("RSS at rest, default settings (MiB)", IDLE_MIB, rss,
                 f"{rss:.1f}"),
        rows.met("Stripped program, without libraries (MiB)", BINARY_MIB,
                 size, f"{size:.2f}")]
    notes = [f"Start: fork and exec to the answer of /readyz, {len(runs)} "
             "times, median (least to greatest); asking is tried every "
             "0.2 ms. The program's own files are in the page cache."]
    return results, [], notes
