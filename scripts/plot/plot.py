#!/usr/bin/env python3
"""The workbench's figures with matplotlib, from its CSV files alone.

    plot.py curves     RUN/metrics.csv…    -o curves.png   (or figures/recipes.csv)
    plot.py robustness noise.csv…          -o noise.png    (a panel a file)
    plot.py transfer   transfer.csv        -o transfer.png
    plot.py sweep      omega.csv           -o omega.png
    plot.py newton     newton.csv          -o newton.png
    plot.py samples    five.csv            -o samples.png  (of export, or solve)
"""
import argparse
import csv
import math
import os
from collections import defaultdict

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9",
           "#000000"]


def read(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def group(rows, *keys):
    result = defaultdict(list)
    for row in rows:
        result[", ".join(row[key] for key in keys)].append(row)
    return result


def column(rows, name):
    return [float(row[name]) for row in rows]


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def line(axes, index, label, x, y, band=None, **style):
    colour = COLOURS[index % len(COLOURS)]
    dashes = "-" if index < len(COLOURS) else "--"
    style.setdefault("linewidth", 2)
    axes.plot(x, y, dashes, color=colour, label=label, **style)
    if band:
        axes.fill_between(x, *band, color=colour, alpha=0.15, linewidth=0)


def curves(axes, paths):
    named = []
    for path in paths:
        rows = read(path)
        folder, name = os.path.split(os.path.abspath(path))
        name = name.removesuffix("metrics.csv").rstrip(".")
        if "recipe" in rows[0]:
            named += group(rows, "recipe").items()
        else:
            named.append((name or os.path.basename(folder), rows))
    for index, (name, rows) in enumerate(named):
        line(axes, index, name, column(rows, "samples"),
             column(rows, "test_mse"), marker="o", markersize=3)
    axes.set(xlabel="samples seen", ylabel="test MSE", yscale="log",
             xscale="log" if len(named) > 6 else "linear")


def noise_or_sweep(axes, path, key, x, label, xscale):
    for index, (name, rows) in enumerate(group(read(path), key).items()):
        rows = [r for r in rows if xscale == "linear" or float(r[x]) > 0]
        is_network = key != "solver" or knows_a_training_set(rows[0])
        line(axes, index, label_of(name, key, is_network), column(rows, x),
             column(rows, "median"),
             (column(rows, "p10"), column(rows, "p90")), marker="o",
             markersize=4, linewidth=2.6 if is_network else 1.6)
    axes.set(xlabel=label, xscale=xscale, yscale="log")


def knows_a_training_set(row):
    # Tables from before that column had only these and networks.
    knows = row.get("knows")
    return "training set" in knows if knows else row["solver"] not in NAMES


def label_of(name, key, is_network):
    if key != "solver":
        return name
    return f"network “{name}”" if is_network else NAMES.get(name, name)


NAMES = {"lu": "LU", "qr": "QR", "svd": "SVD", "tikhonov": "Tikhonov",
         "tsvd": "truncated SVD", "tikhonov-gcv": "Tikhonov by GCV",
         "tsvd-gcv": "truncated SVD by GCV", "projection": "projection (an expert's)"}
NOISE = {"relative": "σ, relative to each entry of {}",
         "rms": "σ, relative to the rms of {}", "absolute": "σ on {}"}


def robustness(paths):
    figure, panels = plt.subplots(
        1, len(paths), figsize=(2 + 5 * len(paths), 4.3), sharey=True,
        squeeze=False)
    for axes, path in zip(panels[0], paths):
        row = read(path)[0]
        target = row["target"].replace("both", "A and b")
        noise_or_sweep(axes, path, "solver", "level",
                       NOISE[row["noise"]].format(target), "log")
        axes.grid(alpha=0.3)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
    panels[0][0].set_ylabel("relative MSE: median, 10 to 90 %")
    handles, labels = panels[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="upper center", frameon=False,
                  ncols=min(len(labels), 3 * len(paths)))
    rows = -(-len(labels) // (3 * len(paths)))
    figure.tight_layout(rect=(0, 0, 1, 1 - 0.06 * rows))
    return figure


def transfer(axes, path):
    grouped = group(read(path), "start", "samples")
    for index, (name, rows) in enumerate(grouped.items()):
        epochs = defaultdict(list)
        for row in rows:
            epochs[int(row["epoch"])].append(float(row["test_relative_mse"]))
        x = sorted(epochs)
        low = [min(epochs[e]) for e in x]
        high = [max(epochs[e]) for e in x]
        # As everywhere over seeds: the geometric mean, and the range as a band.
        middle = [geometric_mean(epochs[e]) for e in x]
        band = (low, high) if low != high else None
        line(axes, index, f"{name} samples", x, middle, band)
    axes.set(xlabel="epoch", ylabel="relative MSE on the test set",
             yscale="log")


def newton(axes, path):
    for index, (name, rows) in enumerate(group(read(path), "method").items()):
        steps = sorted(group(rows, "step").items(), key=lambda s: int(s[0]))
        line(axes, index, name,
             [1e3 * sum(column(r, "seconds")) / len(r) for _, r in steps],
             [sum(column(r, "objective")) / len(r) for _, r in steps],
             marker="o", markersize=4)
    axes.set(xlabel="ms", ylabel="‖Ax − b‖ₚ", yscale="log")


def samples(path, output):
    rows = read(path)
    names = [n for n in ("K", "f", "q", "v", "u", "u_network")
             if n in rows[0]]
    # What solve prints is one sample, and does not number it.
    parts = (list(group(rows, "sample").values())[:5] if "sample" in rows[0]
             else [rows])
    figure, axes = plt.subplots(1, len(names), figsize=(4 * len(names), 3.2),
                                squeeze=False)
    for axis, name in zip(axes[0], names):
        for index, part in enumerate(parts):
            line(axis, index, None, column(part, "x"), column(part, name))
        axis.set(title=name, xlabel="x")
        axis.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(output, dpi=150)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("kind", choices=["curves", "robustness", "transfer",
                                         "sweep", "newton", "samples"])
    parser.add_argument("data", nargs="+")
    parser.add_argument("-o", "--output", required=True)
    options = parser.parse_args()
    if options.kind == "samples":
        return samples(options.data[0], options.output)
    if options.kind == "robustness":
        return robustness(options.data).savefig(options.output, dpi=150)
    figure, axes = plt.subplots(figsize=(7, 4.3))
    if options.kind == "curves":
        curves(axes, options.data)
    elif options.kind == "sweep":
        variable = read(options.data[0])[0]["variable"]
        noise_or_sweep(axes, options.data[0], "network", "value", variable,
                       "linear")
        axes.set_ylabel("relative MSE: median, 10 to 90 %")
    elif options.kind == "newton":
        newton(axes, options.data[0])
    else:
        transfer(axes, options.data[0])
    axes.grid(alpha=0.3)
    if len(axes.get_lines()) > 6:
        figure.set_size_inches(9.5, 4.3)
        axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.01, 0.5),
                    frameon=False)
    else:
        axes.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(options.output, dpi=150)


main()
