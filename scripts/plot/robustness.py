"""Error against noise: a panel for each kind of noise, solvers alike in all."""
import math

import style
from style import Line2D, NullLocator, plt
from tables import Failure, column, group, positive_range, read

# Errors beyond these are drawn as triangles at the edge.
FLOOR, CEILING = 1e-16, 10
EDGES = [("v", FLOOR, lambda value: value < FLOOR),
         ("^", CEILING, lambda value: value > CEILING)]
ORDER = ["lu", "qr", "svd", "tikhonov", "tikhonov-gcv", "tsvd", "tsvd-gcv",
         "projection", "map"]
# LU, QR and SVD often coincide: each is narrower than the one below it, and SVD lies
# on everything.
SOLVERS = {
    "lu": ("LU", {
        "color": "#c8c8c8", "linewidth": 7, "marker": "s", "markersize": 10}),
    "qr": ("QR", {"color": "#888888", "linewidth": 3.5, "marker": "s"}),
    "svd": ("SVD", {
        "color": "#222222", "linewidth": 1.2, "marker": "x", "zorder": 3}),
    "tikhonov": ("Tikhonov", {"color": "#e69f00", "marker": "^"}),
    "tikhonov-gcv": ("Tikhonov by GCV", {
        "color": "#e69f00", "marker": ">", "linestyle": ":"}),
    "tsvd": ("truncated SVD", {"color": "#56b4e9", "marker": "v"}),
    "tsvd-gcv": ("truncated SVD by GCV", {
        "color": "#56b4e9", "marker": "<", "linestyle": ":"}),
    "projection": ("projection (an expert's)", {"color": "#009e73", "marker": "D"}),
    "map": ("map (knows the laws)", {
        "color": "#cc79a7", "marker": "*", "markersize": 9}),
    "bound": ("bound (of the expected error)", {
        "color": "#000000", "linestyle": "--", "marker": ".", "zorder": 3})}
MARKERS = "osPXhp"
NETWORKS = ["#0072b2", "#d55e00", "#882255", "#332288", "#999933", "#117733"]
NOISE = {"relative": "relative to each entry", "rms": "relative to the rms of {}",
         "absolute": "absolute"}


def figure(paths):
    panels = [panel for path in paths for panel in read_panels(path)]
    solvers = [name for _, _, rows in panels for name in group(rows, "solver")]
    looks = looks_of(list(dict.fromkeys(solvers)),
                     {r["solver"] for _, _, rows in panels for r in rows
                      if is_network(r)})
    # With many solvers the bands of all of them would hide one another.
    banded = {name for name in looks
              if name != "bound" and (len(looks) <= 8 or name not in SOLVERS)}
    result, grid = grid_of(len(panels))
    titles = titles_of(panels)
    for axes, title, (path, _, rows) in zip(grid, titles, panels):
        draw(axes, path, rows, looks, banded)
        axes.set_title(title)
    limit(grid, [row for _, _, rows in panels for row in rows], banded)
    result.supylabel("relative MSE, median", fontsize=12)
    result.tight_layout()
    style.legend(result, handles(looks, banded, panels))
    return result


def read_panels(path):
    """Path, kind of noise and rows of every kind of noise in a file."""
    rows, columns = read(path, ["noise", "target", "solver"],
                         ["level", "median", "p10", "p90", "samples", "failures"])
    for row in rows:
        row.setdefault("law", "gaussian")
    return [(path, kind, part)
            for kind, part in group(rows, "noise", "target", "law").items()]


def titles_of(panels):
    titles = []
    for path, (noise, target, law), _ in panels:
        data = target.replace("both", "A and b")
        each = "each" if target == "both" else target
        text = f"noise on {data}, {NOISE.get(noise, noise).format(each)}"
        titles.append(text + ("" if law == "gaussian" else f", {law}"))
    if len(set(titles)) == len(titles):
        return titles
    return [f"{path.rsplit('/')[-1].removesuffix('.csv')}:\n{title}"
            for title, (path, _, _) in zip(titles, panels)]


def is_network(row):
    # Tables from before that column had only these and networks.
    knows = row.get("knows")
    return "training set" in knows if knows else row["solver"] not in SOLVERS


