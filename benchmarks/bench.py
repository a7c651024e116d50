# Runs the servers side by side under one load and prints what a request costs; see README.md. Called by ./bench.

import argparse
import dataclasses
import json
import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
NAMES = ["get", "post", "instructions"]
CONNECTIONS = 32
CALLGRIND_REQUESTS = (500, 2500)  # the difference of both runs leaves start-up and shutdown out

HELLO = {"message": "Hello, World!"}
NOTE = {
    "title": "Groceries for the weekend & the week after",
    "body": "Milk, eggs, \"good\" bread\nCrème fraîche, 2 × butter\n" + "Remember the list on the fridge door. " * 8,
}
BAD_NOTE = {"title": "x" * 201, "body": "", "role": "admin"}


class Failure(Exception):
    """Something that should have run did not."""


class Missing(Exception):
    """A peer cannot run here because a tool or package is not available."""


# --- requests: one browser-like header set, identical for every server ---

def request(workload: str, port: int, note: dict = NOTE) -> bytes:
    head = [
        f"Host: localhost:{port}",
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Accept: application/json, text/plain, */*",
        "Accept-Language: en-GB,en;q=0.7,de;q=0.3",
        "Accept-Encoding: gzip, deflate, br, zstd",
        "Connection: keep-alive",
        f"Referer: http://localhost:{port}/",
        "Sec-Fetch-Dest: empty",
        "Sec-Fetch-Mode: cors",
        "Sec-Fetch-Site: same-origin",
    ]
    body = b""
    if workload == "post":
        body = json.dumps(note, ensure_ascii=False).encode()
        head += [f"Origin: http://localhost:{port}", "Content-Type: application/json", f"Content-Length: {len(body)}"]
    line = "POST /notes HTTP/1.1" if workload == "post" else "GET / HTTP/1.1"
    return "\r\n".join([line, *head, "", ""]).encode() + body


@dataclasses.dataclass
class Answer:
    raw: bytes
    status: int
    headers: dict[str, str]
    body: bytes


def exchange(port: int, message: bytes) -> Answer:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as peer:
        peer.sendall(message)
        raw = b""
        want = None
        while want is None or len(raw) < want:
            part = peer.recv(65536)
            if not part:
                raise Failure(f"the server closed the connection after {raw!r}")
            raw += part
            if want is None and b"\r\n\r\n" in raw:
                lines = raw.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
                fields = (line.partition(":") for line in lines[1:])
                headers = {name.lower(): value.strip() for name, _, value in fields}
                start = raw.index(b"\r\n\r\n") + 4
                want = start + int(headers.get("content-length", "0"))
    return Answer(raw, int(lines[0].split()[1]), headers, raw[start:])


# --- servers ---

@dataclasses.dataclass
class Settings:
    binaries: pathlib.Path
    threads: int
    rounds: int
    scale: float
    work: pathlib.Path
    server_cpus: set[int]
    load_cpus: set[int]


class Server:
    """One running server and its children; started by us, ended by its own process id."""

    running: list["Server"] = []

    def __init__(self, name: str, settings: Settings, wrapper: list[str] = [], patience: float = 30):
        self.name = name
        self.log = pathlib.Path(tempfile.mkdtemp(prefix=name + "-", dir=settings.work)) / "access.log"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command, extra = getattr(self, "command_" + name)(settings)
        output = self.log.with_name("output.txt")
        with output.open("wb") as sink:
            self.process = subprocess.Popen(
                wrapper + command, env=os.environ | extra, cwd=self.log.parent, stdin=subprocess.DEVNULL, stdout=sink,
                stderr=subprocess.STDOUT, start_new_session=True,
                preexec_fn=lambda: os.sched_setaffinity(0, settings.server_cpus))
        Server.running.append(self)
        deadline = time.monotonic() + patience
        while "ready: http" not in output.read_text(errors="replace"):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise Failure(f"{name} did not start:\n{output.read_text(errors='replace')[-2000:]}")
            time.sleep(0.02)

    def command_sallyport(self, settings: Settings) -> tuple[list[str], dict[str, str]]:
        return [str(settings.binaries / "bench_service"), "--mode", "development", "--port", str(self.port),
                "--server.threads", str(settings.threads), "--limits.general-per-second", "1000000",
                "--limits.general-burst", "1000000", "--log.file", str(self.log)], {}

    def command_baseline(self, settings: Settings) -> tuple[list[str], dict[str, str]]:
        return [str(settings.binaries / "epoll_baseline"), "--port", str(self.port), "--threads", str(settings.threads),
                "--get-response", str(settings.work / "get.response"),
                "--post-response", str(settings.work / "post.response")], {}

    def command_express(self, settings: Settings) -> tuple[list[str], dict[str, str]]:
        environment = {"NODE_ENV": "production", "PORT": str(self.port), "WORKERS": str(settings.threads),
                       "ACCESS_LOG": str(self.log)}
        return ["node", str(install_express())], environment

    def processes(self) -> list[int]:
        pid = self.process.pid
        try:
            children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except FileNotFoundError:
            children = []
        return [pid, *map(int, children)]

    def cpu_seconds(self) -> float:
        """CPU time of all threads of all its processes, in nanosecond steps: clock_getcpuclockid(3)."""
        return sum(time.clock_gettime((~pid << 3) | 2) for pid in self.processes())

    def cpu_ticks(self) -> tuple[int, int]:
        """User and system time, in ticks: too coarse for one round, good enough for the split over all rounds."""
        fields = [pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in self.processes()]
        return sum(int(f[11]) for f in fields), sum(int(f[12]) for f in fields)

    def take_log_lines(self) -> int:
        """Lines of the access log since the last call; the log is emptied so that a long run does not fill the disk."""
        if not self.log.exists():
            return 0
        with self.log.open("rb") as file:
            lines = sum(part.count(b"\n") for part in iter(lambda: file.read(1 << 20), b""))
        os.truncate(self.log, 0)
        return lines

    def stop(self) -> None:
        children = self.processes()[1:] if self.process.poll() is None else []
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for pid in children:  # workers end with their parent; this is for one that hangs
            if pathlib.Path(f"/proc/{pid}").exists():
                os.kill(pid, signal.SIGKILL)
        Server.running.remove(self)


def install_express() -> pathlib.Path:
    """Express and its packages as the lock file names them, under build/ so that the source tree stays clean."""
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            raise Missing(f"{tool} is not installed")
    source = ROOT / "benchmarks/peers/express"
    target = ROOT / "build/bench/express"
    stamp = target / "node_modules/.installed"
    lock = (source / "package-lock.json").read_text()
    target.mkdir(parents=True, exist_ok=True)
    for file in ("package.json", "package-lock.json", "app.js"):
        shutil.copy(source / file, target / file)
    if not stamp.exists() or stamp.read_text() != lock:
        say("installing the Express peer from npm")
        done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=target,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise Missing("npm could not install it: " + " | ".join(done.stdout.strip().splitlines()[-3:]))
        stamp.write_text(lock)
    return target / "app.js"


def load(settings: Settings, server: Server, workload: str, requests: int, connections: int = CONNECTIONS) -> dict:
    file = settings.work / "request"
    file.write_bytes(request(workload, server.port))
    done = subprocess.run(
        [str(settings.binaries / "load"), "--port", str(server.port), "--connections", str(connections), "--requests",
         str(requests), "--request", str(file)], capture_output=True, text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, settings.load_cpus))
    if done.returncode != 0:
        raise Failure(f"load against {server.name} ({workload}): {done.stderr.strip()}")
    return json.loads(done.stdout)


def check(server: Server) -> None:
    """A server that answers wrong things fast is not measured."""
    get, post = (exchange(server.port, request(workload, server.port)) for workload in ("get", "post"))
    bad = exchange(server.port, request("post", server.port, BAD_NOTE))
    for what, right in {
        "GET / answers 200 and the message": get.status == 200 and json.loads(get.body) == HELLO,
        "POST /notes answers 201 and the note": post.status == 201 and json.loads(post.body) == NOTE,
        "an invalid note answers 400": bad.status == 400,
        "every answer carries the security headers": all(
            "content-security-policy" in a.headers and a.headers.get("x-content-type-options") == "nosniff"
            and "x-powered-by" not in a.headers for a in (get, post, bad)),
    }.items():
        if not right:
            raise Failure(f"{server.name}: not true: {what}\n{get.raw!r}\n{post.raw!r}\n{bad.raw!r}")


def start_all(settings: Settings) -> tuple[dict[str, Server], dict[str, str]]:
    """Every server that can run here, and the reason for each that cannot."""
    servers = {"sallyport": Server("sallyport", settings)}
    check(servers["sallyport"])
    for workload in ("get", "post"):
        port = servers["sallyport"].port
        (settings.work / f"{workload}.response").write_bytes(exchange(port, request(workload, port)).raw)
    servers = {"baseline": Server("baseline", settings)} | servers
    skipped = {}
    try:
        servers["express"] = Server("express", settings)
        check(servers["express"])
    except Missing as reason:
        skipped["express"] = str(reason)
    return servers, skipped


# --- measurements ---

def measure_cpu(settings: Settings, servers: dict[str, Server], workload: str) -> dict:
    requests = {name: int(settings.scale * (10_000 if name == "express" else 60_000)) for name in servers}
    rounds: dict[str, list[dict]] = {name: [] for name in servers}
    logged = {name: 0 for name in servers}
    for name, server in servers.items():
        say(f"{workload}: warming up {name}")
        load(settings, server, workload, max(20_000, requests[name]))
        server.take_log_lines()
    ticks = {name: server.cpu_ticks() for name, server in servers.items()}
    for number in range(settings.rounds):
        say(f"{workload}: round {number + 1} of {settings.rounds}")
        for name, server in servers.items():
            before = server.cpu_seconds()
            result = load(settings, server, workload, requests[name])
            result["cpu_us"] = (server.cpu_seconds() - before) * 1e6 / result["requests"]
            rounds[name].append(result)
            logged[name] += server.take_log_lines()
    table = {}
    for name, server in servers.items():
        user, system = (now - then for now, then in zip(server.cpu_ticks(), ticks[name]))
        cpu = statistics.median(r["cpu_us"] for r in rounds[name])
        ratios = [r["cpu_us"] / b["cpu_us"] for r, b in zip(rounds[name], rounds["baseline"])]
        table[name] = {
            "cpu_us": cpu,
            "cpu_us_user": cpu * user / max(1, user + system),
            "cpu_us_system": cpu * system / max(1, user + system),
            "ratio": statistics.median(ratios), "ratio_min": min(ratios), "ratio_max": max(ratios),
            "per_second": statistics.median(r["per_second"] for r in rounds[name]),
            "p50_us": statistics.median(r["p50_us"] for r in rounds[name]),
            "p99_us": statistics.median(r["p99_us"] for r in rounds[name]),
            "access_log_lines_per_request": logged[name] / (requests[name] * settings.rounds),
            "requests_per_round": requests[name],
            "rounds": rounds[name],
        }
    return table


def print_cpu(settings: Settings, workload: str, table: dict) -> None:
    what = {"get": "GET /, JSON answer", "post": "POST /notes, JSON body validated and echoed"}[workload]
    print(f"\n{workload}: {what}; {CONNECTIONS} connections, {settings.threads} loop(s), {settings.rounds} rounds")
    print(f"  {'':10} {'CPU µs/request':>14} {'user':>8} {'system':>8} {'x baseline':>11} {'(min-max)':>15}"
          f" {'requests/s':>11} {'p99 ms':>8} {'logged':>7}")
    for name, row in table.items():
        span = f"({row['ratio_min']:.2f}-{row['ratio_max']:.2f})"
        print(f"  {name:10} {row['cpu_us']:14.2f} {row['cpu_us_user']:8.2f} {row['cpu_us_system']:8.2f}"
              f" {row['ratio']:11.2f} {span:>15} {row['per_second']:11.0f} {row['p99_us'] / 1000:8.2f}"
              f" {row['access_log_lines_per_request']:6.0%}")


def callgrind_total(settings: Settings, name: str, workload: str, requests: int) -> int:
    out = settings.work / "callgrind.out"
    out.unlink(missing_ok=True)
    server = Server(name, settings, ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}"], patience=120)
    load(settings, server, workload, requests, connections=1)
    server.stop()
    for line in out.read_text().splitlines() if out.exists() else []:
        if line.startswith("totals:"):
            return int(line.split()[1])
    raise Failure(f"callgrind wrote no totals for {name}")


def measure_instructions(settings: Settings) -> dict:
    settings = dataclasses.replace(settings, threads=1)
    few, many = CALLGRIND_REQUESTS
    table: dict[str, dict[str, float]] = {}
    for name in ("baseline", "sallyport"):
        table[name] = {}
        for workload in ("get", "post"):
            say(f"instructions: {name}, {workload}")
            totals = [callgrind_total(settings, name, workload, requests) for requests in (few, many)]
            table[name][workload] = (totals[1] - totals[0]) / (many - few)
    return table


def print_instructions(table: dict) -> None:
    print("\ninstructions: user-space instructions per request (callgrind, 1 connection)")
    print(f"  {'':10} {'get':>8} {'post':>8}")
    for name, row in table.items():
        print(f"  {name:10} {row['get']:8.0f} {row['post']:8.0f}")


# --- the command ---

def say(what: str) -> None:
    print(f"bench: {what}", file=sys.stderr, flush=True)


def build() -> pathlib.Path:
    say("building the release preset")
    command = [str(ROOT / "scripts/build"), "release", "bench_service", "epoll_baseline", "load"]
    if subprocess.run(command, stdout=sys.stderr).returncode != 0:
        raise Failure("the build")
    return ROOT / "build/release/bin"


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./bench", description="CPU time, rate and instructions per request, against a bare epoll loop that "
        "answers the same bytes and against Express with its security stack.")
    parser.add_argument("names", metavar="NAME", nargs="*", help="get, post, instructions; all when none is given")
    parser.add_argument("--json", metavar="FILE", help="write every number to FILE")
    parser.add_argument("--quick", action="store_true", help="3 short rounds instead of 9")
    parser.add_argument("--threads", type=int, default=1, help="event loops (Express: processes); default 1")
    parser.add_argument("--bin", metavar="DIR", help="use the binaries in DIR and build nothing")
    options = parser.parse_args()
    if unknown := set(options.names) - set(NAMES):
        parser.error(f"unknown name {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    options.names = options.names or NAMES
    return options


def run(options: argparse.Namespace, work: pathlib.Path) -> None:
    cpus = sorted(os.sched_getaffinity(0))
    if options.threads < 1 or options.threads > max(1, len(cpus) - 1):
        raise Failure(f"--threads must leave one of the {len(cpus)} CPUs to the load")
    settings = Settings(
        binaries=pathlib.Path(options.bin).resolve() if options.bin else build(), threads=options.threads,
        rounds=3 if options.quick else 9, scale=0.25 if options.quick else 1, work=work,
        server_cpus=set(cpus[:options.threads]), load_cpus=set(cpus[options.threads:] or cpus))
    if len(cpus) == 1:
        say("one CPU only: server and load share it")
    results: dict = {"cpus": len(cpus), "threads": options.threads, "connections": CONNECTIONS}
    servers, results["skipped"] = start_all(settings)
    for workload in ("get", "post"):
        if workload in options.names:
            results[workload] = measure_cpu(settings, servers, workload)
            print_cpu(settings, workload, results[workload])
    for server in servers.values():
        server.stop()
    if "instructions" in options.names:
        if shutil.which("valgrind") is None:
            results["skipped"]["instructions"] = "valgrind is not installed"
        else:
            results["instructions"] = measure_instructions(settings)
            print_instructions(results["instructions"])
    for name, reason in results["skipped"].items():
        print(f"\nskipped: {name}: {reason}")
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(results, indent=2) + "\n")


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options = parse()
    try:
        with tempfile.TemporaryDirectory(prefix="sallyport-bench-") as work:
            try:
                run(options, pathlib.Path(work))
            finally:
                for server in Server.running[:]:
                    server.stop()
        return 0
    except (Failure, OSError) as reason:
        print(f"bench: failed: {reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
