#!/usr/bin/env python3
"""The workbench's figures with matplotlib, from its CSV files alone.

    plot.py curves     RUN…  (or studies, metrics.csv…, figures/recipes.csv)  -o curves.svg
    plot.py robustness noise.csv…    -o noise.svg     (a panel for each kind of noise)
    plot.py sweep      omega.csv     -o omega.svg
    plot.py newton     newton.csv    -o newton.svg
    plot.py samples    five.csv      -o samples.svg   (of export, or solve)
    plot.py study      study.csv… --x width --y test_mse --by depth -o study.svg

The suffix of -o says the format: svg, png, pdf. What cannot be drawn, such as a
failure or a zero on a logarithmic axis, is a gap; the exit status is 1 where nothing
is left.
"""
import argparse
import os
import sys

try:
    import style
except ModuleNotFoundError:
    sys.exit("plot.py: needs matplotlib: apt-get install python3-matplotlib")
import robustness
import samples
from tables import (Failure, are_numbers, column, geometric, group, make_numbers,
                    mean, read, require)


def curves(paths):
    """Test errors by samples seen; of runs that differ in their seed the geometric
    mean, with a band of its standard deviation."""
    named = [(name, runs) for path in paths for name, runs in curves_of(path)]
    rows = [row for _, runs in named for run in runs for row in run]
    figure, axes = style.one_panel("samples seen", "test MSE",
                                   style.error_scale(column(rows, "test_mse")),
                                   style.scale(column(rows, "samples")))
    for index, (name, runs) in enumerate(named):
        points = [geometric(column(rows, "test_mse")) for rows in zip(*runs)]
        style.labelled(axes, name, column(runs[0], "samples"),
                       [m for m, _ in points],
                       ([m / d for m, d in points], [m * d for m, d in points]),
                       **style.nth(index))
    several = any(len(runs) > 1 for _, runs in named)
    return finished(figure, axes, paths[0], "no test_mse is a positive number",
                    [style.band_patch("a geometric standard deviation over seeds")]
                    if several else [])


def curves_of(path):
    """Name and runs of what is in a folder (of a run, or a study's settings), a
    metrics.csv or a table of recipes."""
    if os.path.isfile(os.path.join(path, "study.csv")):
        return settings_of(path)
    path = os.path.join(path, "metrics.csv") if os.path.isdir(path) else path
    rows, columns = read(path, numbers=["samples", "test_mse"])
    if "recipe" in columns:
        return [(name, [part]) for name, part in group(rows, "recipe").items()]
    folder, name = os.path.split(os.path.abspath(path))
    name = name.removesuffix("metrics.csv").rstrip(".")
    return [(name or os.path.basename(folder), [rows])]


def settings_of(folder):
    """Name and runs of each setting of a study that has trained any."""
    rows, columns = read(os.path.join(folder, "study.csv"), ["run", "seed", "state"])
    axes = columns[1:columns.index("seed")]
    found = []
    for part in group(rows, *axes).values() if axes else [rows]:
        done = [row for row in part if row["state"] == "done"]
        runs = [read(os.path.join(folder, row["run"], "metrics.csv"),
                     numbers=["samples", "test_mse"])[0] for row in done]
        if runs:
            name = ", ".join(f"{axis} {part[0][axis]}" for axis in axes)
            found.append((name or os.path.basename(folder), runs))
    if not found:
        raise Failure(f"{folder}: no run of the study is done")
    return found


def sweep(path):
    rows, _ = read(path, ["variable", "network"],
                   ["value", "median", "p10", "p90"])
    figure, axes = style.one_panel(rows[0]["variable"], "relative MSE, median",
                                   style.error_scale(column(rows, "median")),
                                   style.scale(column(rows, "value")))
    style.ticks_at(axes, column(rows, "value"))
    for index, (name, part) in enumerate(group(rows, "network").items()):
        part = sorted(part, key=lambda row: row["value"])
        style.labelled(axes, name, column(part, "value"), column(part, "median"),
                       (column(part, "p10"), column(part, "p90")),
                       **style.nth(index))
    return finished(figure, axes, path, "no median is a positive number",
                    [style.band_patch("10 to 90 %")])


def positive(values):
    return [v for v in values if 0 < v < float("inf")]


