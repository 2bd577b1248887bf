import json
import pickle
import re
import subprocess
import sys
import unittest

import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from common import (
    CHECKPOINTS, FOLDER, REPOSITORY, bvp, generated, imported, needs_torch)
from bvp_workbench import Dataset, FileError
from bvp_workbench.equation import FUNCTIONS, boundary_conditions, evaluate


class SystemTests(unittest.TestCase):
    def compare(self, equation: str, nodes: int) -> None:
        """Assembled systems are the stored ones."""
        stored = load_file(generated(equation, "--with-systems", nodes=nodes))
        batch = Dataset(generated(equation, nodes=nodes))[:]
        for k, (A, b) in enumerate(zip(stored["A"], stored["b"])):
            self.assertLess(np.abs(batch["A"][k] - A).max(), 1e-12 * np.abs(A).max())
            self.assertLess(np.abs(batch["b"][k] - b).max(), 1e-12 * np.abs(b).max())
        size = np.abs(batch["A"]).max() * np.abs(batch["u"]).max()
        residual = (batch["A"] @ batch["u"][..., None])[..., 0] - batch["b"]
        self.assertLess(np.abs(residual).max(), 1e-12 * size)

    def test_shipped_equations(self):
        for path in sorted(REPOSITORY.glob("equations/*.yaml")):
            with self.subTest(path.stem):
                self.compare(path.stem, 64)

    def test_all_terms_and_conditions(self):
        for nodes in (16, 17):
            self.compare("mixed", nodes)
            self.compare("smooth", nodes)

    def test_stored_systems_are_given_as_they_are(self):
        path = generated("mixed", "--with-systems")
        stored = load_file(path)
        item = Dataset(path)[2]
        np.testing.assert_array_equal(item["A"], stored["A"][2])
        np.testing.assert_array_equal(item["b"], stored["b"][2])

    def test_agrees_with_export(self):
        path = generated("diffusion", nodes=64)
        lines = bvp("export", path, "--first", 3, "--count", 1).splitlines()
        columns = dict(zip(lines[0].split(","), np.array(
            [line.split(",") for line in lines[1:]], float).T))
        item = Dataset(path)[3]
        for name in ("x", "K", "f", "u"):
            np.testing.assert_array_equal(item[name][::-1], columns[name])
        self.assertEqual(item["sample"], columns["sample"][0])

    def test_newton_steps(self):
        path = generated("nonlinear", "--linearised", samples=1)
        dataset = Dataset(path)
        batch = dataset[:]
        self.assertGreater(len(dataset), 1)
        self.assertEqual(set(batch["sample"]), {0})
        self.assertEqual(batch["u_start"].shape, (len(dataset), 16))
        residual = (batch["A"] @ batch["u"][..., None])[..., 0] - batch["b"]
        self.assertLess(np.abs(residual).max(), 1e-10)


