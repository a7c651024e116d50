# The servers that ./bench runs: how each is configured, started, measured and stopped.

import dataclasses
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
GREETING = b'{"message":"Hello, World!"}'
DOWNLOAD = 1 << 20   # bytes of static/1m.bin, incompressible
LARGE = 16 << 20     # bytes of static/16m.bin: more than the kernel buffers for a reader that stalls
ENDLESS = 1_000_000  # a limit that is counted and never reached


class Failure(Exception):
    """Something that should have run did not."""


class Missing(Exception):
    """A peer cannot run here because a tool or package is not available."""


def say(what: str) -> None:
    print(f"bench: {what}", file=sys.stderr, flush=True)


@dataclasses.dataclass
class Settings:
    binaries: pathlib.Path
    threads: int
    quick: bool
    work: pathlib.Path
    server_cpus: set[int]
    load_cpus: set[int]

    @property
    def rounds(self) -> int:
        return 3 if self.quick else 9

    @property
    def scale(self) -> float:
        return 0.25 if self.quick else 1


class Server:
    """One running server and its children; started by us, ended by its own process id."""

    running: list["Server"] = []

    def __init__(self, name: str, settings: Settings, tls: bool = False, flags: list[str] = [],
                 wrapper: list[str] = [], patience: float = 30):
        self.name, self.tls, self.flags = name, tls, flags
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=name + "-", dir=settings.work))
        self.log = self.folder / "access.log"
        if not wrapper:  # valgrind does not know openat2, without which files are not served
            (self.folder / "static").mkdir()
            for file in (settings.work / "static").iterdir():
                os.link(file, self.folder / "static" / file.name)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command, extra = getattr(self, "command_" + name)(settings)
        output = self.folder / "output.txt"
        with output.open("wb") as sink:
            self.process = subprocess.Popen(
                wrapper + command, env=os.environ | extra, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=sink,
                stderr=subprocess.STDOUT, start_new_session=True,
                preexec_fn=lambda: os.sched_setaffinity(0, settings.server_cpus))
        Server.running.append(self)
        deadline = time.monotonic() + patience
        while not self.accepts():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise Failure(f"{name} did not start:\n{output.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)

    def accepts(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
            return True
        except ConnectionRefusedError:
            return False

    def command_sallyport(self, settings: Settings) -> tuple[list[str], dict[str, str]]:
        tls = ["--tls.enabled", "--tls.minimum", "1.3", "--tls.certificate", str(settings.work / "certificate.pem"),
               "--tls.key", str(settings.work / "key.pem"), "--limits.keep-alive-requests", str(ENDLESS)]
        return [str(settings.binaries / "bench_service"), "--mode", "development", "--port", str(self.port),
                "--server.threads", str(settings.threads), "--limits.general-per-second", str(ENDLESS),
                "--limits.general-burst", str(ENDLESS), "--log.file", str(self.log), *(tls if self.tls else []),
                *self.flags], {}

    def command_baseline(self, settings: Settings) -> tuple[list[str], dict[str, str]]:
        return [str(settings.binaries / "epoll_baseline"), "--port", str(self.port), "--threads", str(settings.threads),
                "--get-response", str(settings.work / "get.response"),
                "--post-response", str(settings.work / "post.response")], {}

    def command_express(self, settings: Settings) -> tuple[list[str], dict[str, str]]:
        environment = {"NODE_ENV": "production", "PORT": str(self.port), "WORKERS": str(settings.threads),
                       "ACCESS_LOG": str(self.log)}
        return ["node", str(install_peer(self.name))], environment

    command_fastify = command_express

    def command_nginx(self, settings: Settings) -> tuple[list[str], dict[str, str]]:
        """Security headers as Sallyport sends them, access log on; nothing that counts or limits."""
        tls = f"""
            ssl_certificate {settings.work}/certificate.pem;
            ssl_certificate_key {settings.work}/key.pem;
            ssl_protocols TLSv1.3;""" if self.tls else ""
        headers = "\n".join(f'            add_header {name} "{value}" always;'
                            for name, value in security_headers(settings).items())
        folders = "\n".join(f"    {kind}_temp_path {self.folder}/{kind};"
                            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        configuration = self.folder / "nginx.conf"
        configuration.write_text(f"""
{"user root;" if os.geteuid() == 0 else ""}
daemon off;
worker_processes {settings.threads};
pid {self.folder}/nginx.pid;
error_log {self.folder}/error.log warn;
events {{ worker_connections 16384; }}
http {{
    access_log {self.log} combined buffer=64k flush=1s;
    sendfile on;
    tcp_nopush on;
    keepalive_timeout 600;
    keepalive_requests {ENDLESS};
    default_type application/octet-stream;
{folders}
    server {{
        listen 127.0.0.1:{self.port} backlog=4096 {"ssl http2" if self.tls else ""};{tls}
{headers}
        location = / {{ default_type application/json; return 200 '{GREETING.decode()}'; }}
        location /static/ {{ root {self.folder}; }}
    }}
}}
""")
        return ["nginx", "-p", str(self.folder), "-e", f"{self.folder}/error.log", "-c", str(configuration)], {}

    def command_nghttpd(self, settings: Settings) -> tuple[list[str], dict[str, str]]:
        """The greeting comes from a file and without security headers; it has no access log."""
        (self.folder / "index.html").write_bytes(GREETING)
        return ["nghttpd", "--address=127.0.0.1", "-n", str(settings.threads), "-d", str(self.folder), str(self.port),
                str(settings.work / "key.pem"), str(settings.work / "certificate.pem")], {}

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

    def memory(self) -> int:
        """Bytes of its processes, pages that they share counted once (PSS)."""
        rollups = (pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in self.processes())
        return sum(int(text.split("\nPss:")[1].split()[0]) * 1024 for text in rollups)

    def descriptors(self) -> int:
        return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in self.processes())

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


def prepare(settings: Settings) -> None:
    """What the servers share: files to serve, and a P-256 certificate."""
    static = settings.work / "static"
    static.mkdir()
    (static / "1m.bin").write_bytes(os.urandom(DOWNLOAD))
    with (static / "16m.bin").open("wb") as file:
        file.truncate(LARGE)
    key = settings.work / "key.pem"
    done = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key),
         "-out", str(settings.work / "certificate.pem")], capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"openssl made no certificate: {done.stderr}")
    key.chmod(0o600)


