#!/usr/bin/env python3
"""Clients of other people against a running service: Python's http.client, Node's fetch, curl; and clients that leave.

clients.py PROGRAM [--only NAME,…] [--long]: starts PROGRAM (build/release/bin/clients_service) by itself, plain and over TLS.
"""

import concurrent.futures
import contextlib
import http.client
import os
import pathlib
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).parent
MB = 1_000_000
LONG = "--long" in sys.argv


class Service:
    """The program on a free port, with limits that one machine's many clients fit into."""

    def __init__(self, program, tls=False, flags=()):
        self.home = tempfile.TemporaryDirectory()
        os.makedirs(f"{self.home.name}/files")
        with open(f"{self.home.name}/files/large.bin", "wb") as file:
            file.truncate(30 * MB)
        with open(f"{self.home.name}/files/small.bin", "wb") as file:
            file.truncate(1_500_000)
        command = [program, "--mode", "development", "--port", "0", "--limits.general-per-second", "1000000",
                   "--limits.general-burst", "10000000", "--log.file", f"{self.home.name}/log", *flags]
        if tls:
            command += ["--tls.enabled"]
        self.process = subprocess.Popen(command, cwd=self.home.name, stdout=subprocess.PIPE, text=True)
        self.origin = next(line[7:].strip() for line in self.process.stdout if line.startswith("ready: "))
        self.port = int(self.origin.rsplit(":", 1)[1])
        self.tls = tls
        self.quiet = self.descriptors()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.home.cleanup()

    def log(self):
        return pathlib.Path(f"{self.home.name}/log").read_text()

    def memory(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024

    def connect(self, port=None):
        plain = socket.create_connection(("127.0.0.1", port or self.port), timeout=30)
        if not self.tls:
            return plain
        context = ssl._create_unverified_context()
        return context.wrap_socket(plain, server_hostname="localhost")

    def status(self, path):
        """0: no answer, as clients beyond a limit get over TLS."""
        connection = http.client.HTTPConnection("localhost", self.port, timeout=5)
        try:
            connection.sock = self.connect()
            connection.request("GET", path, headers={"Connection": "close"})
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def places_back(self):
        """How long it takes until no connection is left and a new client is answered; infinity after ten seconds."""
        begin = time.monotonic()
        while time.monotonic() - begin < 10:
            if self.descriptors() <= self.quiet and self.status("/") == 200:
                return time.monotonic() - begin
            time.sleep(0.02)
        return float("inf")


class Relay:
    """Passes bytes on after a delay, as a long way does: the kernel may lack netem."""

    def __init__(self, delay):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.delay = delay
        self.to = 0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.to))
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self.pump, args=(source, sink), daemon=True).start()

    def pump(self, source, sink):
        waiting, more = [], threading.Condition()

        def send():
            while True:
                with more:
                    while not waiting:
                        more.wait()
                    due, data = waiting.pop(0)
                    more.notify_all()
                time.sleep(max(0, due - time.monotonic()))
                try:
                    if data is None:  # a reset goes on as a reset
                        sink.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                        return sink.close()
                    if not data:
                        return sink.shutdown(socket.SHUT_WR)
                    sink.sendall(data)
                except OSError:
                    with contextlib.suppress(OSError):
                        source.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                        source.close()
                    return

        threading.Thread(target=send, daemon=True).start()
        while True:
            try:
                data = source.recv(65536)
            except OSError:
                data = None
            with more:
                while len(waiting) > 64:
                    more.wait()
                waiting.append((time.monotonic() + self.delay, data))
                more.notify_all()
            if not data:
                return

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()


# --- A refused upload

BODY = b'{"title":"' + b"x" * (8 * MB) + b'"}'


def python_upload(service, port):
    connection = http.client.HTTPConnection("localhost", port, timeout=60)
    connection.sock = service.connect(port)
    connection.request("POST", "/upload", BODY, {"Content-Type": "application/json", "Origin": service.origin})
    return connection.getresponse().status