class SequenceTests(unittest.TestCase):
    def setUp(self):
        self.dataset = Dataset(generated("mixed", samples=6))

    def test_items(self):
        item = self.dataset[1]
        shapes = {name: np.shape(value) for name, value in item.items()}
        self.assertEqual(shapes, {
            "A": (16, 16), "b": (16,), "u": (16,), "x": (16,), "K": (16,),
            "f": (16,), "q": (16,), "v": (16,), "w": (16,), "parameters": (2,),
            "sample": ()})
        self.assertEqual(len(self.dataset), 6)
        self.assertEqual(item["x"][0], 2.5)

    def test_indices(self):
        for index, row in ((-1, 5), (-6, 0), (np.int64(2), 2)):
            np.testing.assert_array_equal(
                self.dataset[index]["u"], self.dataset[row]["u"])
        for index in (6, -7):
            with self.assertRaisesRegex(IndexError, "safetensors: there is no sample"):
                self.dataset[index]
        with self.assertRaises(TypeError):
            self.dataset[1.5]

    def test_slices(self):
        every = self.dataset[:]
        for index, rows in (
            (slice(1, 3), [1, 2]), (slice(None, None, -2), [5, 3, 1]),
            (slice(4, 99), [4, 5]), (slice(3, 1), []), ([0, -1, 0], [0, 5, 0]),
            (np.array([2]), [2]),
        ):
            batch = self.dataset[index]
            for name, values in every.items():
                np.testing.assert_array_equal(batch[name], values[rows])

    def test_rows_are_finite_in_memory_of_their_own(self):
        item = self.dataset[0]
        item["u"][:] = 7
        self.assertFalse((self.dataset[0]["u"] == 7).any())

    def test_iteration_ends(self):
        self.assertEqual([item["sample"] for item in self.dataset], list(range(6)))

    def test_metadata(self):
        metadata = self.dataset.metadata
        self.assertEqual(metadata["seed"], 5)
        self.assertEqual(metadata["parameters"], ("lambda", "g"))
        self.assertIsInstance(metadata["largest_residual"], float)
        self.assertIn("integral", metadata["equation"])
        self.assertEqual(self.dataset.identity, "mixed, seed 5, samples 0 to 5")

    def test_shards_know_their_samples(self):
        dataset = Dataset(generated("mixed", "--shard", "2/2"))
        self.assertEqual([item["sample"] for item in dataset], [3, 4, 5])

    def test_pickles(self):
        copy = pickle.loads(pickle.dumps(self.dataset))
        np.testing.assert_array_equal(copy[3]["A"], self.dataset[3]["A"])

    @needs_torch
    def test_data_loader(self):
        from torch.utils.data import DataLoader

        for workers in (0, 1):
            loader = DataLoader(self.dataset, batch_size=4, num_workers=workers)
            batches = list(loader)
            self.assertEqual([len(b["A"]) for b in batches], [4, 2])
            np.testing.assert_array_equal(
                batches[1]["A"].numpy(), self.dataset[4:]["A"])


class ImportedTests(unittest.TestCase):
    """Files of systems of no equation."""

    def setUp(self):
        self.dataset = Dataset(imported(5))

    def test_items(self):
        stored = load_file(imported(5))
        item = self.dataset[-1]
        self.assertEqual(list(item), ["A", "b", "u", "sample"])
        self.assertEqual(item["sample"], 4)
        batch = self.dataset[:]
        for name in ("A", "b", "u"):
            np.testing.assert_array_equal(item[name], stored[name][4])
            np.testing.assert_array_equal(batch[name], stored[name])
        np.testing.assert_allclose(item["A"] @ item["u"], item["b"], atol=1e-12)
        np.testing.assert_array_equal(self.dataset[[3, 0]]["sample"], [3, 0])

    def test_attributes(self):
        dataset = self.dataset
        self.assertEqual((len(dataset), dataset.n), (5, 16))
        self.assertEqual((dataset.parameter_names, dataset.equation_name), ((), ""))
        self.assertIsNone(dataset.x)
        self.assertEqual(dataset.metadata["solver"], "lu")
        self.assertLess(dataset.metadata["largest_residual"], 1e-14)
        self.assertEqual(
            dataset.identity, "imported-5-16-0.safetensors, systems 0 to 4")

    def test_origin(self):
        """Files of less than 64 KiB, of more, and of more than a mebibyte have the
        digests that the command notes."""
        for samples in (5, 40, 600):
            path, run = imported(samples), FOLDER / f"origin-{samples}"
            bvp("pretrain", "--data", path, "--test-data", imported(5, seed=1),
                "--preset", "smoke", "--steps", 1, "--precision", "f32", "--threads",
                1, "--quiet", "--output", run)
            with safe_open(run / "model.safetensors", "np") as file:
                noted = json.loads(file.metadata()["trained_on"])
            self.assertEqual(noted, [Dataset(path).origin])

    def test_origin_of_an_equation(self):
        """The digests of systems that are assembled here are the command's."""
        run, path = FOLDER / "origin-equation", FOLDER / "origin.safetensors"
        bvp("generate", "reaction-diffusion", "--samples", 300, "--nodes", 12,
            "--output", path)
        bvp("pretrain", "--data", path, "--test-samples", 5, "--preset", "smoke",
            "--steps", 1, "--precision", "f32", "--threads", 1, "--quiet",
            "--output", run)
        with safe_open(run / "model.safetensors", "np") as file:
            noted = json.loads(file.metadata()["trained_on"])
        self.assertEqual(noted, [Dataset(path).origin])

    def test_damaged(self):
        tensors = load_file(imported(5))
        metadata = {"format": "bvp-systems/1"}
        for change, reason in (
            ({"b": None}, "tensor 'b' is missing"),
            ({"u": None}, "tensor 'u' is missing"),
            ({"A": tensors["A"][:, :4].copy()}, r"tensor 'A' is F64 \[5, 4, 16\]"),
            ({"b": tensors["b"] * np.nan}, "sample 0: 'b' is not finite"),
        ):
            path = FOLDER / "damaged-systems.safetensors"
            changed = {k: v for k, v in (tensors | change).items() if v is not None}
            save_file(changed, path, metadata)
            with self.assertRaisesRegex(FileError, f"damaged-systems.*: {reason}"):
                Dataset(path)[:]


