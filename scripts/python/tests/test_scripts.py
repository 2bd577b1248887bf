"""What scripts/test says of the parts that it skipped, and what .ci/run makes of it;
what scripts/profile makes of perf's report. What they call are stubs here."""
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
STUBS = {
    "swift": """case $* in
      "format --version") echo "${FORMATTER:-6.3.1}" ;;
      "format lint"*) [ -z "${BAD_STYLE:-}" ] ;;
      test*) echo "${SWIFT:-}"
        echo "✔ Test run with 40 tests in 7 suites passed after 1.5 seconds." ;;
    esac""",
    "scripts/setup": "true", "scripts/modules": "true", "scripts/reproduce": "true",
    "scripts/check-benchmarks": "true",
    "scripts/python/test":
        'echo "python tests: ${PYTHON_SAID:-3 ran, 0 failed, 0 skipped in 2 s}"',
    "scripts/page/test": """echo "${PAGE_SKIPPED:-}"
      echo "page test: ${PAGE_SAID:-passed: api: 5 ran, 0 failed; browser: 2 ran}" """,
}
# A report of perf with a share of one per cent for each symbol.
PERF = """case $1 in
  report) for symbol in $SYMBOLS; do echo "1.00%;[.] $symbol;bvp"; done ;;
esac"""
NO_BROWSER = "skipped: there is no chromium"


class SkippedPartsTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for name in ("scripts/test", ".ci/run"):
            (self.folder / name).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / name, self.folder / name)
        for name, body in STUBS.items():
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"#!/usr/bin/env bash\n{body}\n")
            path.chmod(0o755)

    def run_script(self, *command, **settings):
        """The status of a script and the lines of its output."""
        path = f"{self.folder}:{os.environ['PATH']}"
        run = subprocess.run(
            [self.folder / command[0], *command[1:]], capture_output=True, text=True,
            env={**os.environ, **settings, "PATH": path})
        return run.returncode, run.stdout.splitlines()

    def skipped(self, *arguments, **settings):
        """What the last line of a scripts/test that passed says."""
        status, lines = self.run_script("scripts/test", *arguments, **settings)
        self.assertEqual(status, 0)
        self.assertRegex(lines[-2], r"^\d+ passed, 0 failed$")
        return lines[-1]

    def test_nothing(self):
        status, lines = self.run_script("scripts/test")
        self.assertEqual(status, 0)
        self.assertEqual(
            lines[-2:], ["50 passed, 0 failed", "test: skipped: nothing"])

    def test_style_is_held_by_one_version(self):
        self.assertEqual(
            self.skipped(FORMATTER="6.0.3", BAD_STYLE="1"),
            "test: skipped: style (the formatter of Swift 6.3 decides, not 6.0.3)")
        self.assertEqual(self.run_script("scripts/test", BAD_STYLE="1")[0], 1)

    def test_parts(self):
        said = self.skipped(
            PYTHON_SAID="3 ran, 0 failed, 26 skipped (23: PyTorch is not installed) "
            "(3: h5py is not installed) in 2 s",
            PAGE_SKIPPED=NO_BROWSER,
            SWIFT="➜ Suite RankTests skipped.\n➜ Test b(_:) skipped.\n"
            "✘ Test a() skipped.")
        self.assertEqual(
            said, "test: skipped: 2 of Swift's tests (a(), b(_:)); 26 of Python's tests (23: "
            "PyTorch is not installed) (3: h5py is not installed); the browser (there "
            "is no chromium)")
        said = self.skipped(PYTHON_SAID="skipped, python3-venv is missing",
                            PAGE_SAID="skipped, Python 3.11 or later is missing")
        self.assertEqual(
            said, "test: skipped: Python (python3-venv is missing); the page and the "
            "browser (Python 3.11 or later is missing)")

    def test_arguments_leave_the_rest_out(self):
        self.assertEqual(
            self.skipped("--filter", "NoiseTests"),
            "test: skipped: all but the tests of Swift that the arguments choose")

    def test_ci_wants_python_and_the_browser(self):
        for settings, status in (
                ({}, 0), ({"FORMATTER": "6.0.3"}, 0),
                ({"PYTHON_SAID": "3 ran, 0 failed, 2 skipped (2: no PyTorch) in 2 s"}, 0),
                ({"PYTHON_SAID": "skipped, python3-venv is missing"}, 1),
                ({"PAGE_SKIPPED": NO_BROWSER}, 1),
                ({"PAGE_SAID": "skipped, Python 3.11 or later is missing"}, 1)):
            with self.subTest(settings):
                self.assertEqual(self.run_script(".ci/run", **settings)[0], status)


class ProfileTests(unittest.TestCase):
    def shares(self, *symbols):
        """What scripts/profile makes of a report of some symbols, in per cent."""
        with tempfile.TemporaryDirectory() as folder:
            for name, body in (
                    ("scripts/profile", (ROOT / "scripts/profile").read_text()),
                    ("perf", f"#!/usr/bin/env bash\n{PERF}\n"),
                    (".build/release/bvp", "")):
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(body)
                path.chmod(0o755)
            run = subprocess.run(
                [Path(folder, "scripts/profile")], capture_output=True, text=True,
                env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}",
                     "SYMBOLS": " ".join(symbols)}, check=True)
        return {line[:20].strip(): float(line[20:])
                for line in run.stdout.splitlines()[1:]}

    def test_every_kernel_has_a_name(self):
        sources = "".join(
            path.read_text() for path in (ROOT / "Sources/CKernels").glob("*.[ci]*")
            if path.is_file())
        kernels = re.findall(r"^KERNEL\((?:NAME\()?(\w+)", sources, re.MULTILINE)
        kernels += re.findall(r"^(?:static )?void (?:NAME|CK)\((\w+)", sources,
                              re.MULTILINE)
        self.assertGreater(len(kernels), 30)
        self.assertNotIn("all else", self.shares(*(f"f32_{k}_v3" for k in kernels)))

    def test_attention_of_both_precisions(self):
        self.assertEqual(
            self.shares("f32_attention_forward_body_v4", "ck_pair_backward", "main",
                        "muon_gelu"),
            {"attention": 50, "GELU": 25, "all else": 25})
