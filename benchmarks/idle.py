# What an idle keep-alive connection costs in memory: one request on each of 10,000, then nothing.

import multiprocessing
import os
import select
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

from cpu import client_tls, connect
from servers import ENDLESS, GREETING, Failure, Missing, Server, Settings, needs, say

PATIENCE = 300  # seconds for the clients to open what they open

FLAGS = ["--limits.connections-per-client", str(ENDLESS), "--limits.idle-seconds", "600"]


def http2_request(authority: bytes) -> bytes:
    fields = b"\x82\x87\x84\x41" + bytes([len(authority)]) + authority  # GET, https, /, and the authority
    return (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
            b"\0\0\0\4\0\0\0\0\0"  # SETTINGS, empty
            b"\0\0\0\4\1\0\0\0\0"  # SETTINGS, acknowledged
            b"\0\0" + bytes([len(fields)]) + b"\1\5\0\0\0\1" + fields)  # HEADERS of stream 1, all there is


def open_one(server: Server, protocol: str, context) -> object:
    """A connection on which GET / was answered once."""
    peer = connect(server, context)
    host = b"localhost:%d" % server.port
    peer.sendall(http2_request(host) if protocol == "h2" else b"GET / HTTP/1.1\r\nHost: %s\r\n\r\n" % host)
    answer = b""
    while GREETING not in answer:
        part = peer.recv(65536)
        if not part:
            raise Failure(f"{server.name} closed a connection after {answer!r}")
        answer += part
    return peer


def hold(server: Server, protocol: str, count: int, control: Connection, cpus: set[int]) -> None:
    """The clients' process: opens, says so, and when asked says how many are still open."""
    os.sched_setaffinity(0, cpus)
    context = None if protocol == "plain" else client_tls("h2" if protocol == "h2" else "http/1.1")
    peers = [open_one(server, protocol, context) for _ in range(count)]
    control.send("open")
    control.recv()
    poll = select.poll()
    for peer in peers:
        poll.register(peer, select.POLLRDHUP)
    control.send(count - len(poll.poll(0)))


def with_clients(settings: Settings, server: Server, protocol: str, count: int, act: Callable[[], int]) -> int:
    """What `act` says while so many connections are open and idle."""
    ours, theirs = multiprocessing.Pipe()
    child = multiprocessing.get_context("fork").Process(
        target=hold, args=(server, protocol, count, theirs, settings.load_cpus))
    child.start()
    theirs.close()
    try:
        if not ours.poll(PATIENCE):
            raise Failure(f"{server.name}, {protocol}: the clients did not open {count} connections")
        ours.recv()
        time.sleep(2)
        value = act()
        ours.send("check")
        if (open_ones := ours.recv()) != count:
            raise Failure(f"{server.name}, {protocol}: only {open_ones} of {count} connections stayed open")
        child.join(timeout=60)
        return value
    except EOFError:
        raise Failure(f"{server.name}, {protocol}: the clients failed, see above") from None
    finally:
        child.kill()


def measure(settings: Settings, skipped: dict[str, str]) -> dict:
    count = 2000 if settings.quick else 10_000
    table: dict[str, dict[str, float]] = {}
    for name in ("sallyport", "nginx"):
        try:
            if name == "nginx":
                needs("nginx")
            table[name] = {}
            for protocol in ("plain", "tls", "h2"):
                say(f"idle: {name}, {protocol}, {count} connections")
                server = Server(name, settings, protocol != "plain", FLAGS)
                with_clients(settings, server, protocol, 50, lambda: 0)  # what the first ones set up stays
                time.sleep(1)
                before = server.memory()
                during = with_clients(settings, server, protocol, count, server.memory)
                table[name][protocol] = (during - before) / count
                server.stop()
        except Missing as reason:
            skipped[name] = str(reason)
            table.pop(name, None)
    print(f"\nidle: bytes of memory (PSS; the kernel's sockets aside) per idle connection, {count} connections")
    print(f"  {'':10} {'plain':>8} {'TLS':>8} {'HTTP/2':>8}")
    for name, row in table.items():
        print(f"  {name:10} {row['plain']:8.0f} {row['tls']:8.0f} {row['h2']:8.0f}", flush=True)
    return table