class WithoutTorchTests(unittest.TestCase):
    def test_dataset_needs_no_torch(self):
        script = (
            "import sys; sys.modules['torch'] = None\n"
            "import bvp_workbench\n"
            "print(len(bvp_workbench.Dataset(sys.argv[1])))\n"
            "try: bvp_workbench.load\n"
            "except ImportError as error: print(error)\n")
        result = subprocess.run(
            [sys.executable, "-c", script, str(generated("mixed"))],
            capture_output=True, text=True, check=True)
        self.assertEqual(
            result.stdout,
            "6\nbvp_workbench.load needs torch: pip install torch\n")


class DamageTests(unittest.TestCase):
    def refuse(self, path, reason: str) -> None:
        with self.assertRaisesRegex(FileError, reason) as caught:
            Dataset(path)[:]
        self.assertTrue(str(caught.exception).startswith(str(path)))
        self.assertNotIn("\n", str(caught.exception))

    def changed(self, name: str, change) -> str:
        """A dataset with its tensors and metadata changed."""
        source = generated("mixed")
        tensors = load_file(source)
        with safe_open(source, "np") as file:
            metadata = dict(file.metadata())
        change(tensors, metadata)
        path = FOLDER / name
        save_file(tensors, path, metadata)
        return path

    def test_no_such_file(self):
        self.refuse(FOLDER / "nowhere.safetensors", "no such file")
        self.refuse(FOLDER, "is no file")

    def test_other_files(self):
        self.refuse(
            CHECKPOINTS / "newton.safetensors",
            "is not a dataset or a file of systems: 'format' is 'bvp-checkpoint/1'")
        self.refuse(FOLDER / "mixed.yaml", "is damaged or no safetensors file")

    def test_damaged(self):
        data = generated("mixed").read_bytes()
        for name, part in (("cut", data[:-9]), ("head", data[:40]), ("none", b"")):
            path = FOLDER / f"{name}.safetensors"
            path.write_bytes(part)
            self.refuse(path, "is damaged")

    def test_not_finite(self):
        def change(tensors, metadata):
            tensors["q"][4, 2] = np.nan

        path = self.changed("nan.safetensors", change)
        self.refuse(path, "sample 4: 'q' is not finite")
        self.assertEqual(Dataset(path)[3]["sample"], 3)

    def test_wrong_tensors(self):
        def cut(tensors, metadata):
            tensors["K"] = tensors["K"][:, :5].copy()

        def narrow(tensors, metadata):
            tensors["f"] = tensors["f"].astype(np.float32)

        def missing(tensors, metadata):
            del tensors["K"]

        def no_term(tensors, metadata):
            del tensors["q"]

        def moved(tensors, metadata):
            tensors["x"][3] = np.nan

        def unknown(tensors, metadata):
            metadata["equation"] = json.dumps({"name": "x"})

        for name, change, reason in (
            ("cut", cut, r"tensor 'K' is F64 \[6, 5\], expected F64 \[6, 16\]"),
            ("narrow", narrow, "tensor 'f' is F32"),
            ("missing", missing, "tensor 'K' is missing"),
            ("no-term", no_term, "tensor 'q' is missing"),
            ("moved", moved, "'x' does not hold 16 Chebyshev nodes"),
            ("unknown", unknown, "generate it with --with-systems"),
        ):
            self.refuse(self.changed(f"{name}.safetensors", change), reason)