def looks_of(names, networks):
    """Label and look of each, in the order in which they are drawn."""
    looks = {name: SOLVERS[name] for name in ORDER if name in names}
    others = [n for n in names if n not in SOLVERS or n in networks]
    for index, name in enumerate(others):
        label = f"network “{name}”" if name in networks else name
        looks[name] = (label, style.nth(index) | {
            "color": NETWORKS[index % len(NETWORKS)], "linewidth": 3,
            "marker": MARKERS[index % len(MARKERS)], "markersize": 7})
    return looks | {n: SOLVERS[n] for n in ["bound"] if n in names}


def grid_of(count):
    columns = min(3, count)
    rows = -(-count // columns)
    size = (8, 5) if count == 1 else (5 * columns + 0.6, 4.1 * rows + 0.2)
    result, grid = plt.subplots(rows, columns, figsize=size, sharey=True,
                                squeeze=False)
    grid = list(grid.flat)
    plt.setp(grid, xscale="log", yscale="log", xlabel="σ")
    for axes in grid[count:]:
        axes.set_axis_off()
    return result, grid[:count]


def draw(axes, path, rows, looks, banded):
    clean = place_of_clean(axes, column(rows, "level"))
    parts = group(rows, "solver")
    for name, (label, look) in looks.items():
        noisy = sorted((r for r in parts.get(name, []) if r["level"] > 0),
                       key=lambda row: row["level"])
        band = (column(noisy, "p10"), column(noisy, "p90"))
        style.labelled(axes, label, column(noisy, "level"),
                       column(noisy, "median"),
                       band if name in banded else None, **look)
        # What has no noise has no place on the axis: a point beside it.
        for row in parts.get(name, []):
            if row["level"] == 0:
                alone = look | {"marker": look.get("marker", "o"), "linestyle": ""}
                style.labelled(axes, label, [clean], [row["median"]], **alone)
    mark_hidden(axes, rows, looks, clean)
    if not any(math.isfinite(row["median"]) for row in rows):
        raise Failure(f"{path}: nothing to draw: no median is a number")


def place_of_clean(axes, levels):
    """Where σ = 0 stands, which gets a tick of its own."""
    low, high = positive_range(levels)
    if not low < high:
        low = high = 1 if math.isnan(low) else low
        axes.set_xlim(low / 20, low * 2)
    if min(levels) > 0:
        return None
    powers = range(round(math.log10(low)), round(math.log10(high)) + 1)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticks([low / 10] + [10.0 ** k for k in powers],
                    ["0"] + [f"$10^{{{k}}}$" for k in powers])
    return low / 10


def mark_hidden(axes, rows, looks, clean):
    """Triangles at the edge for the medians beyond it, those of a level in a row."""
    for marker, edge, is_beyond in EDGES:
        hidden = [r for r in rows if is_beyond(r["median"])]
        for level, part in group(hidden, "level").items():
            for index, row in enumerate(part):
                shift = 10 ** (0.12 * (index - (len(part) - 1) / 2))
                axes.plot((level or clean) * shift, edge, marker, markersize=7,
                          color=looks[row["solver"]][1]["color"], clip_on=False,
                          zorder=5)


def limit(grid, rows, banded):
    values = [row["median"] for row in rows]
    for row in rows:
        values += [row["p10"], row["p90"]] if row["solver"] in banded else []
    low, high = positive_range(values)
    low = FLOOR if any(row["median"] < FLOOR for row in rows) else low / 2
    grid[0].set_ylim(max(FLOOR, low), min(CEILING, high * 4))


def handles(looks, banded, panels):
    """A handle for every solver, and for what else is drawn."""
    rows = [row for _, _, part in panels for row in part]
    result = []
    for name, (label, look) in looks.items():
        own = [row for row in rows if row["solver"] == name]
        share = max(row["failures"] / max(1, row["samples"]) for row in own)
        failed = f"; up to {100 * share:.3g} % failed" if share > 0 else ""
        result.append(Line2D([], [], label=style.written(label + failed), **look))
    if banded:
        which = "" if len(looks) <= 8 else ", of networks"
        result.append(style.band_patch(f"10 to 90 %{which}"))
    for marker, edge, is_beyond in EDGES:
        if any(is_beyond(row["median"]) for row in rows):
            side = "below $10^{-16}$" if edge == FLOOR else f"above {edge}"
            result.append(Line2D([], [], color="#888888", marker=marker,
                                 markersize=7, linestyle="", label=side))
    return result
