# 2,000 slow clients for a minute, and one good client beside them: what it notices, and when the slow ones are cut.

import collections
import dataclasses
import multiprocessing
import os
import pathlib
import select
import socket
import statistics
import time

from servers import GREETING, Failure, Server, Settings, say

SLOW = 2000
PACE = 2.0        # seconds between two bytes of a slow client
SLOTS = 40        # in which a share of them has its turn
GOOD_RATE = 50    # requests per second of the good client, every tenth on a connection of its own
TOLERANCE = 3.0   # seconds after its deadline by which a slow client counts as cut late
DEADLINES = {"headers": 10, "body": 5, "reader": 40}  # limits.header_seconds, body_grace_seconds, write_seconds


# --- the slow clients: one process, one turn for each of them every two seconds ---

@dataclasses.dataclass
class Slow:
    kind: str
    address: str
    peer: socket.socket | None = None
    since: float = 0


class Attack:
    def __init__(self, port: int, addresses: list[str]):
        self.port = port
        self.clients = [Slow(("headers", "body", "reader")[i % 3], addresses[i % len(addresses)]) for i in range(SLOW)]
        self.poll = select.epoll()
        self.by_descriptor: dict[int, Slow] = {}
        self.cuts: dict[str, list[float]] = {kind: [] for kind in DEADLINES}
        self.answers: dict[str, collections.Counter] = {kind: collections.Counter() for kind in DEADLINES}
        self.refused = 0

    def run(self, seconds: float) -> dict:
        start = time.monotonic()
        for turn in range(int(seconds / PACE * SLOTS)):
            due = start + turn * PACE / SLOTS
            while (left := due - time.monotonic()) > 0:
                self.notice(left)
            self.notice(0)
            for client in self.clients[turn % SLOTS::SLOTS]:
                self.act(client)
            if turn % (SLOTS // 4) == 0:
                self.notice_unread()
        now = time.monotonic()
        open_ages = {kind: [now - c.since for c in self.clients if c.peer and c.kind == kind] for kind in DEADLINES}
        for client in self.clients:
            if client.peer:
                client.peer.close()
        return {"cuts": self.cuts, "open": open_ages, "refused": self.refused,
                "answers": {kind: dict(counts) for kind, counts in self.answers.items()}}

    def act(self, client: Slow) -> None:
        if client.peer is None:
            return self.open(client)
        try:
            if client.kind == "reader":
                client.peer.recv(16)
            else:
                client.peer.send(b"a")
        except BlockingIOError:
            pass
        except OSError:
            self.cut(client)

    def open(self, client: Slow) -> None:
        peer = socket.socket()
        peer.settimeout(1)  # a full queue of the listener; on loopback nothing else waits
        if client.kind == "reader":
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        host = f"Host: localhost:{self.port}\r\n"
        opening = {
            "headers": f"GET / HTTP/1.1\r\n{host}X-Slow: ",
            "body": f"POST /notes HTTP/1.1\r\n{host}Content-Type: application/json\r\nContent-Length: 9000\r\n\r\n",
            "reader": f"GET /static/16m.bin HTTP/1.1\r\n{host}\r\n",
        }[client.kind].encode()
        try:
            peer.bind((client.address, 0))
            peer.connect(("127.0.0.1", self.port))
            peer.sendall(opening)
        except OSError:
            peer.close()
            self.refused += 1
            return
        peer.setblocking(False)
        client.peer, client.since = peer, time.monotonic()
        self.by_descriptor[peer.fileno()] = client
        # What an unread answer leaves behind says nothing: readers are told by an error, or by notice_unread().
        self.poll.register(peer, 0 if client.kind == "reader" else select.EPOLLIN | select.EPOLLRDHUP)

    def notice(self, timeout: float) -> None:
        for descriptor, _ in self.poll.poll(timeout):
            self.cut(self.by_descriptor[descriptor])

    def notice_unread(self) -> None:
        """A reader can't see the end behind what it has not read; the server's half of the connection tells."""
        alive = set()
        for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]:
            local, remote, state = line.split()[1:4]
            if state == "01" and int(local[-4:], 16) == self.port:
                alive.add((socket.inet_ntoa(bytes.fromhex(remote[:8])[::-1]), int(remote[-4:], 16)))
        for client in self.clients:
            if client.kind == "reader" and client.peer and client.peer.getsockname() not in alive:
                self.cut(client)

    def cut(self, client: Slow) -> None:
        assert client.peer is not None
        age = time.monotonic() - client.since
        answer = b""
        if client.kind != "reader":
            try:
                answer = client.peer.recv(4096)
            except OSError:
                pass
        status = answer[9:12].decode() if answer.startswith(b"HTTP/1.1 ") else "closed"
        if age < 1 and status in ("closed", "503"):
            self.refused += 1
        else:
            self.cuts[client.kind].append(age)
            self.answers[client.kind][status] += 1
        self.poll.unregister(client.peer)
        del self.by_descriptor[client.peer.fileno()]
        client.peer.close()
        client.peer = None


