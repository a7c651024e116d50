# The command behind ./bench: what is measured, with which binaries, and where the numbers go; see README.md.

import argparse
import json
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile

import cpu
import gate
import hostile
import idle
from servers import ROOT, Failure, Missing, Server, Settings, prepare, say

NAMES = [*cpu.WORKLOADS, "instructions", "gate", "idle", "hostile"]

EXPLANATION = """\
CPU time per request, told as a ratio measured in the same interleaved rounds (median, least and greatest):
  get           small GET over HTTP/1.1, against a bare epoll loop, Express and Fastify with their security packages
  post          JSON body validated and echoed, against the same
  pipelined     GETs 16 deep, against the bare loop
  download      1 MiB file over HTTP/1.1, over TLS 1.3 and over HTTP/2, against nginx
  tls-get       small GET over HTTP/1.1 and TLS 1.3, against nginx
  handshakes    full TLS 1.3 handshakes, none resumed, against nginx
  h2-get        small GET over HTTP/2 with 1 and with 16 streams per connection, against nginx and nghttpd
Other measures:
  instructions  user-space instructions per request under callgrind
  gate          nanoseconds and allocations of each check that every request passes, and of all together
  idle          memory of each of 10,000 idle keep-alive connections: plain, TLS, HTTP/2; the same of nginx
  hostile       2,000 slow clients for a minute, twice: what one good client notices, and when the slow ones are cut

What a peer needs and is not here is named as skipped. How fast something ran is never a failure.
"""


def build() -> pathlib.Path:
    say("building the release preset")
    command = [str(ROOT / "scripts/build"), "release", "bench_service", "epoll_baseline", "load", "gate_bench"]
    if subprocess.run(command, stdout=sys.stderr).returncode != 0:
        raise Failure("the build")
    return ROOT / "build/release/bin"


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./bench", formatter_class=argparse.RawDescriptionHelpFormatter, epilog=EXPLANATION,
        description="What Sallyport costs next to others that do the same, and what attacks cost its good clients.")
    parser.add_argument("names", metavar="NAME", nargs="*", help="any of the names below; all when none is given")
    parser.add_argument("--json", metavar="FILE", help="write every number to FILE")
    parser.add_argument("--quick", action="store_true", help="3 short rounds instead of 9, 2,000 idle connections, "
                        "20 seconds of attack")
    parser.add_argument("--threads", type=int, default=1, help="event loops (Node, nginx: processes); default 1")
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
        quick=options.quick, work=work, server_cpus=set(cpus[:options.threads]),
        load_cpus=set(cpus[options.threads:] or cpus))
    if len(cpus) == 1:
        say("one CPU only: server and load share it")
    results: dict = {"cpus": len(cpus), "threads": options.threads, "connections": cpu.CONNECTIONS, "skipped": {}}
    skipped = results["skipped"]
    prepare(settings)
    cpu.capture(settings)
    measures = {case.name: (name, lambda case=case: cpu.measure(settings, case, skipped))
                for name, cases in cpu.WORKLOADS.items() for case in cases}
    measures["instructions"] = ("instructions", lambda: cpu.measure_instructions(settings))
    measures["gate"] = ("gate", lambda: gate.measure(settings))
    measures["idle"] = ("idle", lambda: idle.measure(settings, skipped))
    measures["hostile"] = ("hostile", lambda: hostile.measure(settings))
    for key, (name, measure) in measures.items():
        if name in options.names:
            try:
                results[key] = measure()
            except Missing as reason:
                skipped[key] = str(reason)
            if options.json:  # what is measured stays, whatever happens next
                pathlib.Path(options.json).write_text(json.dumps(results, indent=2) + "\n")
    for name, reason in skipped.items():
        print(f"\nskipped: {name}: {reason}")


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options = parse()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # servers and clients inherit it
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
