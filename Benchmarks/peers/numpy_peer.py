#!/usr/bin/env python3
"""A dataset of diffusion systems in NumPy, timed as `bvp bench generate` times
ours: batched assembly, numpy.linalg.solve, one file at the end.

    numpy_peer.py --batch 50000 [--block 500]

Prints one line of JSON. The laws are those of equations/diffusion.yaml; the
random numbers are NumPy's own.
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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch", type=int, default=50000)
    parser.add_argument("--block", type=int, default=500)
    options = parser.parse_args()
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