class EquationTests(unittest.TestCase):
    def test_formulas(self):
        variables = {"if": np.array([2.0, 3.0])}
        for text, expected in (
            ("-if^2", [-4, -9]), ("2^3^2", 512), ("if <= 2", [1, 0]),
            ("min(if, 2.5e0) - max(1, abs(-1))", [1, 1.5]), ("+cos(pi)", -1),
            ("where(if > 2, 1, 1.e1 )", [10, 1]), (".5 / 1E-1", 5), ("007", 7),
            ("1 +\n 1", 2), ("1" + " + 1" * 1500, 1501), ("--+-if", [-2, -3]),
        ):
            np.testing.assert_allclose(evaluate(text, variables), expected)
        # Python itself takes these two for one.
        variables = {"\u00b5": np.ones(1), "\u03bc": np.zeros(1)}
        self.assertEqual(evaluate("\u00b5 - \u03bc", variables), 1)
        inside = evaluate("indicator(0, 1 / 2)", {"x": np.array([-1, 0, 0.5, 1])})
        self.assertEqual(inside.tolist(), [0, 1, 1, 0])

    def test_the_functions_are_those_of_the_command(self):
        def functions(**places):
            text = ("name: a\ndomain: [0, 1]\ncoefficients: {K: 1, f: %s}\n"
                    "boundary: {left: {dirichlet: %s}, right: {dirichlet: 0}}\n"
                    % (places.get("f", "1"), places.get("left", "0")))
            path = FOLDER / "functions.yaml"
            path.write_text(text)
            with self.assertRaises(AssertionError) as refused:
                bvp("solve", path)
            return set(re.search(
                r"the functions are ([\w, ]+)", str(refused.exception))[1].split(", "))

        # The conditions have no x, of which these two are functions.
        self.assertEqual(functions(left="'zzzzzz(1)'"), set(FUNCTIONS))
        self.assertEqual(
            functions(f="'zzzzzz(1)'"), {*FUNCTIONS, "indicator", "diff"})

    def test_every_function_in_a_condition(self):
        arguments = {"min": "a, 1.5 - a", "max": "a, 1.5 - a", "where": "a > 1, a, 3"}
        sums = " + ".join(f"{k + 1} * {name}({arguments.get(name, 'a')})"
                          for k, name in enumerate(sorted(FUNCTIONS)))
        (FOLDER / "every.yaml").write_text(
            "name: every\ndomain: [0, 1]\nparameters: {a: {uniform: [0.5, 1.5]}}\n"
            "coefficients: {K: 1, f: 1}\nboundary:\n  left: {dirichlet: 0}\n"
            f"  right:\n    robin:\n      alpha: 1\n      beta: a^2\n"
            f"      gamma: >-\n        {sums.replace(' + ', ' +' + chr(10) + ' ' * 8)}\n")
        stored = load_file(generated("every", "--with-systems"))
        batch = Dataset(generated("every"))[:]
        self.assertGreater(np.ptp(stored["b"][:, 0]), 0.1)
        np.testing.assert_allclose(batch["b"], stored["b"], rtol=1e-14)
        np.testing.assert_allclose(batch["A"], stored["A"], rtol=1e-12, atol=1e-9)

    def test_no_formulas(self):
        for text in ("__import__('os')", "if.x", "1 <", "lambda: 1", "[1]", "1, 2",
                     "indicator(0, 1)", "diff(if)", "(" * 5000, "1_0", "0x1", "1j"):
            with self.assertRaises(ValueError):
                evaluate(text, {"if": np.ones(1)})
        with self.assertRaisesRegex(ValueError, "the unknown name 'then'"):
            evaluate("if + then", {"if": np.ones(1)})

    def test_yaml(self):
        for text in (
            "boundary: {left: {dirichlet: 1}, right: {neumann: 2}}",
            "boundary:\n  left: {dirichlet: 1} # {\n\n  # c\n  right:\n"
            "    neumann: \"2\"\nname: x",
            "boundary: {left: {dirichlet: 1},\n   right: {neumann: 2}}\nname: x",
            "boundary:\n  left:\n    dirichlet: >-\n      3\n      - 2\n"
            "  right: {neumann: 2}\nname: x",
        ):
            left, right = boundary_conditions(text, {})
            self.assertEqual(left.tolist(), [[1, 0, 1, 0]])
            self.assertEqual(right.tolist(), [[0, 1, 2, 0]])

    def test_no_yaml(self):
        for text in ("name: x", "boundary:", "boundary: 1", "boundary:\n  left: &a 1"):
            with self.assertRaisesRegex(ValueError, "boundary"):
                boundary_conditions(text, {})


if __name__ == "__main__":
    unittest.main()
