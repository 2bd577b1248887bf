"""How `bvp serve` does with many clients at once: each moves a slider, some look
at the runs as well, and then beside connections that are idle and ones that drip.

    clients.py [--clients 100] [--seconds 20]
"""
import argparse
import socket
import statistics
import sys
import threading
import time

import api

BODY = {"equation": "diffusion", "seed": 1, "index": 4, "nodes": 64, "points": 256}
# Those who look at the runs as well, and the connections beside.
WATCHERS, IDLE, DRIPPING = 10, 50, 50
# MiB that a server may have more than at first, and seconds that 99 % may take.
GROWTH, PATIENCE = 400, 10


class Load:
    """What clients meet with during some seconds."""

    def __init__(self, server, clients, seconds):
        self.server, self.clients, self.seconds = server, clients, seconds
        self.milliseconds, self.errors, self.busy = [], [], 0
        self.lock = threading.Lock()
        self.end = 0.0
        self.peak = 0.0

    def client(self, number):
        own = self.server.client(timeout=60)
        place = 0
        while time.monotonic() < self.end:
            place += 1
            alpha = 0.25 + 0.5 * ((place * 17 + number) % 1000) / 1000
            began = time.monotonic()
            try:
                answer = own.post("/api/problem", BODY | {"set": {"alpha": alpha}})
                took = 1e3 * (time.monotonic() - began)
                error = None
                if answer.status == 200:
                    # As it is written there: to read all of it would slow down clients.
                    if repr(alpha).encode() not in answer.data:
                        error = f"alpha is not {alpha}: {answer}"
                elif answer.status != 503:
                    error = repr(answer)
                if number < WATCHERS and place % 10 == 0:
                    runs = own.get("/api/runs")
                    if runs.status not in (200, 503):
                        error = repr(runs)
                with self.lock:
                    self.milliseconds.append(took)
                    self.busy += answer.status == 503
                    self.errors += [error] if error else []
                if answer.status == 503:
                    time.sleep(0.05)
            except Exception as failure:
                with self.lock:
                    self.errors.append(repr(failure))
                own.close()
                time.sleep(0.1)
        own.close()

    def run(self):
        self.end = time.monotonic() + self.seconds
        used = self.server.seconds
        began = time.monotonic()
        threads = [
            threading.Thread(target=self.client, args=(number,))
            for number in range(self.clients)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            self.peak = max(self.peak, self.server.memory)
            time.sleep(0.1)
        self.took = time.monotonic() - began
        self.processors = (self.server.seconds - used) / self.took
        return self

    def describe(self, what, out):
        times = sorted(self.milliseconds) or [float("nan")]
        def part(share):
            return times[min(len(times) - 1, int(share * len(times)))]
        self.p99 = part(0.99)
        out(f"{self.clients} clients{what}, {self.took:.0f} s: "
            f"{len(self.milliseconds) / self.took:.0f} requests/s, median "
            f"{statistics.median(times):.0f} ms, p90 {part(0.9):.0f} ms, p99 {self.p99:.0f} ms, "
            f"{self.busy} busy, {len(self.errors)} errors, {self.processors:.1f} processors")


class Beside:
    """Connections that say nothing, and ones that say a byte now and then."""

    def __init__(self, server, idle, dripping):
        address = (server.host, server.port)
        self.sockets = [socket.create_connection(address) for _ in range(idle + dripping)]
        self.dripping = self.sockets[idle:]
        self.isOver = threading.Event()
        self.thread = threading.Thread(target=self.drip, daemon=True)
        self.thread.start()

    def drip(self):
        text = b"GET /api/jobs HTTP/1.1\r\nA: " + b"a" * 100_000
        for place in range(len(text)):
            for own in self.dripping:
                try:
                    own.send(text[place:place + 1])
                except OSError:
                    pass
            if self.isOver.wait(0.1):
                return

    def close(self):
        self.isOver.set()
        self.thread.join()
        for own in self.sockets:
            own.close()


def run(server, clients=100, seconds=20, out=print):
    """Both loads; what went wrong."""
    faults = []
    own = server.client()
    for _ in range(20):
        own.post("/api/problem", BODY)
    before = server.memory
    # The light load of one, for comparison.
    one = Load(server, 1, min(seconds, 1.5)).run()
    one.describe("", out)
    alone = Load(server, clients, seconds).run()
    alone.describe("", out)
    beside = Beside(server, IDLE, DRIPPING)
    crowded = Load(server, clients, seconds).run()
    crowded.describe(f" beside {IDLE} idle and {DRIPPING} dripping connections", out)
    beside.close()
    after = server.memory
    peak = max(alone.peak, crowded.peak)
    out(f"memory: {before:.0f} MiB before, {peak:.0f} at most, {after:.0f} after")
    for load in (one, alone, crowded):
        faults += load.errors[:5]
        if not load.milliseconds:
            faults.append("no request was answered")
        elif load.p99 > 1e3 * PATIENCE:
            faults.append(f"p99 is {load.p99:.0f} ms")
    if peak > before + GROWTH:
        faults.append(f"the server's memory grew from {before:.0f} to {peak:.0f} MiB")
    return faults


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    with api.Server() as server:
        faults = run(server, options.clients, options.seconds)
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"clients: {len(faults)} faults")
    sys.exit(bool(faults))
