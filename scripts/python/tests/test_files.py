"""Event files and HDF5."""
import contextlib
import csv
import importlib.util
import io
import sys
import unittest
from unittest import mock

import numpy as np

from common import FOLDER, generated, imported, trained
from bvp_workbench import Dataset, FileError, tensorboard


def has(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


class TensorBoardTests(unittest.TestCase):
    def run_main(self, *arguments: object) -> tuple[int, str, str]:
        output, errors = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
            status = tensorboard.main([str(argument) for argument in arguments])
        return status, output.getvalue(), errors.getvalue()

    @unittest.skipUnless(has("tensorboard"), "TensorBoard is not installed")
    def test_events(self):
        from tensorboard.backend.event_processing.event_accumulator import (
            EventAccumulator)

        run = trained("smooth", "--model", "gru")
        for _ in range(2):
            self.assertEqual(
                self.run_main(run), (0, f"{run}/tensorboard\n", ""))
        events = EventAccumulator(str(run / "tensorboard"))
        events.Reload()
        with open(run / "metrics.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        for tag in tensorboard.TAGS:
            found = [(event.step, event.value) for event in events.Scalars(tag)]
            expected = [
                (int(row["step"]), np.float32(row[tag])) for row in rows
                if np.isfinite(float(row[tag]))]
            self.assertEqual(found, expected)

    def test_not_installed(self):
        run = trained("smooth", "--model", "gru")
        module = "tensorboard.compat.proto.event_pb2"
        with mock.patch.dict(sys.modules, {module: None}):
            status, _, errors = self.run_main(run)
        self.assertEqual(status, 1)
        self.assertEqual(
            errors, "bvp_workbench.tensorboard: TensorBoard is not installed: "
            "pip install tensorboard\n")

    def test_bad_input(self):
        self.assertEqual(self.run_main()[0], 64)
        self.assertEqual(self.run_main("--help")[0], 0)
        for text, reason in (
            (None, "cannot be read"), ("", "has no column 'step'"),
            ("step,lr\n1,2\n", "has no column 'seconds'"),
            ("step,seconds,lr,train_mse,test_mse,test_relative_mse\n1,x,1,1,1,1\n",
             "holds what is no number"),
            ("step,seconds,lr,train_mse,test_mse,test_relative_mse\n1,1\n",
             "is damaged"),
        ):
            run = FOLDER / "bad-run"
            run.mkdir(exist_ok=True)
            if text is not None:
                (run / "metrics.csv").write_text(text)
            with self.assertRaisesRegex(FileError, f"metrics.csv: {reason}"):
                tensorboard.read_metrics(run / "metrics.csv")


@unittest.skipUnless(has("h5py"), "h5py is not installed")
class HDF5Tests(unittest.TestCase):
    def test_layout(self):
        import h5py

        from bvp_workbench import to_hdf5

        path = FOLDER / "mixed.hdf5"
        to_hdf5(generated("mixed"), path)
        batch = Dataset(generated("mixed"))[:]
        with h5py.File(path) as file:
            self.assertEqual(file.attrs["dataset_name"], "mixed")
            self.assertEqual(file.attrs["n_trajectories"], 6)
            self.assertEqual(list(file["dimensions"].attrs["spatial_dims"]), ["x"])
            fields = file["t0_fields"]
            self.assertEqual(
                list(fields.attrs["field_names"]), ["u", "K", "f", "q", "v", "w"])
            np.testing.assert_array_equal(
                fields["u"][:, 0], batch["u"][:, ::-1].astype(np.float32))
            np.testing.assert_array_equal(
                fields["w"], batch["w"][:, ::-1].astype(np.float32))
            self.assertTrue((np.diff(file["dimensions/x"]) > 0).all())
            np.testing.assert_array_equal(
                file["scalars/g"], batch["parameters"][:, 1].astype(np.float32))

    def test_bad_input(self):
        from bvp_workbench import to_hdf5

        with self.assertRaisesRegex(FileError, "nowhere: there is no such file"):
            to_hdf5(FOLDER / "nowhere", FOLDER / "x.hdf5")
        with self.assertRaisesRegex(FileError, "nowhere/x.hdf5: cannot be written"):
            to_hdf5(generated("mixed"), FOLDER / "nowhere/x.hdf5")
        with self.assertRaisesRegex(FileError, "has systems of no equation"):
            to_hdf5(imported(5), FOLDER / "x.hdf5")


if __name__ == "__main__":
    unittest.main()