NODE_UPLOAD = """
const body = '{"title":"' + 'x'.repeat(8e6) + '"}';
const [url, origin, times] = process.argv.slice(1);
let good = 0;
for (let i = 0; i < times; ++i) {
  try {
    const answer = await fetch(url + '/upload', {method: 'POST', body, headers: {'content-type': 'application/json', origin}});
    await answer.text();
    if (answer.status == 413) ++good; else console.error(answer.status);
  } catch (error) { console.error(String(error.cause ?? error)); }
}
console.log(good);
process.exit(0);
"""


def node_uploads(service, port, times):
    done = subprocess.run(["node", "--input-type=module", "-e", NODE_UPLOAD, f"{service.origin.rsplit(':', 1)[0]}:{port}",
                           service.origin, str(times)], capture_output=True, text=True, timeout=120,
                          env={**os.environ, "NODE_TLS_REJECT_UNAUTHORIZED": "0", "NODE_NO_WARNINGS": "1"})
    if done.stderr:
        print("   ", done.stderr.splitlines()[0])
    return int(done.stdout or 0)


def curl_upload(service, port, body, *options):
    done = subprocess.run(["curl", "-sk", "-o", "/dev/null", "-w", "%{http_code}", *options, "-H", "Expect:", "-H",
                           "Content-Type: application/json", "-H", f"Origin: {service.origin}", "--data-binary", f"@{body}",
                           f"{service.origin.rsplit(':', 1)[0]}:{port}/upload"],
                          capture_output=True, text=True, timeout=60)
    return int(done.stdout or 0) if done.returncode == 0 else -done.returncode


def uploads(program):
    times = 20
    with tempfile.NamedTemporaryFile() as body:
        body.write(BODY)
        body.flush()
        for tls in (False, True):
            with Relay(0.025) as relay, Service(program, tls, ["--server.allowed-hosts", f"localhost:{relay.port}"]) as service:
                relay.to = service.port
                for name, port in (("", service.port), (" 50 ms away", relay.port)):
                    where = ("TLS" if tls else "plain") + name
                    seen = 0
                    for _ in range(times):
                        try:
                            seen += python_upload(service, port) == 413
                        except OSError as error:
                            print("   ", repr(error))
                    check(f"refused upload, http.client, {where}", seen == times, f"{seen} of {times}")
                    if shutil.which("node"):
                        seen = node_uploads(service, port, times)
                        check(f"refused upload, Node's fetch, {where}", seen == times, f"{seen} of {times}")
                    for option in (["--http1.1"], ["--http2"]) if tls else (["--http1.1"], ["--http2-prior-knowledge"]):
                        codes = [curl_upload(service, port, body.name, *option) for _ in range(times)]
                        check(f"refused upload, curl {option[0]}, {where}", codes == [413] * times, str(set(codes)))


# --- Clients that leave

def finish(connection):
    connection.close()


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def half_close(connection):
    connection.shutdown(socket.SHUT_WR)


def ask(service, path):
    connection = service.connect()
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost:{service.port}\r\n\r\n".encode())
    return connection


LEAVING = {"FIN": finish, "RST": reset, "half-closed": half_close}


