#!/usr/bin/env python3
"""The systemd unit, its settings and what the program tells a service manager: deploy.py BIN."""

import json
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).parents[2]
UNIT = ROOT / "deploy/notes.service"
passed = failed = 0


def check(name, good, detail=""):
    global passed, failed
    passed += bool(good)
    failed += not good
    print(f"{'ok   ' if good else 'FAIL '} {name}: {detail}", flush=True)


def unit():
    """systemd reads it without a complaint, and finds it as closed as the page says."""
    if not shutil.which("systemd-analyze"):
        print("skipped: the systemd unit: systemd-analyze is not installed")
        return
    with tempfile.TemporaryDirectory() as home:
        file = pathlib.Path(home) / "notes.service"
        file.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", UNIT.read_text(), flags=re.M))
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", str(file)], capture_output=True, text=True)
        check("systemd takes the unit", done.returncode == 0 and not done.stderr.strip(), done.stderr.strip() or "no complaint")
        done = subprocess.run(["systemd-analyze", "security", "--offline=yes", str(file)], capture_output=True, text=True)
        level = re.search(r"exposure level for \S+: ([0-9.]+)", done.stdout)
        check("what it can reach is little", level and float(level[1]) <= 2.0, level[0] if level else done.stderr.strip())
    said = re.search(r"says ([0-9.]+), \"OK\"", (ROOT / "docs/deploy.md").read_text())
    check("the page says the level that is measured", said and level and said[1] == level[1], f"{said and said[1]} and {level and level[1]}")


def settings(programs):
    """The unit's settings, for a user of this machine, are accepted by --check."""
    with tempfile.TemporaryDirectory() as home:
        subprocess.run([f"{programs}/sallyport", "keys", "new", f"{home}/master.key"], check=True, capture_output=True)
        text = (ROOT / "deploy/notes.toml").read_text().replace("/etc/notes", home).replace("/var/lib/notes", home)
        pathlib.Path(f"{home}/notes.toml").write_text(text)
        command = [f"{programs}/notes", "--config", f"{home}/notes.toml", "--port", "0", "--check"]
        day = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 30 * 86_400))
        command += ["--waivers", f"CFG-020 until {day}: the tests may start a debug build"]
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            for path in (home, f"{home}/master.key"):
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
            command += ["--server.user", "nobody"]
        done = subprocess.run(command, cwd=home, capture_output=True, text=True)
        found = json.loads(done.stdout)["findings"] if done.stdout.startswith("{") else done.stderr
        check("the settings of the unit are those of a service", done.returncode == 0 and not found, found or "no finding")


def notify(programs):
    """READY=1 when it serves, RELOADING=1 and READY=1 around a reload, STOPPING=1 at the end."""
    with tempfile.TemporaryDirectory() as home, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(f"{home}/notify")
        manager.settimeout(60)
        service = subprocess.Popen([f"{programs}/notes", "--mode", "development", "--port", "0", "--log.file", "log"], cwd=home,
                                   env={"NOTIFY_SOCKET": f"{home}/notify"}, stdout=subprocess.DEVNULL)
        try:
            ready = manager.recv(1024).decode()
            check("it says when it serves", ready.startswith("READY=1\nSTATUS=serves http://localhost:"), repr(ready))
            service.send_signal(signal.SIGHUP)
            told = [manager.recv(1024).decode(), manager.recv(1024).decode()]
            usec = re.fullmatch(r"RELOADING=1\nMONOTONIC_USEC=(\d+)", told[0])
            check("a reload is told, with its time, and its end",
                  usec and abs(int(usec[1]) / 1e6 - time.monotonic()) < 60 and told[1].startswith("READY=1\n"), told)
            service.send_signal(signal.SIGTERM)
            stopping = manager.recv(1024).decode()
            check("it says when it stops", stopping.startswith("STOPPING=1\n"), repr(stopping))
            check("and ends well", service.wait(60) == 0, service.returncode)
        finally:
            if service.poll() is None:
                service.kill()


def container():
    """Its programs are built as they are named, and it does not run as root."""
    text = (ROOT / "deploy/Containerfile").read_text()
    user = re.findall(r"^USER (\d+):(\d+)$", text, flags=re.M)
    check("the container's user is a number, and not root", len(user) == 1 and user[0][0] != "0", user)
    named = re.findall(r"scripts/build release (.*?)$", text, flags=re.M)
    check("it builds what it copies", named == ["notes sallyport_tool"] and "bin/notes" in text and "bin/sallyport" in text, named)


def main():
    programs = os.path.abspath(sys.argv[1])
    unit()
    settings(programs)
    notify(programs)
    container()
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
