"""Runs the parts, prints what they say, and one line of what came of them."""
import io
import os
import sys
import time
import unittest

import api
import clients
import fuzz

os.environ.setdefault("PYTHONUNBUFFERED", "1")
began = time.monotonic()
failed = []
said = []


def tests(name):
    """The tests of a file."""
    began = time.monotonic()
    output = io.StringIO()
    suite = unittest.defaultTestLoader.loadTestsFromName(name)
    result = unittest.TextTestRunner(output, verbosity=0).run(suite)
    if not result.wasSuccessful():
        print(output.getvalue(), file=sys.stderr)
        failed.append(name)
    wrong = len({
        test.id().split(" ")[0] for test, _ in result.failures + result.errors})
    for _, reason in result.skipped:
        print(f"page test: {name}: skipped, {reason}", file=sys.stderr)
    said.append(f"{name} {result.testsRun} ran, {wrong} failed")
    print(f"page test: {said[-1]} in {time.monotonic() - began:.0f} s", flush=True)


def part(name, run):
    """A part that gives a list of what went wrong."""
    began = time.monotonic()
    with api.Server() as server:
        faults = run(server)
    for fault in faults[:20]:
        print(f"page test: {name}: {fault}", file=sys.stderr)
    if faults:
        failed.append(name)
    said.append(f"{name} {len(faults)} faults")
    print(f"page test: {said[-1]} in {time.monotonic() - began:.0f} s", flush=True)


tests("test_api")
tests("test_browser")
part("clients", lambda server: clients.run(server, seconds=5))
part("fuzz", lambda server: fuzz.run(server, count=400, seed=1))
print(f"page test: {'FAILED' if failed else 'passed'}: {'; '.join(said)}; in "
      f"{time.monotonic() - began:.0f} s")
sys.exit(bool(failed))