# --- the good client ---

def get(port: int, peer: socket.socket | None, source: str = "") -> socket.socket | None:
    """One GET / on `peer` or a new connection; the connection, or None when the server wants it closed."""
    if peer is None:
        peer = socket.create_connection(("127.0.0.1", port), timeout=10, source_address=(source, 0) if source else None)
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    peer.sendall(b"GET / HTTP/1.1\r\nHost: localhost:%d\r\n\r\n" % port)
    answer = b""
    while not answer.endswith(GREETING):
        part = peer.recv(65536)
        if not part:
            raise ConnectionError(f"closed after {answer!r}")
        answer += part
    if not answer.startswith(b"HTTP/1.1 200 "):
        raise ConnectionError(f"answered {answer[:60]!r}")
    if b"\r\nConnection: close\r\n" in answer:
        peer.close()
        return None
    return peer


def good_client(port: int, seconds: float) -> dict:
    """Latencies from when a request was due, not from when it could be sent: a stall counts for all it delays."""
    latencies, failed, peer = [], 0, None
    start = time.monotonic()
    for number in range(int(seconds * GOOD_RATE)):
        due = start + number / GOOD_RATE
        time.sleep(max(0, due - time.monotonic()))
        try:
            if number % 10 == 9:
                if fresh := get(port, None):
                    fresh.close()
            else:
                peer = get(port, peer)
        except OSError:
            failed, peer = failed + 1, None
        latencies.append((time.monotonic() - due) * 1e3)
    latencies.sort()
    return {"requests": len(latencies), "failed": failed, "p50_ms": statistics.median(latencies),
            "p99_ms": latencies[int(0.99 * len(latencies))], "max_ms": latencies[-1]}


def fresh_clients(port: int, addresses: list[str], each: int) -> int:
    """How many new connections are answered, so many at once from each address."""
    peers = []
    try:
        for address in addresses:
            for _ in range(each):
                peers.append(get(port, None, address))
    except OSError as reason:
        say(f"hostile: after {len(peers)} new connections: {reason}")
    for peer in peers:
        if peer:
            peer.close()
    return len(peers)


# --- both together ---

class Child:
    """A function in a process of its own, on the clients' CPUs."""

    def __init__(self, settings: Settings, function, *arguments):
        self.ours, theirs = multiprocessing.Pipe()

        def work() -> None:
            os.sched_setaffinity(0, settings.load_cpus)
            theirs.send(function(*arguments))
        self.process = multiprocessing.get_context("fork").Process(target=work)
        self.process.start()
        theirs.close()

    def result(self, patience: float):
        try:
            if not self.ours.poll(patience):
                raise Failure("a client did not end in time")
            return self.ours.recv()
        except EOFError:
            raise Failure("a client failed, see above") from None
        finally:
            self.process.kill()
            self.process.join()


def kernel_memory() -> int:
    """Bytes that TCP holds on this machine, for both ends of every connection."""
    line = pathlib.Path("/proc/net/sockstat").read_text().split("\nTCP:")[1].split("\n")[0].split()
    return int(line[line.index("mem") + 1]) * os.sysconf("SC_PAGE_SIZE")


def wait_for(condition, seconds: float) -> float:
    start = time.monotonic()
    while not condition() and time.monotonic() - start < seconds:
        time.sleep(0.1)
    return time.monotonic() - start


