import csv
import io
import json
import subprocess
import sys
import unittest

import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from common import (
    CHECKPOINTS, FOLDER, PACKAGE, bvp, generated, imported, needs_torch, torch, trained)
from bvp_workbench import Dataset, FileError

if torch:
    from bvp_workbench import encode, load, save, solve

TOYS = {
    "algebraformer": (), "raw": ("--encoding", "raw", "--no-homogeneous", "--causal"),
    "lstm": ("--model", "lstm"), "gru": ("--model", "gru"),
    "polya": ("--model", "polya"), "greens": ("--model", "greens"),
    "estimates": ("--model", "polya", "--train-noise", "0.01"),
}
SHIPPED = {
    "diffusion": "diffusion", "diffusion-noise": "diffusion",
    "reaction-diffusion": "reaction-diffusion",
    "advection-diffusion": "advection-diffusion", "diffusion-greens": "diffusion",
    "diffusion-polya": "diffusion", "diffusion-polya-noise": "diffusion",
    "reaction-diffusion-polya": "reaction-diffusion",
    "advection-diffusion-polya": "advection-diffusion",
}


def toy(name: str):
    return trained(equation_of(name), *TOYS[name]) / "model.safetensors"


def equation_of(name: str) -> str:
    return "plain" if name == "estimates" else "smooth"


def notes(path) -> dict[str, str]:
    with safe_open(path, "np") as file:
        return dict(file.metadata())


def evaluated(checkpoint, data) -> float:
    """The mean relative squared error that the command finds."""
    text = bvp("evaluate", checkpoint, "--data", data, "--csv", "--quiet",
               "--threads", 1)
    return float(next(csv.DictReader(io.StringIO(text)))["mean"])


def relative_errors(x, u):
    """The squared errors over the squared norms, [batch]."""
    return ((x - u).norm(dim=1) / u.norm(dim=1)).square()


@needs_torch
class AgreementTests(unittest.TestCase):
    def compare(self, checkpoint, data, tolerance: float) -> None:
        """Solutions and tokens are those of bvp predict."""
        output = FOLDER / "predicted.safetensors"
        bvp("predict", checkpoint, "--data", data, "--output", output, "--force",
            "--with-tokens", "--quiet", "--threads", 1)
        expected = load_file(output)
        batch = Dataset(data)[:]
        network = load(checkpoint)
        tokens = encode(batch["A"], batch["b"], network)
        np.testing.assert_allclose(
            tokens.reshape(expected["tokens"].shape), expected["tokens"],
            rtol=1e-6, atol=1e-6)
        x = solve(batch["A"], batch["b"], network)
        difference = np.linalg.norm(x - expected["solutions"], axis=1)
        size = np.linalg.norm(expected["solutions"], axis=1)
        self.assertLess((difference / size).max(), tolerance)

    def test_shipped(self):
        for name, equation in SHIPPED.items():
            with self.subTest(name):
                self.compare(
                    CHECKPOINTS / f"{name}.safetensors",
                    generated(equation, nodes=64), 1e-5)

    def test_toys(self):
        for name in TOYS:
            with self.subTest(name):
                self.compare(toy(name), generated(equation_of(name)), 1e-5)

    def test_another_grid(self):
        self.compare(
            CHECKPOINTS / "diffusion-polya.safetensors",
            generated("diffusion", nodes=33), 1e-5)

    def test_noise_of_estimates(self):
        """A network for noisy matrices does better than LU on them."""
        batch = Dataset(generated("diffusion", nodes=64, samples=20))[:]
        random = np.random.default_rng(0)
        A = batch["A"] * (1 + 1e-3 * random.standard_normal(batch["A"].shape))
        checkpoint = CHECKPOINTS / "diffusion-polya-noise.safetensors"

        def error(x):
            return np.median(np.linalg.norm(x - batch["u"], axis=1))

        by_lu = np.linalg.solve(A, batch["b"][..., None])[..., 0]
        self.assertLess(error(solve(A, batch["b"], checkpoint)), error(by_lu) / 50)


