# What each check of the gate costs on its own, and all of them together.

import json
import subprocess

from servers import Failure, Settings, say

AIM_NS = 400


def measure(settings: Settings) -> dict:
    say("the gate, check by check")
    command = ["taskset", "-c", ",".join(map(str, sorted(settings.server_cpus))), str(settings.binaries / "gate_bench")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        raise Failure(f"gate_bench ended with {done.returncode}: {done.stderr}")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    print("\nThe gate, per request (aim: at most 400 ns and no allocation for all of it)")
    print(f"{'check':<24}{'ns, median':>12}{'least':>9}{'allocations':>14}")
    for row in rows:
        print(f"{row['check']:<24}{row['ns']:>12.1f}{row['least']:>9.1f}{row['allocations']:>14.3f}")
    return {"aim_ns": AIM_NS, "checks": rows}