def attack(settings: Settings, what: str, addresses: list[str], flags: list[str], each: int) -> dict:
    seconds = 20 if settings.quick else 60
    server = Server("sallyport", settings, flags=flags)
    good = lambda span: Child(settings, good_client, server.port, span)  # noqa: E731
    good(2).result(30)  # warm
    say(f"hostile: {what}: quiet")
    quiet = good(seconds / 2).result(seconds + 60)
    result = {"what": what, "slow_clients": SLOW, "addresses": len(addresses), "seconds": seconds, "quiet": quiet}
    result["memory_before"], descriptors, kernel = server.memory(), server.descriptors(), kernel_memory()
    say(f"hostile: {what}: {SLOW} slow clients, {seconds} s")
    slow = Child(settings, lambda: Attack(server.port, addresses).run(seconds + PACE))
    time.sleep(PACE)  # until all of them are there
    cpu = server.cpu_seconds()
    result["attacked"] = good(seconds - PACE).result(seconds + 60)
    result["server_cpu_share"] = (server.cpu_seconds() - cpu) / (seconds - PACE)
    result["memory_during"], result["descriptors_during"] = server.memory(), server.descriptors() - descriptors
    result["kernel_memory_during"] = kernel_memory() - kernel
    result |= slow.result(60)
    result["let_go_after_s"] = wait_for(lambda: server.descriptors() <= descriptors, 20)
    result["descriptors_left"] = server.descriptors() - descriptors
    result["memory_after"] = server.memory()
    result["new_clients"] = fresh_clients(server.port, addresses, each)
    result["new_clients_wanted"] = each * len(addresses)
    result["ratio"] = result["attacked"]["p99_ms"] / quiet["p99_ms"]
    server.stop()
    show(result)
    return result


def show(result: dict) -> None:
    quiet, attacked = result["quiet"], result["attacked"]
    print(f"\nhostile: {SLOW} slow clients, {result['what']}, {result['seconds']} s")
    print(f"  good client   p99 {quiet['p99_ms']:.2f} ms quiet, {attacked['p99_ms']:.2f} ms under attack: "
          f"x {result['ratio']:.1f} (aim: below 10); p50 {quiet['p50_ms']:.2f} and {attacked['p50_ms']:.2f} ms, "
          f"longest {quiet['max_ms']:.1f} and {attacked['max_ms']:.1f} ms; {attacked['failed']} of "
          f"{attacked['requests']} failed")
    for kind, deadline in DEADLINES.items():
        cuts, still = sorted(result["cuts"][kind]), result["open"][kind]
        late = sum(age > deadline + TOLERANCE for age in cuts)
        overdue = sum(age > deadline + TOLERANCE for age in still)
        when = f"after {cuts[0]:.1f}-{cuts[-1]:.1f} s (median {statistics.median(cuts):.1f})" if cuts else "never"
        told = ", ".join(f"{status}: {count}" for status, count in sorted(result["answers"][kind].items()))
        print(f"  slow {kind:8} {len(cuts)} cut {when}, deadline {deadline} s; {late} late; "
              f"at the end {len(still) - overdue} not yet due, {overdue} overdue; {told}")
    mib = {key: value / (1 << 20) for key, value in result.items() if "memory" in key}
    print(f"  server        {mib['memory_before']:.1f} MiB before, {mib['memory_during']:.1f} during, "
          f"{mib['memory_after']:.1f} after, {mib['kernel_memory_during']:.0f} in the kernel's sockets during; "
          f"{result['server_cpu_share']:.1%} of a CPU; {result['refused']} connections refused")
    print(f"  afterwards    {result['descriptors_left']} connections left {result['let_go_after_s']:.1f} s after; new ones "
          f"answered: {result['new_clients']} of {result['new_clients_wanted']}", flush=True)


def measure(settings: Settings) -> list[dict]:
    many = [f"127.0.{1 + i // 50}.{1 + i % 50}" for i in range(40)]
    return [
        attack(settings, f"from {len(many)} addresses, limits as by default", many, [], 100),
        attack(settings, "from the good client's own address, allowed 3,000 connections", ["127.0.0.1"],
               ["--limits.connections-per-client", "3000"], 2900),
    ]