@needs_torch
class UseTests(unittest.TestCase):
    def setUp(self):
        self.batch = Dataset(generated("smooth"))[:]

    def test_one_system(self):
        A, b = self.batch["A"], self.batch["b"]
        for name in TOYS:
            network = load(toy(name))
            x = solve(A[1], b[1], network)
            self.assertEqual((x.shape, x.dtype), ((16,), np.float64))
            np.testing.assert_allclose(x, solve(A, b, network)[1], rtol=1e-4)
            self.assertEqual(
                encode(A[1], b[1], network).shape,
                encode(A, b, network).shape[1:])

    def test_paths_and_no_systems(self):
        A, b = self.batch["A"], self.batch["b"]
        np.testing.assert_array_equal(
            solve(A, b, str(toy("lstm"))), solve(A, b, load(toy("lstm"))))
        for name in TOYS:
            self.assertEqual(solve(A[:0], b[:0], load(toy(name))).shape, (0, 16))

    def test_many_systems(self):
        A, b = np.tile(self.batch["A"], (15, 1, 1)), np.tile(self.batch["b"], (15, 1))
        x = solve(A, b, load(toy("gru")))
        np.testing.assert_allclose(x[84:], x[:6], rtol=1e-4)

    def test_homogeneous(self):
        A, b = self.batch["A"], self.batch["b"]
        for name in TOYS:
            network = load(toy(name))
            x = solve(A, b, network)
            for factor in (1e-200, 3.0, 1e200):
                y = solve(A, factor * b, network) / factor
                near = np.allclose(x, y, rtol=1e-3)
                self.assertEqual(near, name != "raw", f"{name} {factor}")
            if name != "raw":
                self.assertFalse(solve(A, 0 * b, network).any())

    def test_linear(self):
        A, b = self.batch["A"], self.batch["b"]
        for name in ("polya", "estimates", "greens"):
            network = load(toy(name))
            sum = solve(A, b - 2 * b[::-1], network)
            parts = solve(A, b, network) - 2 * solve(A, b[::-1], network)
            np.testing.assert_allclose(sum, parts, rtol=1e-6, atol=1e-9)

    def test_dtypes(self):
        for name in TOYS:
            network = load(toy(name))
            for dtype in (torch.float32, torch.float64):
                A, b = (
                    torch.tensor(self.batch[key], dtype=dtype) for key in ("A", "b"))
                self.assertEqual(network(A, b).dtype, dtype)
            wide = network.double()(A, b)
            np.testing.assert_allclose(
                wide.detach(), solve(self.batch["A"], self.batch["b"], toy(name)),
                rtol=1e-3, atol=1e-4)

    def test_gradients(self):
        """Every parameter has the gradient that differences show."""
        A, b, u = (torch.tensor(self.batch[key]) for key in ("A", "b", "u"))
        for name in TOYS:
            network = load(toy(name)).double()

            def loss():
                return (network(A, b) - u).square().mean()

            loss().backward()
            generator = torch.Generator().manual_seed(0)
            slope = 0.0
            directions = []
            for key, parameter in network.named_parameters():
                self.assertTrue(parameter.grad.isfinite().all(), key)
                direction = torch.randn(
                    parameter.shape, generator=generator, dtype=torch.float64)
                directions.append((parameter, direction))
                slope += (parameter.grad * direction).sum().item()
            values = []
            step = 1e-6
            with torch.no_grad():
                for move in (step, -2 * step):
                    for parameter, direction in directions:
                        parameter += move * direction
                    values.append(loss().item())
            difference = (values[0] - values[1]) / (2 * step)
            self.assertAlmostEqual(difference / slope, 1, 3, name)

    def test_wrong_input(self):
        A, b = self.batch["A"], self.batch["b"]
        network = load(toy("algebraformer"))
        hole = A.copy()
        hole[0, 1, 1] = np.nan
        for arguments, reason in (
            ((A[:, :4], b), r"A is \[6, 4, 16\] and b \[6, 16\], expected"),
            ((A, b[0]), r"b \[16\]"), ((A[0], b), r"A is \[16, 16\]"),
            ((A[0, 0, 0], b), r"A is \[\]"),
            ((A[:, :8, :8], b[:, :8]), "solves systems of order 16, not 8"),
            ((hole, b), "A has entries that are not finite"),
            ((A, b + np.inf), "b has entries that are not finite"),
        ):
            for function in (solve, encode):
                with self.assertRaisesRegex(ValueError, reason) as caught:
                    function(*arguments, network)
                self.assertIn(str(toy("algebraformer")), str(caught.exception))
        with self.assertRaisesRegex(ValueError, "expected floating point"):
            network(torch.ones(1, 16, 16, dtype=torch.int64), torch.ones(1, 16))