def security_headers(settings: Settings) -> dict[str, str]:
    """Of the answer that Sallyport gave to GET /: what nginx is told to send as well."""
    lines = (settings.work / "get.response").read_bytes().split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
    fields = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    own = {"date", "server", "connection", "content-type", "content-length", "x-dev-mode", "ratelimit",
           "ratelimit-policy"}
    return {name: value for name, value in fields.items() if name.lower() not in own}


def needs(*tools: str) -> None:
    for tool in tools:
        if shutil.which(tool) is None:
            raise Missing(f"{tool} is not installed")


def install_peer(name: str) -> pathlib.Path:
    """A Node peer and its packages as the lock file names them, under build/ so that the source tree stays clean."""
    needs("node", "npm")
    source = ROOT / "benchmarks/peers" / name
    target = ROOT / "build/bench" / name
    stamp = target / "node_modules/.installed"
    lock = (source / "package-lock.json").read_text()
    target.mkdir(parents=True, exist_ok=True)
    for file in ("package.json", "package-lock.json", "app.js"):
        shutil.copy(source / file, target / file)
    if not stamp.exists() or stamp.read_text() != lock:
        say(f"installing the {name} peer from npm")
        done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=target,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise Missing("npm could not install it: " + " | ".join(done.stdout.strip().splitlines()[-3:]))
        stamp.write_text(lock)
    return target / "app.js"
