# SPDX-License-Identifier: Apache-2.0
"""Starts the servers that are compared, and reads what they cost.

Each server is a child of its own on a free port, ended by its pid. CPU time
is the kernel's own count in nanoseconds, user and system, of every thread of
the server's process tree.
"""
import atexit
import os
import pathlib
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "release"
WORK = ROOT / "build" / "bench"
PEERS = (pathlib.Path(os.environ.get("PROJECT_ROOT", ROOT)).parent /
         "shared" / "peers")
PROGRAM = BUILD / "bookplate"
TEST_SERVER = BUILD / "tests" / "server" / "test_server"

# The servers on the last processor, who asks on the first, where there are
# two: then neither is moved about while it is measured.
PROCESSORS = sorted(os.sched_getaffinity(0))
running = []

# Ten thousand connections need as many descriptors, on both sides.
MOST_FILES = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_FILES, MOST_FILES))


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def on_processor(index):
    return lambda: os.sched_setaffinity(0, {PROCESSORS[index]})


def family(pid):
    """The pid and those of its children, theirs, and so on."""
    pids = [pid]
    for known in pids:
        for task in pathlib.Path(f"/proc/{known}/task").iterdir():
            pids += map(int, (task / "children").read_text().split())
    return pids


class Server:
    """One running server; `name` is how the tables call it."""

    def __init__(self, name, command, port, env=None, pinned=True, **popen):
        self.name, self.port, self.temporary = name, port, None
        self.signal = signal.SIGTERM
        self.database = None  # the server of its database, if it has one
        self.process = subprocess.Popen(
            list(map(str, command)), env={**os.environ, **(env or {})},
            preexec_fn=on_processor(-1) if pinned else None,
            stderr=subprocess.DEVNULL, **popen)
        running.append(self)

    def wait(self):
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                time.sleep(0.01)
            if self.process.poll() is not None:
                break
        raise SystemExit(f"{self.name} does not listen")

    def cpu_ns(self):
        total = 0
        for pid in family(self.process.pid):
            for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
                total += int((task / "schedstat").read_text().split()[0])
        return total

    def rss_kib(self):
        total = 0
        for pid in family(self.process.pid):
            for line in open(f"/proc/{pid}/status"):
                if line.startswith("VmRSS:"):
                    total += int(line.split()[1])
        return total

    def stop(self):
        if self in running:
            running.remove(self)
            if self.process.stdin:
                self.process.stdin.close()
            self.process.send_signal(self.signal)
            self.process.wait()
            if self.temporary:
                shutil.rmtree(self.temporary, ignore_errors=True)


@atexit.register
def stop_all():
    for server in list(running):
        server.stop()


def bookplate(name="bookplate", wait=True, pinned=True, **env):
    port = free_port()
    settings = {"PORT": str(port), "LOG_LEVEL": "warn", "LOOPS": "1",
                **{key: value.format(port=port) for key, value in env.items()}}
    server = Server(name, [PROGRAM, "serve"], port, settings, pinned,
                    stdout=subprocess.DEVNULL, cwd=WORK)
    return server.wait() if wait else server


def test_server(hash_threads=1, hash_queue=64, pinned=True):
    server = Server("test_server", [TEST_SERVER, hash_threads, hash_queue], 0,
                    pinned=pinned, stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE)
    server.port = int(server.process.stdout.readline())
    return server


def raw_epoll():
    """The server with nothing but epoll in it, or None without its source."""
    source, program = PEERS / "epollsrv.c", WORK / "epollsrv"
    if not source.exists():
        print("raw epoll server: its source is not here; not compared")
        return None
    subprocess.run(["cc", "-O2", "-w", "-o", program, source], check=True)
    port = free_port()
    return Server("raw epoll", [program, port], port).wait()


NGINX = """daemon off; worker_processes 1; pid {folder}/pid; error_log stderr;
user root; worker_rlimit_nofile 8192;
events {{ worker_connections 4096; }}
http {{
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2;
  fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4;
  scgi_temp_path {folder}/t5;
  types {{ text/html html; text/css css; application/javascript js;
    image/svg+xml svg; application/xml xml; application/json json; }}
  access_log off; keepalive_requests 1000000000; keepalive_timeout 300;
  {http}
  server {{ listen 127.0.0.1:{port} backlog=4096; {server} }}
}}
"""


def nginx(name, server, http=""):
    """Debian's nginx with one worker, in a folder of its own."""
    port, folder = free_port(), tempfile.mkdtemp(prefix="bench-nginx-")
    conf = pathlib.Path(folder) / "nginx.conf"
    conf.write_text(NGINX.format(folder=folder, port=port, server=server,
                                 http=http))
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    made = Server(name, [program, "-c", conf, "-p", folder, "-e", "stderr"],
                  port)
    made.temporary = folder
    return made.wait()