@needs_torch
class SaveTests(unittest.TestCase):
    def test_same_network(self):
        for name in TOYS:
            path = FOLDER / f"saved-{name}.safetensors"
            save(load(toy(name)), path)
            self.assertEqual(notes(path), notes(toy(name)))
            data = generated("smooth")
            self.assertEqual(evaluated(path, data), evaluated(toy(name), data))

    def test_training(self):
        """Every model learns, and the command finds what PyTorch does."""
        for name in TOYS:
            equation = equation_of(name)
            dataset = Dataset(generated(equation, seed=7))
            batch = dataset[:]
            A, b, u = (torch.tensor(batch[key]) for key in ("A", "b", "u"))
            network = load(toy(name))
            optimizer = torch.optim.Adam(network.parameters(), 1e-3)
            losses = []
            for _ in range(30):
                loss = relative_errors(network(A, b), u).mean()
                optimizer.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(network.parameters(), 1)
                optimizer.step()
                losses.append(loss.item())
            self.assertLess(min(losses), 0.95 * losses[0], name)
            path = FOLDER / f"trained-{name}.safetensors"
            save(network, path, trained_on=[dataset])
            test = generated(equation)
            other = Dataset(test)[:]
            x = solve(other["A"], other["b"], path)
            error = relative_errors(torch.tensor(x), torch.tensor(other["u"])).mean()
            self.assertAlmostEqual(evaluated(path, test) / error.item(), 1, 3, name)
            with self.assertRaisesRegex(AssertionError, "was trained on samples of"):
                bvp("evaluate", path, "--data", generated(equation, seed=7))

    def test_notes(self):
        network = load(toy("gru"))
        with torch.no_grad():
            network.body.decode.bias += 1
        path = FOLDER / "notes.safetensors"
        save(network, path, notes={"author": "a test"})
        before, after = notes(toy("gru")), notes(path)
        self.assertEqual(after["recipe"], before["recipe"])
        self.assertEqual(after["trained_on"], before["trained_on"])
        self.assertEqual(after["author"], "a test")
        self.assertIn("test_mse", before)
        self.assertNotIn("test_mse", after)
        self.assertNotIn("step", after)

    def test_verbs(self):
        """The command takes what PyTorch has trained."""
        data, test = generated("smooth", seed=7), generated("smooth")
        network = load(toy("polya"))
        with torch.no_grad():
            network.body.decode.bias += 0.01
        path = FOLDER / "verbs.safetensors"
        save(network, path, trained_on=[Dataset(data)])
        notes_of = json.loads(bvp("inspect", path, "--json"))["metadata"]
        self.assertTrue(notes_of["data"].endswith("; smooth, seed 7, samples 0 to 5"))
        x = solve(*(Dataset(test)[0][key] for key in ("A", "b")), path)
        text = bvp("export", test, "--count", 1, "--checkpoint", path, "--threads", 1)
        rows = list(csv.DictReader(io.StringIO(text)))
        np.testing.assert_allclose(
            x[::-1], [float(row["u_network"]) for row in rows], rtol=1e-5)
        noisy = bvp("robustness", path, "--data", test, "--solvers", "none", "--levels",
                    "0,1e-3", "--csv", "--quiet", "--threads", 1)
        self.assertEqual(len(noisy.splitlines()), 3)
        run = FOLDER / "finetuned"
        bvp("finetune", FOLDER / "smooth.yaml", "--from", path, "--preset", "smoke",
            "--samples", 8, "--test-samples", 4, "--seed", 9, "--steps", 2,
            "--precision", "f32", "--threads", 1, "--quiet", "--output", run)
        learned = json.loads(notes(run / "model.safetensors")["trained_on"])
        self.assertEqual([origin["seed"] for origin in learned], [0, 7, 9])

    def test_imported_systems(self):
        """One learns from them, alone or further, and knows that it has."""
        data, test = imported(40), imported(5, seed=1)
        path = FOLDER / "trained-imported.safetensors"
        self.run_example(toy("gru"), data, path)
        batch = Dataset(test)[:]
        x = solve(batch["A"], batch["b"], path)
        error = relative_errors(torch.tensor(x), torch.tensor(batch["u"])).mean()
        self.assertAlmostEqual(evaluated(path, test) / error.item(), 1, 3)
        self.assertTrue(
            notes(path)["data"].endswith("; imported-40-16-0.safetensors, "
                                         "systems 0 to 39"))
        with self.assertRaisesRegex(AssertionError, "was trained on samples of"):
            bvp("evaluate", path, "--data", data)

    def run_example(self, checkpoint, data, output):
        result = subprocess.run(
            [sys.executable, PACKAGE / "examples/train.py", checkpoint, data, output,
             "2"], capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("epoch 2: mse", result.stdout)

    def test_example(self):
        output = FOLDER / "example.safetensors"
        data = generated("diffusion", nodes=64)
        before = evaluated(CHECKPOINTS / "diffusion.safetensors", data)
        self.run_example(
            CHECKPOINTS / "diffusion.safetensors",
            generated("reaction-diffusion", nodes=64), output)
        self.assertNotEqual(evaluated(output, data), before)

    def test_refused(self):
        network = load(toy("lstm"))
        with self.assertRaisesRegex(FileError, "x.safetensors: cannot be written"):
            save(network, FOLDER / "nowhere/x.safetensors")
        with torch.no_grad():
            network.body.decode.bias += np.nan
        path = FOLDER / "bad.safetensors"
        with self.assertRaisesRegex(ValueError, "bad.safetensors: tensor"):
            save(network, path)
        self.assertFalse(path.exists())
        old = load(CHECKPOINTS / "reaction-diffusion.safetensors")
        with self.assertRaisesRegex(ValueError, "recipe alone"):
            save(old, path, trained_on=[Dataset(generated("smooth"))])


@needs_torch
class DamageTests(unittest.TestCase):
    def refuse(self, path, reason: str) -> None:
        with self.assertRaisesRegex(FileError, reason) as caught:
            load(path)
        self.assertTrue(str(caught.exception).startswith(str(path)))
        self.assertNotIn("\n", str(caught.exception))

    def test_other_files(self):
        self.refuse(FOLDER / "nowhere.safetensors", "no such file")
        self.refuse(
            CHECKPOINTS / "newton.safetensors", "solves no linear systems")
        self.refuse(
            generated("smooth"), "is not a checkpoint: 'format' is 'bvp-dataset/1'")
        path = FOLDER / "half.safetensors"
        path.write_bytes(toy("gru").read_bytes()[:5000])
        self.refuse(path, "is damaged")

    def test_metadata_and_tensors(self):
        path = FOLDER / "changed.safetensors"

        def refuse(name, reason, metadata=(), tensors=()):
            own = load_file(toy(name)) | dict(tensors)
            save_file(
                {key: value for key, value in own.items() if value is not None}, path,
                {key: value for key, value in (
                    notes(toy(name)) | dict(metadata)).items() if value is not None})
            self.refuse(path, reason)

        refuse("gru", "unknown model 'rnn'; known are", {"model": "rnn"})
        refuse("gru", "metadata have no 'width'", {"width": None})
        refuse("gru", "'depth' is 'two', expected a whole number", {"depth": "two"})
        refuse("gru", "'depth' is 0, must lie between 1 and 1024", {"depth": "0"})
        refuse("gru", "'matrix_gain' is '-1', expected 1", {"matrix_gain": "-1"})
        refuse("gru", "'homogeneous' is 'yes'", {"homogeneous": "yes"})
        refuse("gru", "'homogeneous' is not true", {"homogeneous": "false"})
        refuse("gru", "do not go with the encoding", {"features": "3"})
        refuse("greens", "do not go with the encoding", {"model": "lstm"})
        refuse("greens", "'coefficient_gains' is '1,2'", {"coefficient_gains": "1,2"})
        refuse("estimates", "'terms' is 'V,K'", {"terms": "V,K"})
        refuse("algebraformer", "not divisible", {"heads": "3"})
        weight = np.ones((1, 7), np.float32)
        refuse("gru", r"'decode.weight' has shape \[1, 7\]", (),
               {"decode.weight": weight})
        refuse("gru", "'decode.bias' is missing", (), {"decode.bias": None})
        refuse("gru", "'extra' belongs to no such network", (), {"extra": weight})
        refuse("gru", "'decode.bias' has entries that are not finite", (),
               {"decode.bias": np.full(1, np.nan, np.float32)})

    def test_narrow_weights(self):
        from safetensors.torch import save_file as save_tensors

        tensors = {
            key: value.bfloat16()
            for key, value in load(toy("gru")).body.state_dict().items()}
        path = FOLDER / "narrow.safetensors"
        save_tensors(tensors, path, notes(toy("gru")))
        batch = Dataset(generated("smooth"))[:]
        x = solve(batch["A"], batch["b"], path)
        np.testing.assert_allclose(
            x, solve(batch["A"], batch["b"], toy("gru")), atol=0.05)


if __name__ == "__main__":
    unittest.main()
