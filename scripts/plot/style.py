"""How the figures look: palette, lines, axes, the legend beneath."""
import math
import textwrap

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import NullLocator

from tables import Failure, positive_range

# Okabe and Ito's colours, which differ for the colour-blind too; black is left
# for bounds.
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]
MARKERS = "osD^vP"
LABEL_WIDTH = 44

plt.rcParams.update({
    "font.size": 12, "axes.titlesize": 12, "legend.fontsize": 11,
    "lines.linewidth": 2, "lines.markersize": 5, "axes.grid": True,
    "grid.alpha": 0.3, "axes.spines.top": False, "axes.spines.right": False,
    "axes.xmargin": 0.02, "svg.hashsalt": "bvp"})


def nth(index):
    """The look of the index-th of lines that nothing else tells apart."""
    dashes = ["-", "--", ":"][index // len(COLOURS) % 3]
    return {"color": COLOURS[index % len(COLOURS)], "linestyle": dashes,
            "marker": MARKERS[index % len(MARKERS)]}


def scale(values):
    """A logarithmic axis for positive values that span more than a decade."""
    values = [v for v in values if math.isfinite(v)]
    low, high = positive_range(values)
    return "log" if values and min(values) > 0 and high > 10 * low else "linear"


def error_scale(values):
    """A logarithmic axis, but for positive values within a decade, whose ticks
    would be few."""
    values = [v for v in values if math.isfinite(v)]
    return scale(values) if values and min(values) > 0 else "log"


def line(axes, x, y, band=None, **look):
    """A line through the points that the axes can show, and its band.

    A value that is missing, or on a logarithmic axis not positive, is a gap: a line
    across it would be false, as would a point at the axis's lower end. Returns how
    many points are left.
    """
    is_log = axes.get_yscale() == "log"
    low, high = band or (y, y)
    points = sorted_out([
        p if math.isfinite(p[1]) and not (is_log and p[1] <= 0) else None
        for p in zip(x, y, low, high) if math.isfinite(p[0])])
    if not points:
        return 0
    if band:
        for part in points:
            area(axes, *zip(*((x, l, h) for x, _, l, h in part)), color=look["color"],
                 alone=look.get("linestyle") == "")
    count = sum(map(len, points))
    if count > 40:
        look["marker"] = None
    # One value between gaps is seen by its marker alone.
    alone = [part[0][:2] for part in points if len(part) == 1]
    if alone and not look.get("marker"):
        axes.plot(*zip(*alone), marker=".", linestyle="", color=look["color"])
    gap = (math.nan, math.nan)
    axes.plot(*zip(*(p[:2] for part in points for p in [*part, gap])), **look)
    return count


def sorted_out(points):
    """The runs of neighbours that are not None."""
    runs = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def area(axes, x, low, high, color, alpha=0.15, alone=False):
    """The area between two edges, or a bar at each point that stands alone.

    Where either edge is missing there is none. What is not positive lies beneath a
    logarithmic axis, and what is infinite beyond any: the area then reaches the end of
    the axis, which is chosen by the other values.
    """
    is_log = axes.get_yscale() == "log"

    def is_shown(value):
        return math.isfinite(value) and not (is_log and value <= 0)

    shown = [v for v in (*low, *high) if is_shown(v)]
    if not shown:
        return
    bottom, top = min(shown), max(shown)
    far = 1e3 * (top - bottom or abs(top) or 1)
    bottom, top = (bottom / 1e30, top * 1e30) if is_log else (bottom - far, top + far)

    def placed(value):
        return value if is_shown(value) else top if value > 0 else bottom

    runs = sorted_out([
        None if math.isnan(l) or math.isnan(h) else (x, placed(l), placed(h))
        for x, l, h in zip(x, low, high)])
    for run in runs:
        for part in [[p] for p in run] if alone else [run]:
            lower = [(place, value) for place, value, _ in part]
            upper = [(place, value) for place, _, value in part]
            if len(part) == 1:
                shape = LineCollection(
                    [lower + upper], color=color, alpha=2 * alpha, linewidth=4)
            else:
                shape = PolyCollection(
                    [lower + upper[::-1]], color=color, alpha=alpha, linewidth=0)
            axes.add_collection(shape, autolim=False)
            axes.update_datalim([p for p in lower + upper if bottom < p[1] < top])
    axes.autoscale_view()


def labelled(axes, label, *data, **look):
    """A line with a label, if there is anything to draw."""
    if line(axes, *data, **look):
        axes.lines[-1].set_label(written(label))


def written(label):
    """A name as it is, on several lines where it is long."""
    text = textwrap.fill(label, LABEL_WIDTH).replace("$", r"\$")
    return " " + text if text.startswith("_") else text


def band_patch(label):
    return Patch(color="#000000", alpha=0.15, label=label)


def legend(figure, handles):
    """One legend beneath the figure, which keeps its size whatever names are long."""
    if not handles:
        return
    longest = max(len(part) for h in handles for part in h.get_label().split("\n"))
    rows = -(-len(handles) // max(1, int(figure.get_figwidth() * 12 / (longest + 7))))
    figure.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0.01),
                  ncol=-(-len(handles) // rows), frameon=False, handlelength=2.6)


def drawn(path, axes, what):
    """The lines with a label; without any there is nothing to show."""
    handles, _ = axes.get_legend_handles_labels()
    if not handles:
        raise Failure(f"{path}: nothing to draw: {what}")
    return handles


def one_panel(xlabel, ylabel, yscale, xscale="linear"):
    figure, axes = plt.subplots(figsize=(8, 4.8))
    axes.set(xlabel=xlabel, ylabel=ylabel, yscale=yscale, xscale=xscale)
    return figure, axes


def ticks_at(axes, values):
    """Ticks at a few values of a logarithmic axis, which has few of its own."""
    values = sorted(set(values))
    if axes.get_xscale() == "log" and len(values) <= 8:
        axes.set_xticks(values, [f"{value:g}" for value in values])
        axes.xaxis.set_minor_locator(NullLocator())


def save(figure, output):
    """Writes the figure, with room for all that stands around the axes."""
    # Without a date the same data are the same bytes.
    metadata = {"Date": None} if output.endswith(".svg") else None
    try:
        figure.savefig(output, dpi=150, bbox_inches="tight", pad_inches=0.12,
                       metadata=metadata)
    except OSError as error:
        raise Failure(f"{output}: {error.strerror}")


def check_format(output):
    """Refuses a file whose suffix is of no format that there is."""
    formats = sorted(plt.figure().canvas.get_supported_filetypes())
    plt.close()
    if output.rpartition(".")[2].lower() not in formats or "." not in output:
        raise Failure(f"{output}: the suffix must be one of {', '.join(formats)}")
