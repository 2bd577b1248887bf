"""What the tests share: the command, and small files that it makes once."""
import atexit
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np

PACKAGE = Path(__file__).resolve().parents[1]
REPOSITORY = PACKAGE.parents[1]
CHECKPOINTS = REPOSITORY / "checkpoints"
BVP = os.environ.get("BVP", str(REPOSITORY / ".build/release/bvp"))
sys.path.insert(0, str(PACKAGE))
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, [str(PACKAGE), os.environ.get("PYTHONPATH")]))

try:
    import torch

    torch.set_num_threads(1)
except ModuleNotFoundError:
    torch = None

needs_torch = unittest.skipUnless(torch, "PyTorch is not installed")

# All terms and kinds of conditions, in several ways to write YAML.
MIXED = """
name: "mixed"   # a comment, and one's apostrophe
domain: [-1, 2.5]
parameters:
  lambda: {uniform: [0.5, 2]}
  g: {normal: [0, 1]}
coefficients:
  K: 1 + 0.3 * sin(lambda * x)
  f: cos(x) + g
  q: 0.2 * lambda
  v: 0.1 * x
  w: 0.4 - 0.1 * x^2
boundary:   # all kinds
  left:
    robin:
      alpha: "max(lambda, 1)"   # quoted
      beta: -lambda^2 / 10
      gamma: where(g > 0, exp(-g), 1e-1)
  right: {integral: 'g + pi'}
"""
# One that few nodes resolve.
SMOOTH = """
name: smooth
domain: [-1, 2]
parameters:
  a: {uniform: [0.5, 1]}
  g: {uniform: [-1, 1]}
coefficients:
  K: 1 + 0.3 * sin(a * x)
  f: cos(x) + g
  q: 0.2 * a
  v: 0.1 * x
boundary:
  left: {robin: {alpha: 1, beta: -a, gamma: g}}
  right: {neumann: 0.1}
"""

FOLDER = Path(tempfile.mkdtemp(prefix="bvp-workbench-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
(FOLDER / "mixed.yaml").write_text(MIXED)
(FOLDER / "smooth.yaml").write_text(SMOOTH)
(FOLDER / "plain.yaml").write_text("".join(
    line for line in SMOOTH.splitlines(True) if line[:4] not in ("  q:", "  v:")))
(FOLDER / "nonlinear.yaml").write_text(
    "name: nonlinear\ndomain: [0, 1]\ncoefficients: {K: 1, f: exp(u)}\n"
    "boundary: {left: {dirichlet: 0}, right: {dirichlet: 0.5}}\n")


def bvp(*arguments: object) -> str:
    """Runs the command; returns its output, raises with its message."""
    result = subprocess.run(
        [BVP, *map(str, arguments)], capture_output=True, text=True)
    if result.returncode:
        raise AssertionError(result.stderr)
    return result.stdout


def generated(
    equation: str, *options: str, samples: int = 6, nodes: int = 16, seed: int = 5
) -> Path:
    """A dataset."""
    name = "".join((equation, *options)).replace("/", "of")
    path = FOLDER / f"{name}-{samples}-{nodes}-{seed}.safetensors"
    if path.exists():
        return path
    if (FOLDER / f"{equation}.yaml").exists():
        equation = str(FOLDER / f"{equation}.yaml")
    bvp("generate", equation, "--samples", samples, "--nodes", nodes, "--seed", seed,
        "--threads", 1, "--quiet", "--output", path, *options)
    return path


def imported(samples: int, n: int = 16, seed: int = 0) -> Path:
    """A file of systems of no equation."""
    path = FOLDER / f"imported-{samples}-{n}-{seed}.safetensors"
    if path.exists():
        return path
    random = np.random.default_rng(seed)
    arrays = {"A": np.eye(n) + 0.2 / np.sqrt(n) * random.normal(size=(samples, n, n)),
              "b": random.normal(size=(samples, n))}
    for name, values in arrays.items():
        np.save(FOLDER / f"{name}.npy", values)
    bvp("import", "--A", FOLDER / "A.npy", "--b", FOLDER / "b.npy", "--quiet",
        "--output", path)
    return path


def trained(equation: str, *options: str) -> Path:
    """The run of a toy network that has seen a few batches of an equation."""
    run = FOLDER / "".join((equation, *options))
    if run.exists():
        return run
    bvp("pretrain", FOLDER / f"{equation}.yaml", "--preset", "smoke", "--nodes", 16,
        "--samples", 32, "--test-samples", 8, "--steps", 3, "--precision", "f32",
        "--threads", 1, "--quiet", "--output", run, *options)
    return run