def newton(path):
    rows, _ = read(path, ["method"], ["step", "seconds", "objective"])
    figure, axes = style.one_panel("ms, mean over the problems", "‖Ax − b‖ₚ",
                                   style.error_scale(column(rows, "objective")))
    for index, (name, part) in enumerate(group(rows, "method").items()):
        steps = [p for _, p in sorted(group(part, "step").items())]
        style.labelled(axes, name, [1e3 * mean(column(p, "seconds")) for p in steps],
                       [mean(column(p, "objective")) for p in steps],
                       **style.nth(index))
    return finished(figure, axes, path, "no objective is a positive number")


def study(paths, x, y, by):
    """A column against another; over seeds the geometric mean and its deviation."""
    rows = [row for path in paths for row in rows_of_study(path, x, y, by)]
    is_number = are_numbers(rows, x)
    if is_number:
        make_numbers(paths[0], rows, [x])
    values = sorted(group(rows, x)) if is_number else list(group(rows, x))
    figure, axes = style.one_panel(x, y, style.scale(positive(column(rows, y))),
                                   style.scale(values) if is_number else "linear")
    if is_number:
        style.ticks_at(axes, values)
    else:
        axes.set_xticks(range(len(values)), [style.written(v) for v in values])
    parts = parts_of(rows, by)
    for index, (name, part) in enumerate(parts):
        own = group(part, x)
        own = [(v, *geometric(column(own[v], y))) for v in values if v in own]
        # What is no number has places side by side, and no line between them.
        places = [v if is_number else values.index(v) + 0.3 * index / len(parts)
                  for v, _, _ in own]
        look = style.nth(index) | ({} if is_number else {"linestyle": ""})
        style.labelled(axes, name, places, [m for _, m, _ in own],
                       ([m / d for _, m, d in own], [m * d for _, m, d in own]),
                       **look)
    band = style.band_patch("a geometric standard deviation over seeds")
    return finished(figure, axes, paths[0], f"no {y} is a positive number",
                    [band] if len(group(rows, "seed")) > 1 else [])


def rows_of_study(path, x, y, by):
    rows, columns = read(path, ["seed"])
    require(path, columns, x, y, *by)
    make_numbers(path, rows, [y])
    left_out = sum(not 0 < row[y] < float("inf") for row in rows)
    if left_out:
        note(f"{path}: {left_out} of {len(rows)} rows have no positive {y}")
    for name in columns[:columns.index("seed")]:
        if name not in ("run", x, y, *by) and len(group(rows, name)) > 1:
            note(f"{path}: the means are over '{name}' too, which varies")
    return rows


def parts_of(rows, by):
    if not by:
        return [("mean over seeds", rows)]
    return [(", ".join(f"{name} {part[0][name]}" for name in by), part)
            for part in group(rows, *by).values()]


def note(text):
    print(f"plot.py: {text}", file=sys.stderr)


def finished(figure, axes, path, what, besides=()):
    handles = style.drawn(path, axes, what)
    figure.tight_layout()
    style.legend(figure, handles + list(besides))
    return figure


ONE_FILE = {"sweep": sweep, "newton": newton, "samples": samples.figure}
MANY_FILES = {"curves": curves, "robustness": robustness.figure}


class Parser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(64, f"plot.py: {message}; see --help\n")


def parsed():
    parser = Parser(prog="plot.py", description=__doc__,
                    formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("kind", choices=[*MANY_FILES, *ONE_FILE, "study"])
    parser.add_argument("data", nargs="+", help="CSV files")
    parser.add_argument("-o", "--output", required=True)
    parser.add_argument("--x", metavar="COLUMN", help="of study, against what")
    parser.add_argument("--y", metavar="COLUMN", help="of study, what is drawn")
    parser.add_argument("--by", metavar="COLUMN",
                        help="of study, a line for each value of these")
    options = parser.parse_args()
    if options.kind in ONE_FILE and len(options.data) > 1:
        parser.error(f"{options.kind} takes one file")
    if options.kind == "study" and not (options.x and options.y):
        parser.error("study needs --x and --y")
    if options.kind != "study" and (options.x or options.y or options.by):
        parser.error("--x, --y and --by are of study")
    return options


def main():
    options = parsed()
    try:
        style.check_format(options.output)
        if options.kind == "study":
            by = options.by.split(",") if options.by else []
            figure = study(options.data, options.x, options.y, by)
        elif options.kind in MANY_FILES:
            figure = MANY_FILES[options.kind](options.data)
        else:
            figure = ONE_FILE[options.kind](options.data[0])
        style.save(figure, options.output)
    except Failure as failure:
        sys.exit(f"plot.py: {failure}")


if __name__ == "__main__":
    main()
