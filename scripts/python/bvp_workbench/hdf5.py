"""Datasets as HDF5 files in the layout of the Well."""
import os

import h5py
import numpy as np

from .chebyshev import Array
from .dataset import Dataset
from .files import FileError, replacing

CHUNK = 1024
COEFFICIENTS = ("K", "f", "q", "v", "w")


def to_hdf5(path: str | os.PathLike[str], out: str | os.PathLike[str]) -> None:
    """Writes a dataset as an HDF5 file in the layout of the Well, in float32.

    Trajectories are rows, in order, with one step in time. ``dimensions/x`` [n] are the
    Chebyshev nodes in ascending order, not evenly spaced; ``t0_fields`` has ``u``
    [rows, 1, n] and the coefficients [rows, n], which do not vary in time; ``scalars``
    has the parameters [rows].
    Raises ``FileError`` if the dataset cannot be read, has no grid, or ``out`` cannot
    be written.
    """
    dataset = Dataset(path)
    if dataset.x is None:
        raise FileError(dataset.path, "has systems of no equation, on no grid")
    with replacing(out) as temporary, h5py.File(temporary, "w") as file:
        _write(file, dataset, dataset.x)


def _write(file: h5py.File, dataset: Dataset, x: Array) -> None:
    count, n = len(dataset), dataset.n
    names = [name for name in COEFFICIENTS if name in dataset.tensor_names]
    file.attrs["dataset_name"] = dataset.equation_name
    file.attrs["grid_type"] = "cartesian"
    file.attrs["n_spatial_dims"] = 1
    file.attrs["n_trajectories"] = count
    file.attrs["simulation_parameters"] = _texts([])

    def add(
        group: h5py.Group, name: str, shape: tuple[int, ...], **attributes: object
    ) -> h5py.Dataset:
        result = group.create_dataset(name, shape, np.float32)
        result.attrs.update(attributes)
        return result

    steady = {"sample_varying": False, "time_varying": False}
    dimensions = file.create_group("dimensions")
    dimensions.attrs["spatial_dims"] = _texts(["x"])
    add(dimensions, "time", (1,), sample_varying=False)
    add(dimensions, "x", (n,), **steady)[:] = x[::-1]

    ends = file.create_group("boundary_conditions/ends")
    ends.attrs["associated_dims"] = _texts(["x"])
    ends.attrs["associated_fields"] = _texts([])
    ends.attrs["bc_type"] = "WALL"
    ends.attrs.update(steady)
    ends["mask"] = np.isin(np.arange(n), (0, n - 1))
    ends["values"] = np.zeros(2, np.float32)

    scalars = file.create_group("scalars")
    scalars.attrs["field_names"] = _texts(dataset.parameter_names)
    for name in dataset.parameter_names:
        add(scalars, name, (count,), sample_varying=True, time_varying=False)
    fields = file.create_group("t0_fields")
    fields.attrs["field_names"] = _texts(["u", *names])
    add(fields, "u", (count, 1, n),
        dim_varying=[True], sample_varying=True, time_varying=True)
    for name in names:
        add(fields, name, (count, n),
            dim_varying=[True], sample_varying=True, time_varying=False)
    for order in (1, 2):
        file.create_group(f"t{order}_fields").attrs["field_names"] = _texts([])

    for first in range(0, count, CHUNK):
        rows = slice(first, min(first + CHUNK, count))
        for column, name in enumerate(dataset.parameter_names):
            scalars[name][rows] = dataset.read("parameters", rows)[:, column]
        fields["u"][rows, 0] = dataset.read("u", rows)[:, ::-1]
        for name in names:
            fields[name][rows] = dataset.read(name, rows)[:, ::-1]


def _texts(values: list[str] | tuple[str, ...]) -> np.ndarray:
    return np.array(values, dtype=h5py.string_dtype())
