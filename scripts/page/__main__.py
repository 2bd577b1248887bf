"""Runs the parts, prints what they say, and one line of what came of them.

With the name of a part it runs that alone.
"""
import io
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

import api
import clients
import fuzz


def tests(name, wanted=lambda name: True):
    """The tests of a file whose names are wanted; how many failed."""
    def flat(suite):
        for one in suite:
            yield from flat(one) if isinstance(one, unittest.TestSuite) else [one]
    output = io.StringIO()
    loaded = unittest.defaultTestLoader.loadTestsFromName(name)
    suite = unittest.TestSuite(test for test in flat(loaded) if wanted(test.id()))
    result = unittest.TextTestRunner(output, verbosity=0).run(suite)
    if not result.wasSuccessful():
        print(output.getvalue(), file=sys.stderr)
    for _, reason in result.skipped:
        print(f"skipped: {reason}")
    # Each test counts once, however many of its subtests failed.
    wrong = {getattr(test, "test_case", test).id()
             for test, _ in result.failures + result.errors}
    print(f"{result.testsRun} ran, {len(wrong)} failed", flush=True)
    return len(wrong)


def load(run, **options):
    """What gives a list of what went wrong; how much that was."""
    with api.Server() as server:
        faults = run(server, **options)
    for fault in faults[:20]:
        print(fault, file=sys.stderr)
    print(f"{len(faults)} faults", flush=True)
    return len(faults)


PARTS = {
    "api": lambda: tests("test_api"),
    "browser": lambda: tests("test_browser", lambda name: "LatencyTests" not in name),
    "fuzz": lambda: load(fuzz.run, count=400, seed=1),
    "latency": lambda: tests("test_browser", lambda name: "LatencyTests" in name),
    "clients": lambda: load(clients.run, seconds=5),
}
# What measures has the machine for itself.
ALONE = ("latency", "clients")


def begin(part):
    return subprocess.Popen(
        [sys.executable, "-u", str(Path(__file__).parent), part], text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        preexec_fn=lambda: api.follow(signal.SIGTERM))


def end(part, process):
    """Prints what a part says; its last line."""
    lines = process.communicate()[0].splitlines() or ["said nothing"]
    for line in lines[:-1]:
        print(line)
    isGood = process.returncode == 0
    said = f"{part}: {lines[-1]}" + ("" if isGood else " (FAILED)")
    print(f"page test: {said}", flush=True)
    return said, isGood


def main():
    if len(sys.argv) > 1:
        sys.exit(bool(PARTS[sys.argv[1]]()))
    began = time.monotonic()
    together = {part: begin(part) for part in PARTS if part not in ALONE}
    results = [end(part, process) for part, process in together.items()]
    results += [end(part, begin(part)) for part in ALONE]
    isGood = all(good for _, good in results)
    print(f"page test: {'passed' if isGood else 'FAILED'}: "
          + "; ".join(said for said, _ in results)
          + f"; in {time.monotonic() - began:.0f} s")
    sys.exit(not isGood)


main()
