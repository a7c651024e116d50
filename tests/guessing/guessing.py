#!/usr/bin/env python3
"""Attacks on signing in, against the notes example as it is deployed behind a proxy: passwords are hashed at their real price.

guessing.py BIN [PART…] [--long]. BIN has the programs notes and sallyport. The short form takes a few seconds of each attack, the long one two minutes.
"""

import concurrent.futures
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

LONG = "--long" in sys.argv
SECONDS = 120 if LONG else 6
RIGHT = "a long walk by the river"
WRONG = "another walk by the river"
PROXY = {"Host": "notes.example", "Origin": "https://notes.example", "X-Forwarded-Proto": "https", "Content-Type": "application/json"}


class Notes:
    """The example in production, started in a folder of its own; requests come from any address, as its proxy says."""

    def __init__(self, bin_folder, *flags):
        self.bin = bin_folder
        self.flags = flags
        self.home = tempfile.TemporaryDirectory()
        subprocess.run([f"{self.bin}/sallyport", "keys", "new", "key"], cwd=self.home.name, check=True, capture_output=True)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.start()

    def start(self):
        day = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 30 * 86_400))
        command = [f"{self.bin}/notes", "--port", str(self.port), "--server.origin", "https://notes.example", "--server.trusted-proxies",
                   "127.0.0.1", "--keys.file", "key", "--database.path", "notes.db", "--log.file", "log",
                   "--waivers", f"CFG-020 until {day}: the tests may start a debug build", *self.flags]
        if os.geteuid() == 0:
            import pwd
            nobody = pwd.getpwnam("nobody")
            os.chown(self.home.name, nobody.pw_uid, nobody.pw_gid)
            os.chown(f"{self.home.name}/key", nobody.pw_uid, nobody.pw_gid)
            command += ["--server.user", "nobody"]
        self.process = subprocess.Popen(command, cwd=self.home.name, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if line.startswith("ready: "):
                break
        else:
            raise RuntimeError(self.process.stderr.read())

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(30)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()
        self.home.cleanup()

    def post(self, path, values, address, cookies=""):
        """The status, the cookies that are set, and the seconds it took."""
        begin = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            fields = {**PROXY, "X-Forwarded-For": address, **({"Cookie": cookies} if cookies else {})}
            connection.request("POST", path, json.dumps(values) if values is not None else "", fields)
            answer = connection.getresponse()
            answer.read()
            kept = "; ".join(value.split(";")[0] for value in answer.headers.get_all("Set-Cookie") or [])
            return answer.status, kept, time.monotonic() - begin
        finally:
            connection.close()

    def sign_in(self, email, password, address, cookies=""):
        return self.post("/api/login", {"email": email, "password": password}, address, cookies)

    def sign_up(self, email, address):
        return self.post("/api/users", {"name": "Some One", "email": email, "password": RIGHT}, address)

    def users(self, *words):
        done = subprocess.run([f"{self.bin}/sallyport", "users", *words, "--database", f"{self.home.name}/notes.db"],
                              capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def events(self, name):
        return [line for line in map(json.loads, pathlib.Path(f"{self.home.name}/log").read_text().splitlines()) if line["event"] == name]


class Attack:
    """Calls `guess` with 0, 1, 2 … so many times a second, whether or not it has been answered, until it ends."""

    def __init__(self, guess, per_second=9):
        self.guess = guess
        self.pause = 1 / per_second
        self.ended = threading.Event()
        self.answers = []
        self.pool = concurrent.futures.ThreadPoolExecutor(64)
        self.thread = threading.Thread(target=self.run)

    def one(self, number):
        try:
            self.answers.append(self.guess(number)[0])
        except OSError:
            self.answers.append(0)

    def run(self):
        number, due = 0, time.monotonic()
        while not self.ended.is_set():
            self.pool.submit(self.one, number)
            number += 1
            due += self.pause
            time.sleep(max(0, due - time.monotonic()))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()
        self.pool.shutdown(cancel_futures=True)

    def told(self):
        return ", ".join(f"{status} x {self.answers.count(status)}" for status in sorted(set(self.answers)))


def crowd(bin_folder):
    """One address keeps the hashing busy; a victim elsewhere signs in."""
    with Notes(bin_folder) as notes:
        notes.sign_up("victim@example.org", "198.51.100.1")
        notes.sign_up("eve@example.org", "203.0.113.5")
        quiet = min(notes.sign_in("victim@example.org", RIGHT, "198.51.100.1")[2] for _ in range(3))
        attacks = {
            "right passwords": lambda number: notes.sign_in("eve@example.org", RIGHT, "203.0.113.5"),
            "wrong passwords": lambda number: notes.sign_in(f"user{number}@example.org", WRONG, "203.0.113.5"),
            "sign-ups": lambda number: notes.sign_up(f"made{number}@example.org", "203.0.113.5"),
        }
        for name, guess in attacks.items():
            times, statuses = [], []
            with Attack(guess) as attack:
                end = time.monotonic() + SECONDS
                while time.monotonic() < end:
                    status, _, took = notes.sign_in("victim@example.org", RIGHT, f"198.51.100.{2 + len(times) % 200}")
                    statuses.append(status)
                    times.append(took)
                    time.sleep(0.5)
            # On a machine that is busy otherwise one hash takes long by itself.
            bar = max(2, 6 * quiet)
            good = all(status == 200 for status in statuses) and max(times) < bar
            check(f"{name}, 9 a second from one address: a victim elsewhere signs in within {bar:.1f} s", good,
                  f"{len(times)} tries, {statuses.count(200)} signed in, slowest {max(times):.2f} s, median {sorted(times)[len(times) // 2]:.2f} s, "
                  f"quiet {quiet:.2f} s; the attacker got {attack.told()}")


def spread(bin_folder):
    """Two guesses at each of 300 accounts from 200 addresses, none of which reaches a limit."""
    accounts, addresses = (300, 200) if LONG else (60, 40)
    with Notes(bin_folder, "--password.memory-kib", "19456") as notes:
        begin = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            guesses = range(2 * accounts)
            statuses = list(pool.map(lambda number: notes.sign_in(f"user{number % accounts}@example.org", WRONG,
                                                                  f"198.51.{100 + number % addresses // 200}.{1 + number % 200 % addresses}")[0], guesses))
        took = time.monotonic() - begin
        alarms = notes.events("authn_login_fail_spread")
        told = {event["account"] for event in notes.events("authn_login_fail")}
        check("guesses that reach no limit are an alarm", len(alarms) == 1, f"{len(alarms)} alarms, {took:.1f} s; {alarms[0]['reason'] if alarms else ''}")
        check("the log tells the accounts apart", len(told) == accounts, f"{len(told)} of {accounts}; answers {sorted(set(statuses))}")


def siege(bin_folder):
    """A hundred addresses guess at one account all the time; its owner gets in."""
    with Notes(bin_folder) as notes:
        notes.sign_up("owner@example.org", "198.51.100.1")
        _, cookies, quiet = notes.sign_in("owner@example.org", RIGHT, "198.51.100.1")
        device = next(cookie for cookie in cookies.split("; ") if cookie.startswith("__Host-Http-device="))
        with Attack(lambda number: notes.sign_in("owner@example.org", WRONG, f"203.0.113.{1 + number % 100}")) as attack:
            while attack.answers.count(429) < 3:
                time.sleep(0.05)
            times, tries = [], 0
            end = time.monotonic() + SECONDS
            while time.monotonic() < end:
                tries += 1
                status, set_cookies, took = notes.sign_in("owner@example.org", RIGHT, "198.51.100.9", device)
                session = "; ".join(cookie for cookie in set_cookies.split("; ") if not cookie.startswith("__Host-Http-device="))
                left, _, _ = notes.post("/api/logout", None, "198.51.100.9", f"{session}; {device}")
                if status == 200 and left == 204:
                    times.append(took)
                time.sleep(0.5)
            check("the usual browser signs in and out", len(times) == tries and max(times) < max(2, 6 * quiet),
                  f"{len(times)} of {tries}, slowest {max(times):.2f} s; the attackers got {attack.told()}")
            strange = notes.sign_in("owner@example.org", RIGHT, "198.51.100.77")[0]
            check("an unknown browser is refused", strange == 429, strange)
            status, said = notes.users("unlock", "Owner@example.org")
            check("users unlock, beside the service", status == 0, said.strip())
            strange, _, took = notes.sign_in("owner@example.org", RIGHT, "198.51.100.77")
            check("then an unknown browser gets in, while the attack goes on", strange == 200, f"{strange} in {took:.2f} s")
            before = attack.answers.count(401)
            time.sleep(SECONDS)
            more = attack.answers.count(401) - before
            check("the attackers gain fifty guesses at most by that", more <= 50, f"{more} guesses")


def restart(bin_folder):
    """What was counted outlasts the process, however it ends."""
    with Notes(bin_folder, "--password.memory-kib", "19456") as notes:
        notes.sign_up("victim@example.org", "198.51.100.1")
        for how in (signal.SIGTERM, signal.SIGKILL):
            statuses = [notes.sign_in("victim@example.org", WRONG, f"203.0.113.{1 + number}")[0] for number in range(6)]
            notes.stop(how)
            notes.start()
            after = notes.sign_in("victim@example.org", RIGHT, "203.0.113.200")[0]
            check(f"a restart ({how.name}) gives no guess back", statuses[-1] == 429 and after == 429, f"{statuses}, then {after}")
        begin = time.monotonic()
        with Attack(lambda number: notes.sign_in("victim@example.org", WRONG, f"198.18.{number // 200 % 200}.{1 + number % 200}"), 200) as attack:
            time.sleep(SECONDS / 2)
        rate = len(attack.answers) / (time.monotonic() - begin)
        wal = sum(file.stat().st_size for file in pathlib.Path(notes.home.name).glob("notes.db*"))
        check("refused attempts write nothing", set(attack.answers) <= {429} and wal < 1_000_000,
              f"{rate:.0f} a second, {attack.told()}; the database has {wal} bytes")


failed = 0
passed = 0


def check(name, good, detail):
    global failed, passed
    passed += bool(good)
    failed += not good
    print(f"{'ok   ' if good else 'FAIL '} {name}: {detail}", flush=True)


PARTS = {"crowd": crowd, "spread": spread, "siege": siege, "restart": restart}


def main():
    bin_folder = os.path.abspath(sys.argv[1])
    for name in [word for word in sys.argv[2:] if not word.startswith("--")] or PARTS:
        PARTS[name](bin_folder)
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
