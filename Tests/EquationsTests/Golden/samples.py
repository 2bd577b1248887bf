#!/usr/bin/env python3
"""Golden values of GoldenSampleTests, from an implementation that shares no
code with the package: python3 samples.py (needs no libraries).

Prints, for samples 0 and 123456789012 of seed 2024, diffusion's parameters and
its field r at the ends and the middle of [0, 7.5].
"""
from math import ceil, cos, exp, log, pi, sin, sqrt

MASK = 0xFFFFFFFF


def philox(counter, key):
    """Philox4x32-10: Salmon et al., SC '11."""
    c, k = list(counter), list(key)
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [
            (p1 >> 32) ^ c[1] ^ k[0], p1 & MASK,
            (p0 >> 32) ^ c[3] ^ k[1], p0 & MASK,
        ]
        k = [(k[0] + 0x9E3779B9) & MASK, (k[1] + 0xBB67AE85) & MASK]
    return c


def uniforms(seed, index, stream):
    block = 0
    while True:
        w = philox(
            [block, stream, index & MASK, index >> 32],
            [seed & MASK, seed >> 32])
        for low, high in ((w[0], w[1]), (w[2], w[3])):
            yield ((high << 32 | low) >> 11) * 2.0**-53
        block += 1


def normals(seed, index, stream):
    u = uniforms(seed, index, stream)
    while True:
        radius, angle = sqrt(-2 * log(1 - next(u))), 2 * pi * next(u)
        yield radius * cos(angle)
        yield radius * sin(angle)


def field(seed, index, points, sigma, length, a, b):
    """A log-Gaussian field; its mean by the trapezoidal rule, which converges
    geometrically on a cosine series."""
    modes = 1 + ceil(sqrt(64 * log(10)) * (b - a) / (pi * length))
    weights = [exp(-0.5 * (k * pi * length / (b - a)) ** 2)
               for k in range(modes)]
    scale = sigma**2 / (weights[0] + sum(weights[1:]) / 2)
    draw = normals(seed, index, 0x20000000)
    terms = [sqrt(scale * w) * next(draw) for w in weights]

    def g(t):
        return sum(c * cos(k * pi * t) for k, c in enumerate(terms))

    m = 1000
    mean = (exp(g(0)) / 2 + exp(g(1)) / 2
            + sum(exp(g(j / m)) for j in range(1, m))) / m
    return [exp(g((x - a) / (b - a))) / mean for x in points]


def main():
    assert philox([0] * 4, [0] * 2)[0] == 0x6627E8D5
    seed = 2024
    laws = {"alpha": (0.25, 0.75), "omega": (0.01, 0.75), "beta": (0.25, 0.75)}
    for index in (0, 123456789012):
        values = [lo + (hi - lo) * next(uniforms(seed, index, stream))
                  for stream, (lo, hi) in enumerate(laws.values())]
        print(index, "parameters", values)
        print(index, "r", field(seed, index, [7.5, 3.75, 0], 0.5, 1, 0, 7.5))


main()
