#!/usr/bin/env python3
"""The test set by scipy.integrate.solve_bvp, beside a table of `bvp check`.

    scipy_peer.py TOLERANCE CHECK.csv

u and the flux g = K u' - v u are the unknowns of u' = (g + v u)/K,
g' = w u' + q u - f. The first mesh has 33 points a piece; the solver refines it
to at most 100,000. What it has no form for, a jump of u and an integral in place
of a condition, is left out.
"""
import csv
import re
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import yaml
from scipy.integrate import solve_bvp
from scipy.special import erf

NAMES = {name: getattr(np, name) for name in (
    "abs", "sqrt", "exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh",
    "where")}
NAMES |= {"min": np.minimum, "max": np.maximum, "erf": erf, "pi": np.pi}


def formula(text):
    """A function of x, u, du and the parameters."""
    code = compile(str(text).replace("^", "**"), str(text), "eval")
    return lambda **values: eval(code, dict(NAMES), values)


def cases(check):
    combinations = [{}]
    for name, values in (check.get("values") or {}).items():
        combinations = [
            old | {name: float(eval(str(v), dict(NAMES)))}
            for old in combinations for v in values]
    return combinations


def breakpoints(equation, parameters):
    """The c of comparisons of x with c."""
    text = " ".join(map(str, equation["coefficients"].values()))
    found = re.findall(r"x < ([\w.]+)", text)
    return [float(eval(c, dict(NAMES), parameters)) for c in found]


def solve(equation, parameters, tolerance):
    a, b = equation["domain"]
    f = {name: formula(equation["coefficients"].get(name, 0))
         for name in ("K", "f", "q", "v", "w")}
    ends = {}
    for side in ("left", "right"):
        kind, value = next(iter(equation["boundary"][side].items()))
        if kind not in ("dirichlet", "neumann"):
            return None
        ends[side] = (kind, float(formula(value)(**parameters)))

    def values(x, y):
        K, v = (f[n](x=x, **parameters) + 0 * x for n in "Kv")
        du = (y[1] + v * y[0]) / K
        q, w, s = (f[n](x=x, u=y[0], du=du, **parameters) + 0 * x for n in "qwf")
        return du, q, w, s

    def right(x, y):
        du, q, w, s = values(x, y)
        return np.vstack([du, w * du + q * y[0] - s])

    def conditions(ya, yb):
        result = []
        for y, x, side in ((ya, a, "left"), (yb, b, "right")):
            kind, value = ends[side]
            du = values(np.array([x]), y[:, None])[0][0]
            result.append((y[0] if kind == "dirichlet" else du) - value)
        return np.array(result)

    inner = breakpoints(equation, parameters)
    points = [a, *sorted(c for c in inner if a < c < b), b]
    x = np.unique(np.concatenate(
        [np.linspace(p, q, 33) for p, q in zip(points, points[1:])]))
    start = formula(equation["check"].get("initial", 0))(x=x, **parameters) + 0 * x
    y = np.vstack([start, np.gradient(start, x)])
    return solve_bvp(right, conditions, x, y, tol=tolerance, max_nodes=100000)


def main():
    tolerance, table = float(sys.argv[1]), sys.argv[2]
    with open(table) as file:
        ours = {(row["problem"], row["values"]): row for row in csv.DictReader(file)}
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    print("problem,values,bvp_nodes,bvp_error,bvp_ms,"
          "scipy_nodes,scipy_error,scipy_ms,scipy_status")
    for path in sorted(Path("equations/tests").glob("*.yaml")):
        equation = yaml.safe_load(path.read_text())
        check = equation["check"]
        given = {k: v for k, v in (equation.get("parameters") or {}).items()
                 if not isinstance(v, dict)}
        for case in cases(check):
            parameters = {k: float(v) for k, v in given.items()} | case
            label = ", ".join(f"{k} = {v:.6g}" for k, v in sorted(case.items()))
            own = ours.get((equation["name"], label), {})
            row = [equation["name"], f'"{label}"', own.get("nodes", ""),
                   own.get("error", ""), own.get("milliseconds", "")]
            if "jump" in equation or "integral" in str(equation["boundary"]):
                print(*row, "", "", "", "left out", sep=",")
                continue
            began = time.perf_counter()
            try:
                found = solve(equation, parameters, tolerance)
            except Exception as error:
                print(*row, "", "", "", f'"{type(error).__name__}"', sep=",")
                continue
            elapsed = 1e3 * (time.perf_counter() - began)
            a, b = equation["domain"]
            x = a + (b - a) * (np.arange(1000) + 0.5) / 1000
            u = found.sol(x)[0]
            error = 0.0
            if "solution" in check:
                exact = formula(check["solution"])(x=x, **parameters)
                error = np.max(np.abs(u - exact)) / np.max(np.abs(exact))
            for point, value in check.get("points", []):
                error = abs(found.sol(point)[0] - value) / np.max(np.abs(u))
            for point, value in check.get("slopes", []):
                error = abs(found.sol(point)[1] / value - 1)
            status = {0: "converged", 1: "too many nodes", 2: "singular"}
            print(*row, len(found.x), f"{error:.3g}", f"{elapsed:.4g}",
                  status[found.status], sep=",", flush=True)


main()