def departures(program):
    for tls in (False, True):
        where = "TLS" if tls else "plain"
        with Service(program, tls) as service:
            for how, leave in LEAVING.items():
                clients = [ask(service, "/events") for _ in range(100)]
                for client in clients:
                    client.recv(4096)
                for client in clients:
                    leave(client)
                took = service.places_back()
                check(f"100 event streams, {how}, {where}: places come back", took < 2, f"{took:.2f} s")
                del clients
            for how in ("FIN", "RST"):
                for path in ("/slow", "/alone"):
                    clients = [ask(service, path) for _ in range(100)]
                    time.sleep(0.5)
                    for client in clients:
                        LEAVING[how](client)
                    took = service.places_back()
                    check(f"100 waiting handlers of {path}, {how}, {where}: places come back", took < 2, f"{took:.2f} s")
            client = ask(service, "/alone")
            time.sleep(0.3)
            busy = service.status("/alone")
            client.close()
            begin = time.monotonic()
            again = ask(service, "/alone")
            again.settimeout(0.3)
            while time.monotonic() - begin < 10:
                try:
                    if b" 503 " not in again.recv(4096):
                        break
                except TimeoutError:
                    break  # it runs
                again = ask(service, "/alone")
                again.settimeout(0.3)
            took = time.monotonic() - begin
            check(f"max_concurrent, {where}: the place comes back", busy == 503 and took < 2.5, f"{busy}, {took:.2f} s")
            again.close()
            client = ask(service, "/two-seconds")
            if not tls:
                client.shutdown(socket.SHUT_WR)
            answer = b""
            while piece := client.recv(4096):
                answer += piece
                if b"at last" in answer:
                    break
            check(f"a client that half-closes and reads has its answer, {where}", b" 200 OK" in answer, answer[:60].decode())
            client.close()
        options = ["--http2"] if tls else ["--http2-prior-knowledge"]
        with Service(program, tls, ["--limits.connections-per-client", "20"]) as service:
            for path in ("/events", "/slow"):
                clients = [subprocess.Popen(["curl", "-skN", *options, f"{service.origin}{path}"], stdout=subprocess.DEVNULL)
                           for _ in range(20)]
                time.sleep(1)
                for client in clients:
                    client.kill()
                    client.wait()
                took = service.places_back()
                check(f"20 curls on {path} over HTTP/2, killed, {where}: places come back", took < 2, f"{took:.2f} s")


def vanishing(program):
    """1,000 clients open an event stream and vanish, again and again: places within two seconds, memory stays."""
    cycles = 600 if LONG else 60
    with Service(program, False, ["--limits.connections-per-client", "1100"]) as service:
        early, worst = 0, 0.0
        ways = list(LEAVING.values())
        for cycle in range(cycles):
            clients = [ask(service, "/events") for _ in range(1000)]
            for client in clients:
                client.recv(4096)
            for client in clients:
                ways[cycle % 3](client)
            worst = max(worst, service.places_back())
            del clients
            if cycle == 4:
                early = service.memory()
        grown = service.memory() - early
        check(f"1,000 event streams that vanish, {cycles} times: places come back", worst < 2, f"{worst:.2f} s at worst")
        check(f"… and the memory", grown < 2 << 20, f"{grown / 1024:.0f} KiB more than after 5 times")


# --- Clients that read slowly

