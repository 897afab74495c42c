# SPDX-License-Identifier: Apache-2.0
"""What a password hash costs, and what hashing does to everybody else."""
import re
import subprocess

import load
import rows
import servers

TITLE = "Password hashing"
BARS_64 = {"avx512": 13, "avx2": 24}
ALONE_MS, PROBE_MS, IN_FLIGHT = 55, 10, 64
PACE_US = 5000


def hash_costs(rounds):
    """{path: {queued: ms CPU a hash}} from the table bench_scrypt prints."""
    text = subprocess.run(
        [servers.BUILD / "bench" / "bench_scrypt", str(rounds)],
        check=True, capture_output=True, text=True).stdout.splitlines()
    queued = text[1].split()
    return {line.split()[0]: dict(zip(queued, map(float, re.findall(
        r"([\d.]+) \(", line)))) for line in text[2:]}


def cost_results(costs):
    results = [rows.met(f"64 queued hashes, {path} (ms CPU a hash)", bar,
                        costs[path]["64"], f"{costs[path]['64']:.1f}")
               for path, bar in BARS_64.items() if path in costs]
    return results


def cost_table(costs):
    columns = ["1", "4", "8", "12", "64"]
    return ("ms CPU a hash, by how many are queued", ["path"] + columns,
            [[path] + [f"{cost[n]:.1f}" if n in cost else "" for n in columns]
             for path, cost in costs.items()])


def probe(server, seconds, crowd):
    """Latencies of a small GET at a low rate, beside so many hashes."""
    get = load.request_file(server, "get", [load.request(server, "/json")])
    post = load.request_file(server, "hash", [
        load.request(server, "/hash", "POST", b"correct horse staple")])
    hashing = None
    if crowd:
        hashing = load.Load(server, post, crowd, 100000, pinned=False).go()
    asking = load.Load(server, get, 1, seconds * 1000000 // PACE_US, PACE_US,
                       pinned=False).go()
    figures = asking.result()
    asking.end()
    figures["hashes"] = 0
    if hashing:
        hashing.process.stdin.close()
        figures["hashes"] = hashing.result()["answers"]
        hashing.process.wait()
    return figures


def alone(server, count):
    """ms CPU a hash when each waits for the one before, in the server."""
    post = load.request_file(server, "hash", [
        load.request(server, "/hash", "POST", b"correct horse staple")])
    return load.once(server, post, 1, count)["cpu_us"] / 1000


def probe_line(name, figures):
    return [name, str(figures["answers"]), str(figures["hashes"])] + [
        f"{figures[key] / 1000:.2f}"
        for key in ("p50_us", "p90_us", "p99_us", "max_us")]


def measure(quick):
    # The first round also pays for the memory's first touch.
    costs = hash_costs(2 if quick else 4)
    results = cost_results(costs)
    server = servers.test_server(hash_threads=1, pinned=False)
    one = alone(server, 5 if quick else 40)
    results.append(rows.met("one hash at a time, in the server (ms CPU)",
                            ALONE_MS, one, f"{one:.1f}"))
    seconds = 2 if quick else 10
    rest = probe(server, seconds, 0)
    busy = probe(server, seconds, IN_FLIGHT)
    server.stop()
    results.append(rows.met(
        f"small GET beside {IN_FLIGHT} hashes in flight, p99 (ms)", PROBE_MS,
        busy["p99_us"] / 1000,
        f"{busy['p99_us'] / 1000:.2f} (at rest "
        f"{rest['p99_us'] / 1000:.2f})"))
    table = ("A small GET on the loop's thread",
             ["meanwhile", "answers", "hashes done", "p50 ms", "p90 ms",
              "p99 ms", "greatest ms"],
             [probe_line("at rest", rest),
              probe_line(f"{IN_FLIGHT} POST /hash in flight", busy)])
    notes = [f"One hashing thread; the GET is sent every {PACE_US // 1000} "
             "ms on a connection of its own. Nobody is pinned here. The "
             "table of paths is the best of its rounds, in turns."]
    return results, [cost_table(costs), table], notes
