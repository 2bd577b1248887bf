"""Runs all tests and prints one line of what came of them."""
import io
import sys
import time
import unittest
from collections import Counter
from pathlib import Path

began = time.monotonic()
suite = unittest.defaultTestLoader.discover(str(Path(__file__).parent))
output = io.StringIO()
result = unittest.TextTestRunner(output, verbosity=0).run(suite)
if not result.wasSuccessful():
    print(output.getvalue(), file=sys.stderr)
reasons = Counter(reason for _, reason in result.skipped)
wrong = len(result.failures) + len(result.errors)
print(
    f"python tests: {result.testsRun - len(result.skipped)} ran, {wrong} failed, "
    f"{len(result.skipped)} skipped",
    *(f"({count}: {reason})" for reason, count in reasons.items()),
    f"in {time.monotonic() - began:.0f} s")
sys.exit(not result.wasSuccessful())
