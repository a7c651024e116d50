# What a request, a download or a handshake costs each server in CPU time, in interleaved rounds; and in instructions.

import dataclasses
import json
import multiprocessing
import os
import re
import socket
import ssl
import statistics
import subprocess
import time
from collections.abc import Callable

from servers import DOWNLOAD, GREETING, Failure, Missing, Server, Settings, needs, say

CONNECTIONS = 32
PIPELINED = 16  # Sallyport's default limit on requests read ahead
CALLGRIND_REQUESTS = (500, 2500)  # the difference of both runs leaves start-up and shutdown out

NOTE = {
    "title": "Groceries for the weekend & the week after",
    "body": "Milk, eggs, \"good\" bread\nCrème fraîche, 2 × butter\n" + "Remember the list on the fridge door. " * 8,
}
BAD_NOTE = {"title": "x" * 201, "body": "", "role": "admin"}
LINES = {"get": "GET / HTTP/1.1", "post": "POST /notes HTTP/1.1", "download": "GET /static/1m.bin HTTP/1.1"}


# --- requests: one browser-like header set, identical for every server ---

def browser_fields(origin: str) -> list[str]:
    return [
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Accept: application/json, text/plain, */*",
        "Accept-Language: en-GB,en;q=0.7,de;q=0.3",
        "Accept-Encoding: gzip, deflate, br, zstd",
        f"Referer: {origin}/",
        "Sec-Fetch-Dest: empty",
        "Sec-Fetch-Mode: cors",
        "Sec-Fetch-Site: same-origin",
    ]


def request(kind: str, server: Server, note: dict = NOTE) -> bytes:
    origin = f"{'https' if server.tls else 'http'}://localhost:{server.port}"
    head = [LINES[kind], f"Host: localhost:{server.port}", "Connection: keep-alive", *browser_fields(origin)]
    body = b""
    if kind == "post":
        body = json.dumps(note, ensure_ascii=False).encode()
        head += [f"Origin: {origin}", "Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, "", ""]).encode() + body


@dataclasses.dataclass
class Answer:
    raw: bytes
    status: int
    headers: dict[str, str]
    body: bytes


def client_tls(*protocols: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # a certificate of our own making
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    if protocols:
        context.set_alpn_protocols(protocols)
    return context


def connect(server: Server, context: ssl.SSLContext | None = None) -> socket.socket:
    peer = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    return context.wrap_socket(peer, server_hostname="localhost") if context else peer


def exchange(server: Server, message: bytes) -> Answer:
    with connect(server, client_tls("http/1.1") if server.tls else None) as peer:
        peer.sendall(message)
        raw = b""
        want = None
        while want is None or len(raw) < want:
            part = peer.recv(65536)
            if not part:
                raise Failure(f"{server.name} closed the connection after {raw[:1000]!r}")
            raw += part
            if want is None and b"\r\n\r\n" in raw:
                lines = raw.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
                fields = (line.partition(":") for line in lines[1:])
                headers = {name.lower(): value.strip() for name, _, value in fields}
                start = raw.index(b"\r\n\r\n") + 4
                want = start + int(headers.get("content-length", "0"))
    return Answer(raw, int(lines[0].split()[1]), headers, raw[start:])


def hardened(answer: Answer) -> bool:
    return ("content-security-policy" in answer.headers and answer.headers.get("x-content-type-options") == "nosniff"
            and "x-powered-by" not in answer.headers)


def expect(server: Server, what: str, right: bool, *answers: Answer) -> None:
    if not right:
        raise Failure(f"{server.name}: not true: {what}\n" + "\n".join(repr(a.raw[:1000]) for a in answers))


def check_greeting(server: Server) -> None:
    """A server that answers wrong things fast is not measured."""
    get = exchange(server, request("get", server))
    expect(server, "GET / answers 200 and the message, with security headers",
           get.status == 200 and get.body == GREETING and hardened(get), get)


def check_api(server: Server) -> None:
    check_greeting(server)
    post, bad = (exchange(server, request("post", server, note)) for note in (NOTE, BAD_NOTE))
    expect(server, "POST /notes answers 201 and the note", post.status == 201 and json.loads(post.body) == NOTE, post)
    expect(server, "an invalid note answers 400", bad.status == 400, bad)
    expect(server, "every answer carries the security headers", hardened(post) and hardened(bad), post, bad)


def check_download(server: Server) -> None:
    file = exchange(server, request("download", server))
    whole = file.body == (server.folder / "static/1m.bin").read_bytes()
    expect(server, "the file arrives whole, with X-Content-Type-Options",
           file.status == 200 and whole and file.headers.get("x-content-type-options") == "nosniff", file)


# --- loads: so many requests to one server, every answer checked ---

def run_load(settings: Settings, server: Server, command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True,
                          preexec_fn=lambda: os.sched_setaffinity(0, settings.load_cpus))
    if done.returncode != 0:
        raise Failure(f"{command[0]} against {server.name}: {done.stderr.strip()}")
    return done.stdout


def raw_load(kind: str, connections: int = CONNECTIONS, pipelined: int = 1) -> Callable[[Settings, Server, int], dict]:
    def load(settings: Settings, server: Server, requests: int) -> dict:
        file = settings.work / "request"
        file.write_bytes(request(kind, server))
        return json.loads(run_load(settings, server, [
            str(settings.binaries / "load"), "--port", str(server.port), "--connections", str(connections),
            "--pipeline", str(pipelined), "--requests", str(requests), "--request", str(file)]))
    return load


def h2load(path: str, size: int, protocol: str, connections: int = CONNECTIONS,
           streams: int = 1) -> Callable[[Settings, Server, int], dict]:
    """h2load over TLS 1.3; the same cipher and the same bytes from every server, or it fails."""
    def load(settings: Settings, server: Server, requests: int) -> dict:
        origin = f"https://localhost:{server.port}"
        fields = [part for field in browser_fields(origin) for part in ("-H", field)]
        text = run_load(settings, server, [
            "h2load", "--npn-list", protocol, "--connect-to", f"127.0.0.1:{server.port}", "--tls13-ciphers",
            "TLS_AES_128_GCM_SHA256", "-n", str(requests), "-c", str(connections), "-m", str(streams), *fields,
            origin + path])
        facts = [f"Application protocol: {protocol}", "TLS Protocol: TLSv1.3", "Cipher: TLS_AES_128_GCM_SHA256",
                 f" {requests} succeeded,", f"status codes: {requests} 2xx", f"({requests * size}) data"]
        if missing := [fact for fact in facts if fact not in text]:
            raise Failure(f"h2load against {server.name}: not so: {missing[0]}\n{text}")
        rate = re.search(r"finished in .*?, ([\d.]+) req/s", text)
        return {"requests": requests, "per_second": float(rate[1])}
    return load


def shake_hands(server: Server, handshakes: int) -> None:
    context = client_tls("http/1.1")  # Python resumes a session only when it is handed one
    for _ in range(handshakes):
        with connect(server, context) as peer:
            try:
                peer.unwrap().close()
            except (ssl.SSLError, ConnectionError):  # not every server says goodbye
                pass


def handshake_load(settings: Settings, server: Server, handshakes: int) -> dict:
    def work() -> None:
        os.sched_setaffinity(0, settings.load_cpus)
        shake_hands(server, handshakes)
    start = time.monotonic()
    child = multiprocessing.get_context("fork").Process(target=work)
    child.start()
    child.join(timeout=120)
    if child.exitcode != 0:
        child.kill()
        raise Failure(f"handshakes with {server.name}: see above")
    return {"requests": handshakes, "per_second": handshakes / (time.monotonic() - start)}


# --- workloads ---

@dataclasses.dataclass(frozen=True)
class Case:
    """One table: the same load on several servers, told as ratios to the first of them."""
    name: str
    what: str
    peers: tuple[str, ...]
    load: Callable[[Settings, Server, int], dict]
    check: Callable[[Server], None]
    requests: int  # of one round; a tenth for Node
    tls: bool = False
    unit: str = "request"


API = ("baseline", "sallyport", "express", "fastify")
WEB = ("nginx", "sallyport")
H2 = ("nginx", "nghttpd", "sallyport")
SMALL = ("/", len(GREETING))
FILE = ("/static/1m.bin", DOWNLOAD)
NO_CHECK = ("baseline", "nghttpd")  # one has no routes, one no HTTP/1.1; the load checks their answers

WORKLOADS = {
    "get": [Case("get", "GET /, JSON answer", API, raw_load("get"), check_api, 60_000)],
    "post": [Case("post", "POST /notes, JSON body validated and echoed", API, raw_load("post"), check_api, 60_000)],
    "pipelined": [Case("pipelined", f"GET /, {PIPELINED} deep", API[:2], raw_load("get", pipelined=PIPELINED),
                       check_api, 200_000)],
    "download": [
        Case("download", "1 MiB file, HTTP/1.1", WEB, raw_load("download", 8), check_download, 2000, unit="file"),
        Case("download-tls", "1 MiB file, HTTP/1.1 over TLS 1.3", WEB, h2load(*FILE, "http/1.1", 8), check_download,
             800, True, "file"),
        Case("download-h2", "1 MiB file, HTTP/2 over TLS 1.3", WEB, h2load(*FILE, "h2", 8), check_download, 800, True,
             "file")],
    "tls-get": [Case("tls-get", "GET /, HTTP/1.1 over TLS 1.3", WEB, h2load(*SMALL, "http/1.1"), check_greeting,
                     40_000, True)],
    "handshakes": [Case("handshakes", "full TLS 1.3 handshakes, P-256 certificate", WEB, handshake_load,
                        check_greeting, 2000, True, "handshake")],
    "h2-get": [
        Case("h2-get", "GET /, HTTP/2 over TLS 1.3, one stream per connection", H2, h2load(*SMALL, "h2"),
             check_greeting, 40_000, True),
        Case("h2-get-16", "GET /, HTTP/2 over TLS 1.3, 16 streams per connection", H2,
             h2load(*SMALL, "h2", streams=16), check_greeting, 80_000, True)],
}


def start(settings: Settings, case: Case, skipped: dict[str, str]) -> dict[str, Server]:
    """Every server of the case that can run here, and the reason for each that cannot."""
    servers = {}
    for name in case.peers:
        try:
            if name == "nginx" or name == "nghttpd":
                needs(name)
            servers[name] = Server(name, settings, case.tls)
            if name not in NO_CHECK:
                case.check(servers[name])
        except Missing as reason:
            skipped[name] = str(reason)
    return servers


def measure(settings: Settings, case: Case, skipped: dict[str, str]) -> dict:
    if case.tls and case.load is not handshake_load:
        needs("h2load")
    servers = start(settings, case, skipped)
    reference = case.peers[0] if case.peers[0] in servers else next(iter(servers))
    count = {name: int(settings.scale * case.requests / (10 if name in ("express", "fastify") else 1))
             for name in servers}
    rounds: dict[str, list[dict]] = {name: [] for name in servers}
    logged = {name: 0 for name in servers}
    for name, server in servers.items():
        say(f"{case.name}: warming up {name}")
        case.load(settings, server, max(case.requests // 4, count[name]))
        server.take_log_lines()
    ticks = {name: server.cpu_ticks() for name, server in servers.items()}
    for number in range(settings.rounds):
        say(f"{case.name}: round {number + 1} of {settings.rounds}")
        for name, server in servers.items():
            before = server.cpu_seconds()
            result = case.load(settings, server, count[name])
            result["cpu_us"] = (server.cpu_seconds() - before) * 1e6 / result["requests"]
            rounds[name].append(result)
            logged[name] += server.take_log_lines()
    table = {}
    for name, server in servers.items():
        user, system = (now - then for now, then in zip(server.cpu_ticks(), ticks[name]))
        cpu = statistics.median(r["cpu_us"] for r in rounds[name])
        ratios = [r["cpu_us"] / b["cpu_us"] for r, b in zip(rounds[name], rounds[reference])]
        table[name] = {
            "cpu_us": cpu,
            "cpu_us_user": cpu * user / max(1, user + system),
            "cpu_us_system": cpu * system / max(1, user + system),
            "per_cpu_second": 1e6 / cpu,
            "reference": reference,
            "ratio": statistics.median(ratios), "ratio_min": min(ratios), "ratio_max": max(ratios),
            "per_second": statistics.median(r["per_second"] for r in rounds[name]),
            "p99_us": statistics.median(r["p99_us"] for r in rounds[name]) if "p99_us" in rounds[name][0] else None,
            "access_log_lines_per_request": logged[name] / (count[name] * settings.rounds),
            "requests_per_round": count[name],
            "rounds": rounds[name],
        }
    for server in servers.values():
        server.stop()
    show(settings, case, table, reference)
    return table


def show(settings: Settings, case: Case, table: dict, reference: str) -> None:
    print(f"\n{case.name}: {case.what}; {settings.threads} loop(s), {settings.rounds} rounds")
    print(f"  {'':10} {'CPU µs/' + case.unit:>16} {'user':>8} {'system':>8} {'x ' + reference:>11} {'(min-max)':>15}"
          f" {'/CPU second':>11} {'/second':>9} {'p99 ms':>7} {'logged':>7}")
    for name, row in table.items():
        span = f"({row['ratio_min']:.2f}-{row['ratio_max']:.2f})"
        p99 = "-" if row["p99_us"] is None else f"{row['p99_us'] / 1000:.2f}"
        print(f"  {name:10} {row['cpu_us']:16.2f} {row['cpu_us_user']:8.2f} {row['cpu_us_system']:8.2f}"
              f" {row['ratio']:11.2f} {span:>15} {row['per_cpu_second']:11.0f} {row['per_second']:9.0f} {p99:>7}"
              f" {row['access_log_lines_per_request']:6.0%}", flush=True)


# --- instructions ---

def callgrind_total(settings: Settings, name: str, workload: str, requests: int) -> int:
    out = settings.work / "callgrind.out"
    out.unlink(missing_ok=True)
    server = Server(name, settings, wrapper=["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}"],
                    patience=120)
    raw_load(workload, connections=1)(settings, server, requests)
    server.stop()
    for line in out.read_text().splitlines() if out.exists() else []:
        if line.startswith("totals:"):
            return int(line.split()[1])
    raise Failure(f"callgrind wrote no totals for {name}")


def measure_instructions(settings: Settings) -> dict:
    needs("valgrind")
    settings = dataclasses.replace(settings, threads=1)
    few, many = CALLGRIND_REQUESTS
    table: dict[str, dict[str, float]] = {}
    for name in ("baseline", "sallyport"):
        table[name] = {}
        for workload in ("get", "post"):
            say(f"instructions: {name}, {workload}")
            totals = [callgrind_total(settings, name, workload, requests) for requests in (few, many)]
            table[name][workload] = (totals[1] - totals[0]) / (many - few)
    print("\ninstructions: user-space instructions per request (callgrind, 1 connection)")
    print(f"  {'':10} {'get':>8} {'post':>8}")
    for name, row in table.items():
        print(f"  {name:10} {row['get']:8.0f} {row['post']:8.0f}", flush=True)
    return table


def capture(settings: Settings) -> None:
    """Sallyport's own answers, for the baseline to send and for nginx to take its headers from."""
    server = Server("sallyport", settings)
    check_api(server)
    for kind in ("get", "post"):
        (settings.work / f"{kind}.response").write_bytes(exchange(server, request(kind, server)).raw)
    server.stop()
