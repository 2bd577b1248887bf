"""Solutions and coefficients of samples, of export or of solve."""
import math

import style
from style import Line2D, plt
from tables import Failure, column, group, make_numbers, positive_range, read

MOST = 5
SOLUTION = ["u", "u_network", "u_low", "u_high"]


def figure(path):
    rows, columns = read(path, numbers=["x"])
    names = [n for n in columns if n not in ("sample", "x")]
    make_numbers(path, rows, names)
    if "u" not in names and "u_network" not in names:
        raise Failure(f"{path}: no column 'u' and no 'u_network'")
    # What solve prints is one sample, and does not number it.
    samples = group(rows, "sample") if "sample" in columns else {"": rows}
    shown = dict(list(samples.items())[:MOST])
    result = draw(shown, names)
    if len(samples) > MOST:
        result.suptitle(f"the first {MOST} of {len(samples)} samples")
    result.tight_layout()
    style.legend(result, handles(shown, names))
    return result


def draw(samples, names):
    others = [n for n in names if n not in SOLUTION
              and n.removesuffix("_network") not in set(names) - {n}]
    columns = -(-len(others) // 2) if len(others) > 1 else len(others)
    result = plt.figure(figsize=(5.5 + 3.4 * columns, 5.6))
    grid = result.add_gridspec(6, 5 + 3 * columns)
    has_difference = "u_network" in names and "u" in names or "u_low" in names
    height = 4 if has_difference else 6
    draw_solution(result.add_subplot(grid[:height, :5]), samples, names)
    if has_difference:
        draw_difference(result.add_subplot(grid[4:, :5]), samples, names)
    for index, name in enumerate(others):
        row, place = divmod(index, columns)
        rows = slice(3 * row, 3 * row + 3) if len(others) > 1 else slice(0, 6)
        place = slice(5 + 3 * place, 8 + 3 * place)
        axes = result.add_subplot(grid[rows, place], title=name, xlabel="x")
        draw_pair(axes, samples, name, names)
    return result


def draw_pair(axes, samples, name, names):
    """A function, broad and pale, and what a network says of it, dashed."""
    for index, part in enumerate(samples.values()):
        colour, x = style.COLOURS[index % len(style.COLOURS)], column(part, "x")
        network = f"{name}_network"
        if name in names:
            pale = {"linewidth": 5, "alpha": 0.4} if network in names else {}
            style.line(axes, x, column(part, name), color=colour, **pale)
        if network in names:
            style.line(axes, x, column(part, network), color=colour,
                       linestyle="--", linewidth=1.6)


def draw_solution(axes, samples, names):
    axes.set(title="u", xlabel="x")
    draw_pair(axes, samples, "u", names)
    if "u_low" in names:
        for index, part in enumerate(samples.values()):
            style.area(axes, column(part, "x"), column(part, "u_low"),
                       column(part, "u_high"), alpha=0.25,
                       color=style.COLOURS[index % len(style.COLOURS)])


def draw_difference(axes, samples, names):
    """Of the network from u: signed and symmetric, or where samples differ by more
    than a factor of ten its size, logarithmic. A band goes around zero."""
    parts = {key: difference(part, names) for key, part in samples.items()}
    sizes = [max(map(abs, filter(math.isfinite, d)), default=0)
             for d in parts.values()]
    low, high = positive_range(sizes)
    is_log = high > 10 * low and "u_low" not in names
    what = "û − u" if "u_network" in names else "band − u"
    axes.set(xlabel="x", ylabel=f"|{what}|" if is_log else what,
             yscale="log" if is_log else "linear")
    for index, (key, values) in enumerate(parts.items()):
        values = [abs(v) for v in values] if is_log else values
        style.line(axes, column(samples[key], "x"), values, linewidth=1.4,
                   band=bands(samples[key], names),
                   color=style.COLOURS[index % len(style.COLOURS)])
    if not is_log:
        extent = max(map(abs, axes.get_ylim()))
        axes.set_ylim(-extent, extent)
        axes.ticklabel_format(axis="y", scilimits=(-3, 3))


def difference(part, names):
    if "u" in names and "u_network" in names:
        return [a - b for a, b in zip(column(part, "u_network"), column(part, "u"))]
    return [0] * len(part)


def bands(part, names):
    if "u_low" not in names:
        return None
    u = column(part, "u")
    return ([a - b for a, b in zip(column(part, "u_low"), u)],
            [a - b for a, b in zip(column(part, "u_high"), u)])


def handles(samples, names):
    result = []
    if len(samples) > 1:
        result = [Line2D([], [], label=f"sample {key}",
                         color=style.COLOURS[index % len(style.COLOURS)])
                  for index, key in enumerate(samples)]
    grey = {"color": "#555555"}
    if any(n.endswith("_network") for n in names):
        result += [Line2D([], [], linewidth=5, alpha=0.4, label="reference", **grey),
                   Line2D([], [], linewidth=1.6, linestyle="--",
                          label="network's", **grey)]
    if "u_low" in names:
        result.append(style.band_patch("the network's band"))
    return result
