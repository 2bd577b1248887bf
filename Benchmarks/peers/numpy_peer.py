#!/usr/bin/env python3
"""Jobs in NumPy, timed as `bvp bench` times ours.

    numpy_peer.py generate --batch 50000 [--block 500]
    numpy_peer.py newton

`generate` makes a dataset of diffusion systems: batched assembly,
numpy.linalg.solve, one file at the end; the laws are those of
equations/diffusion.yaml, the random numbers NumPy's own. `newton` takes steps
of Newton's method for the paper's problem, min |Ax - b|_6, A 10000 x 60, at its
starting point. Prints one line of JSON.
"""
import argparse
import json
import os
import tempfile
import time

import numpy as np

N, LEFT, RIGHT = 64, 0.0, 7.5


def grid():
    """Chebyshev points of [LEFT, RIGHT] and their differentiation matrix."""
    j = np.arange(N)
    x = np.cos(np.pi * j / (N - 1))
    c = np.where((j == 0) | (j == N - 1), 2.0, 1.0) * (-1.0) ** j
    D = np.outer(c, 1 / c) / (x[:, None] - x[None, :] + np.eye(N))
    D -= np.diag(D.sum(axis=1))
    return LEFT + (RIGHT - LEFT) * (1 + x) / 2, D * 2 / (RIGHT - LEFT)


def field(random, x, samples, sigma=0.5, length=1.0, terms=32):
    """exp(g) over its mean, g a cosine series of mean variance sigma^2."""
    k = np.arange(terms)
    weight = np.exp(-((k * np.pi * length / (RIGHT - LEFT)) ** 2) / 2)
    weight *= sigma**2 / (weight[0] + weight[1:].sum() / 2)
    fine = np.linspace(LEFT, RIGHT, 257)
    xi = random.standard_normal((samples, terms)) * np.sqrt(weight)
    phase = k[:, None] * np.pi / (RIGHT - LEFT)
    mean = np.exp(xi @ np.cos(phase * (fine - LEFT))).mean(axis=1)
    return np.exp(xi @ np.cos(phase * (x - LEFT))) / mean[:, None]


def block(random, x, D, samples):
    alpha, omega, beta = (
        random.uniform(low, high, (samples, 1))
        for low, high in ((0.25, 0.75), (0.01, 0.75), (0.25, 0.75)))
    K = 1 + alpha * np.cos(2 * np.pi * omega * x)
    f = 1 - beta + beta * field(random, x, samples)
    A = -D @ (K[:, :, None] * D)
    b = f.copy()
    A[:, [0, -1]] = np.eye(N)[[0, -1]]
    b[:, [0, -1]] = 0
    u = np.linalg.solve(A, b[:, :, None])[:, :, 0]
    return K, f, u, np.hstack([alpha, omega, beta])


def newton(repeats=50):
    random = np.random.default_rng(0)
    A, b, x = random.random((10000, 60)), random.random(10000), np.zeros(60)
    A /= np.linalg.norm(A)
    b /= np.linalg.norm(b)
    best = np.inf
    for _ in range(repeats):
        began = time.perf_counter()
        r = A @ x - b
        w = r**4
        f = (w @ r**2) ** (1 / 6)
        g = 6 * A.T @ (w * r)
        H = 30 * A.T @ (w[:, None] * A)
        x + np.linalg.solve(H, -g)
        best = min(best, time.perf_counter() - began)
    assert abs(f - 0.058) < 1e-3
    print(json.dumps({
        "peer": f"numpy {np.__version__}", "job": "newton", "model": "p = 6",
        "batch": 1, "milliseconds_per_step": 1e3 * best,
        "samples_per_second": 1 / best}))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("job", choices=["generate", "newton"])
    parser.add_argument("--batch", type=int, default=50000)
    parser.add_argument("--block", type=int, default=500)
    options = parser.parse_args()
    if options.job == "newton":
        return newton()
    random = np.random.default_rng(0)
    x, D = grid()
    block(random, x, D, 16)
    began = time.perf_counter()
    parts = [block(random, x, D, min(options.block, options.batch - first))
             for first in range(0, options.batch, options.block)]
    K, f, u, parameters = map(np.concatenate, zip(*parts))
    with tempfile.TemporaryDirectory() as folder:
        np.savez(os.path.join(folder, "data.npz"),
                 x=x, K=K, f=f, u=u, parameters=parameters)
    seconds = time.perf_counter() - began
    print(json.dumps({
        "peer": f"numpy {np.__version__}", "job": "generate",
        "model": "diffusion", "batch": options.batch,
        "milliseconds_per_step": 1e3 * seconds,
        "samples_per_second": options.batch / seconds}))


main()
