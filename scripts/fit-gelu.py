#!/usr/bin/env python3
"""Fits the normal distribution function of Sources/CKernels/elements.h.

Phi(-t) = exp(-t^2/2) P(1/(1 + 0.3 t)) for t >= 0, with P of degree 8 and no
constant term: weighted least squares to 0.5 erfcx(t/sqrt(2)), reweighted
(Lawson) until the largest relative error stops falling. Prints the
coefficients from the highest power down, and that error. Needs numpy, scipy.
"""
import argparse

import numpy as np
from scipy.special import erfcx

argparse.ArgumentParser(
    description=__doc__,
    formatter_class=argparse.RawTextHelpFormatter).parse_args()

t = 13.5 * (1 - np.cos(np.linspace(0, np.pi / 2, 20001)))
target = 0.5 * erfcx(t / np.sqrt(2))
powers = np.vander(1 / (1 + 0.3 * t), 9)[:, :-1]
weight = np.ones_like(t)
best = (np.inf, None)
for _ in range(300):
    scale = np.sqrt(weight) / target
    p = np.linalg.lstsq(powers * scale[:, None], target * scale, rcond=None)[0]
    error = np.abs(powers @ p / target - 1)
    if error.max() < best[0]:
        best = (error.max(), p)
    weight *= error / error.max() + 1e-12
    weight /= weight.max()
for coefficient in best[1]:
    print(f"{coefficient:.9f}")
print(f"largest relative error {best[0]:.2e}")
