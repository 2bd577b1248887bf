"""What scripts/plot draws of results with failures, and what it refuses."""
import math
import subprocess
import sys
import unittest

from common import FOLDER, REPOSITORY

PLOTS = REPOSITORY / "scripts/plot"
sys.path.insert(0, str(PLOTS))
try:
    import style
    import plot
    import robustness
except (ModuleNotFoundError, SystemExit):
    style = None

HEADER = "noise,target,level,solver,samples,mean,median,p10,p90,failures"


def noise(*rows):
    """A table of solver, level, median, p10 and p90."""
    path = FOLDER / "noise.csv"
    path.write_text("\n".join([HEADER, *(
        f"rms,A,{level},{solver},9,1,{median},{low},{high},0"
        for solver, level, median, low, high in rows)]) + "\n")
    return str(path)


@unittest.skipUnless(style, "matplotlib is not installed")
class PlotTests(unittest.TestCase):
    def setUp(self):
        self.addCleanup(style.plt.close, "all")

    def axes(self, scale="log"):
        return style.one_panel("x", "y", scale)[1]

    def segments(self, axes):
        """The pieces of each line that are drawn through."""
        def pieces(line):
            return [[tuple(p) for p in run] for run in style.sorted_out(
                [None if math.isnan(p[1]) else p for p in line.get_xydata()])]
        return [pieces(line) for line in axes.lines]

    def test_no_line_across_a_failed_level(self):
        path = noise(("lu", 1e-4, 1, 1, 1), ("lu", 1e-3, 2, 1, 3), ("lu", 1e-2, "", "", ""),
                     ("lu", 1e-1, 4, 3, 5))
        axes = robustness.figure([path]).axes[0]
        self.assertEqual(
            self.segments(axes), [[[(1e-4, 1), (1e-3, 2)], [(1e-1, 4)]]])
        # The band has the same gap: an area, and a bar at the level that is left.
        shapes = [[tuple(v) for v in c.get_paths()[0].vertices] for c in axes.collections]
        self.assertEqual(shapes[0][:4], [(1e-4, 1), (1e-3, 1), (1e-3, 3), (1e-4, 1)])
        self.assertEqual(shapes[1], [(1e-1, 3), (1e-1, 5)])

    def test_gaps(self):
        nan = math.nan
        for scale, y, expected in (
            ("log", [1, 0, 3, 4], [[(0, 1)], [(2, 3), (3, 4)]]),
            ("linear", [1, 0, 3, 4], [[(0, 1), (1, 0), (2, 3), (3, 4)]]),
            ("linear", [nan, 1, nan, math.inf], [[(1, 1)]]),
        ):
            axes = self.axes(scale)
            count = style.line(axes, range(4), y, color="k", marker="o")
            self.assertEqual(self.segments(axes), [expected])
            self.assertEqual(count, sum(map(len, expected)))

    def test_a_value_between_gaps_is_seen_without_markers(self):
        y = [1.0] * 50
        y[20] = y[22] = math.nan
        axes = self.axes()
        style.line(axes, range(50), y, color="k")
        self.assertEqual(self.segments(axes)[0], [[(21, 1)]])
        self.assertEqual(axes.lines[0].get_marker(), ".")

    def test_bands_have_both_edges_at_every_point(self):
        axes = self.axes()
        style.line(axes, [1, 2, 3], [1, 1, 1], ([0.5, 0, 0.5], [2, 2, math.inf]),
                   color="k")
        (area,) = axes.collections
        vertices = area.get_paths()[0].vertices
        ends = {x: sorted(v for w, v in vertices if w == x) for x in (1, 2, 3)}
        low, high = axes.get_ylim()
        # Zero is beneath the axis and infinity above: the area goes to its ends.
        self.assertEqual(ends[1], [0.5, 0.5, 2])
        self.assertLess(ends[2][0], low)
        self.assertGreater(ends[3][1], high)
        # What reaches there has no say in where they are.
        self.assertGreater(low, 0.3)
        self.assertLess(high, 3)

    def test_a_band_without_an_edge_is_none_there(self):
        axes = self.axes("linear")
        style.line(axes, range(5), [1] * 5, ([0, 0, math.nan, 0, 0], [2] * 5), color="k")
        spans = [sorted({v[0] for v in c.get_paths()[0].vertices})
                 for c in axes.collections]
        self.assertEqual(spans, [[0, 1], [3, 4]])

    def test_levels_in_any_order(self):
        rows = [("lu", 10.0 ** k, 1, 1, 1) for k in (-2, -4, -3)]
        (line,) = self.segments(robustness.figure([noise(*rows)]).axes[0])
        self.assertEqual([x for x, _ in line[0]], [1e-4, 1e-3, 1e-2])

    def run_plot(self, *arguments):
        run = subprocess.run(
            [sys.executable, PLOTS / "plot.py", *arguments], capture_output=True,
            text=True)
        return run.returncode, run.stderr

    def test_numbers_too_large_are_named(self):
        for size in ("1e308", "-1e308", "1e201"):
            path = noise(("lu", 1e-3, size, 1, 1))
            self.assertEqual(
                self.run_plot("robustness", path, "-o", FOLDER / "a.png"),
                (1, f"plot.py: {path}: row 1: median: {float(size):g} is too large for "
                 "an axis, whose numbers end at 1e+200\n"))
        path = noise(("lu", 1e-200, 1e200, 1e-200, 1e200), ("lu", 1e200, 1, 1, 1))
        for kind in ("png", "svg"):
            self.assertEqual(
                self.run_plot("robustness", path, "-o", FOLDER / f"a.{kind}"), (0, ""))

    def test_another_error_is_shown_whole(self):
        def broken(paths):
            raise ValueError("of the program")

        kept, arguments = plot.MANY_FILES["robustness"], sys.argv
        try:
            plot.MANY_FILES["robustness"] = broken
            sys.argv = ["plot.py", "robustness", "a.csv", "-o", "a.png"]
            with self.assertRaisesRegex(ValueError, "of the program"):
                plot.main()
        finally:
            plot.MANY_FILES["robustness"], sys.argv = kept, arguments

    def test_formats(self):
        path = noise(("lu", 1e-3, 1, 1, 1))
        for name in ("a.xyz", "png"):
            status, said = self.run_plot("robustness", path, "-o", name)
            self.assertEqual(status, 1)
            self.assertRegex(said, rf"^plot.py: {name}: the suffix must be one of .*png.*\n$")