def slow_readers(program):
    seconds = 60
    runs = []
    with Service(program) as plain, Service(program, True) as tls, concurrent.futures.ThreadPoolExecutor(32) as pool:
        def curl(service, rate, option):
            done = subprocess.run(["curl", "-sk", "-o", "/dev/null", "-w", "%{http_code} %{size_download} %{exitcode}", option,
                                   "--limit-rate", f"{rate}k", "--max-time", str(seconds), f"{service.origin}/files/large.bin"],
                                  capture_output=True, text=True)
            code, size, end = done.stdout.split()
            # 28: its own time was over, which is what we wait for; 0: it has all.
            return code == "200" and (end == "28" or (end == "0" and int(size) == 30 * MB)), done.stdout

        def whole(service, option):
            """The kernel takes all of it at once: the service has nothing more to write, and may not close in the middle."""
            done = subprocess.run(["curl", "-sk", "-o", "/dev/null", "-w", "%{http_code} %{size_download} %{exitcode}", option,
                                   "--limit-rate", "50k", f"{service.origin}/files/small.bin"], capture_output=True, text=True)
            return done.stdout == "200 1500000 0", done.stdout

        def pauses(service):
            """Reads for two seconds, pauses for thirty, reads on."""
            connection = ask(service, "/files/large.bin")
            size, begin = 0, time.monotonic()
            while time.monotonic() - begin < 2:
                size += len(connection.recv(16384))
                time.sleep(0.02)
            time.sleep(30)
            while size < 30 * MB and (piece := connection.recv(1 << 20)):
                size += len(piece)
            return size >= 30 * MB, f"{size} bytes"

        for rate in (5, 20, 100, 400):
            for service, option in ((plain, "--http1.1"), (tls, "--http1.1"), (tls, "--http2"), (plain, "--http2-prior-knowledge")):
                name = f"curl at {rate} kB/s, {option}, {'TLS' if service.tls else 'plain'}, for a minute"
                runs.append((name, pool.submit(curl, service, rate, option)))
        for service, option in ((plain, "--http1.1"), (tls, "--http1.1"), (tls, "--http2"), (plain, "--http2-prior-knowledge")):
            runs.append((f"1.5 MB at 50 kB/s, {option}, {'TLS' if service.tls else 'plain'}", pool.submit(whole, service, option)))
        for service in (plain, tls):
            runs.append((f"a pause of 30 seconds, {'TLS' if service.tls else 'plain'}", pool.submit(pauses, service)))
        for name, run in runs:
            check(name, *run.result())
        # What reads nothing is cut, and says why.
        connection = ask(plain, "/files/large.bin")
        begin = time.monotonic()
        while "deadline/write" not in plain.log() and time.monotonic() - begin < 90:
            time.sleep(0.5)
        took = time.monotonic() - begin
        check("a client that reads nothing is cut in its time", 39 < took < 70, f"{took:.0f} s")
        connection.close()


# --- A folder that is made again

def folders(program):
    with Service(program) as service:
        folder = pathlib.Path(service.home.name) / "files"

        def get(*fields):
            done = subprocess.run(["curl", "-s", "-i", *fields, f"{service.origin}/files/a.txt"], capture_output=True, text=True)
            head, _, body = done.stdout.partition("\n\n")
            tag = next((line[6:] for line in head.splitlines() if line.lower().startswith("etag: ")), "")
            return int(done.stdout.split()[1]), body, tag

        (folder / "a.txt").write_text("one one")
        os.utime(folder / "a.txt", (1_700_000_000, 1_700_000_000))
        time.sleep(2.1)  # until the tag is strong
        _, _, tag = get()
        shutil.rmtree(folder)
        folder.mkdir()
        (folder / "a.txt").write_text("two two")
        os.utime(folder / "a.txt", (1_700_000_000, 1_700_000_000))
        check("a folder that is made again is served", get()[:2] == (200, "two two"), str(get()))
        check("… and not as unchanged", get("-H", f"If-None-Match: {tag}")[0] == 200, tag)
        check("… nor resumed", get("-H", f"If-Range: {tag}", "-H", "Range: bytes=3-")[0] == 200, tag)
        shutil.rmtree(folder)
        check("a folder that has gone is 404", get()[0] == 404, str(get()))
        for release in ("7", "8"):
            (folder.parent / release).mkdir()
            (folder.parent / release / "a.txt").write_text(f"release {release}")
        for release in ("7", "8"):
            (folder.parent / "new").symlink_to(release)
            (folder.parent / "new").rename(folder)
            check(f"a link to release {release} is followed", get()[:2] == (200, f"release {release}"), str(get()))


# ---

failed = 0
passed = 0


def check(name, good, detail):
    global failed, passed
    passed += good
    failed += not good
    print(f"{'ok   ' if good else 'FAIL '} {name}: {detail}", flush=True)


TESTS = {"uploads": uploads, "departures": departures, "vanishing": vanishing, "slow": slow_readers, "folders": folders}


def main():
    program = os.path.abspath(sys.argv[1])
    only = sys.argv[sys.argv.index("--only") + 1].split(",") if "--only" in sys.argv else list(TESTS)
    for name in only:
        TESTS[name](program)
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
