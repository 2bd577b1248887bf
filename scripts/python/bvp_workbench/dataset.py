"""Datasets that ``bvp generate`` and ``bvp join`` write."""
import operator
import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import chebyshev
from .equation import boundary_conditions, coefficient_names, equation_name
from .files import FileError, open_tensors

Array = NDArray[np.float64]
COEFFICIENTS = ("K", "f", "q", "v", "w")


class Dataset:
    """A dataset file, mapped into memory, as a sequence of solved systems.

    ``dataset[i]`` reads row i (negative ones from the end) and assembles its system.
    It is a dict of float64 arrays:

    - ``A`` [n, n], row-major, and ``b`` [n]: the system; its first row is the
      condition at the right end of the interval, its last that at the left end;
    - ``u`` [n]: the solution at the nodes, and ``u_start`` [n] in files of
      ``--linearised``;
    - ``x`` [n]: the nodes, from the right end to the left;
    - ``K``, ``f`` and, where the equation has them, ``q``, ``v``, ``w`` [n]: the
      coefficients of -(K u')' + (v u)' + w u' + q u = f at the nodes;
    - ``parameters`` [P], in the order of ``parameter_names``;

    and of ``sample``, an int: the index of the row's sample under the seed.

    ``dataset[a:b]`` and ``dataset[[i, j, ...]]`` give the same dict with a first axis
    of rows in every array. PyTorch's ``DataLoader`` takes a dataset as it is.

    Attributes: ``path``; ``metadata``, a dict with numbers as numbers and
    ``parameters`` as a tuple of names; ``parameter_names``; ``tensor_names``; ``n``;
    ``x`` [n]; ``equation_name``; ``identity``, its samples in words; ``origin``, the
    same as a checkpoint notes what it has learned from.

    Raises ``FileError`` if the file is missing, damaged or no dataset, and, when it
    is read, if a row holds what is not finite.
    """

    origin: dict[str, Any]

    def __init__(self, path: str | os.PathLike[str]):
        self._file, metadata = open_tensors(path, "bvp-dataset/1")
        self.path = metadata.path
        self.parameter_names = tuple(
            name for name in metadata.text("parameters").split(",") if name)
        self.metadata = {
            key: self.parameter_names if key == "parameters" else _number(key, text)
            for key, text in metadata.values.items()
        }
        self._equation = metadata.text("equation")
        self.equation_name = equation_name(self._equation)
        self.tensor_names = list(self._file.keys())
        shape = self._shape("u")
        if len(shape) != 2 or shape[1] < 3:
            raise FileError(self.path, "tensor 'u' of shape [samples, n] is missing")
        self._count, self.n = shape
        self._check_shapes()
        self.x: Array = self._file.get_tensor("x")
        self._left, self._right = float(self.x[-1]), float(self.x[0])
        grid = chebyshev.nodes(self.n, self._left, self._right)
        width = self._right - self._left
        if not (width > 0 and np.abs(self.x - grid).max() <= 1e-12 * width):
            raise FileError(
                self.path, f"'x' does not hold {self.n} Chebyshev nodes")
        self._D = chebyshev.differentiation(self.n, self._left, self._right)
        seed = metadata.integer("seed", 0, 2**64 - 1)
        first = metadata.integer("first_sample", 0, 2**62)
        samples = self._count
        if "sample" in self.tensor_names:
            samples = metadata.integer("samples", 0, 2**62)
        self.origin = {
            "law": self._equation, "seed": seed, "first": first, "count": samples}
        self.identity = (
            f"{self.equation_name}, seed {seed}, samples {first} to "
            f"{first + samples - 1}")

    def _shape(self, name: str) -> tuple[int, ...]:
        if name not in self.tensor_names:
            raise FileError(self.path, f"tensor '{name}' is missing")
        return tuple(self._file.get_slice(name).get_shape())

    def _check_shapes(self) -> None:
        count, n = self._count, self.n
        special = {
            "x": (n,), "parameters": (count, len(self.parameter_names)),
            "sample": (count,), "A": (count, n, n),
        }
        # All that the file has, and these it must have.
        for name in {*self.tensor_names, "x", "parameters", "K", "f"}:
            shape, expected = self._shape(name), special.get(name, (count, n))
            dtype = self._file.get_slice(name).get_dtype()
            if shape != expected or dtype != "F64":
                raise FileError(
                    self.path,
                    f"tensor '{name}' is {dtype} {list(shape)}, expected F64 "
                    f"{list(expected)}")

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int | slice | Sequence[int]) -> dict[str, Any]:
        if isinstance(index, slice):
            first, last, step = index.indices(self._count)
            if step == 1:
                return self._rows(slice(first, max(first, last)))
            return self._gather(range(first, last, step))
        if isinstance(index, (Sequence, np.ndarray)):
            return self._gather(index)
        row = self._row(index)
        batch = self._rows(slice(row, row + 1))
        item: dict[str, Any] = {name: values[0] for name, values in batch.items()}
        item["sample"] = int(item["sample"])
        return item

    def _row(self, index: Any) -> int:
        row = operator.index(index)
        if not -self._count <= row < self._count:
            raise IndexError(
                f"{self.path}: there is no sample {row}; it holds {self._count}")
        return row % self._count

    def _gather(self, indices: Sequence[int]) -> dict[str, Any]:
        rows = [self._row(index) for index in indices]
        parts = [self._rows(slice(row, row + 1)) for row in rows]
        if not parts:
            return self._rows(slice(0, 0))
        return {
            name: np.concatenate([part[name] for part in parts])
            for name in parts[0]
        }

    def __reduce__(self) -> tuple[type["Dataset"], tuple[str]]:
        # A worker process maps the file anew.
        return Dataset, (self.path,)

    def __repr__(self) -> str:
        return f"Dataset({self.path!r}: {self._count} systems of order {self.n})"

    # Rows

    def _rows(self, rows: slice) -> dict[str, Any]:
        """Consecutive rows, with a first axis of rows in every array."""
        count = rows.stop - rows.start
        batch: dict[str, Any] = {
            name: self.read(name, rows) for name in self.tensor_names if name != "x"
        }
        batch["x"] = np.tile(self.x, (count, 1))
        if "sample" in batch:
            batch["sample"] = batch["sample"].astype(np.int64)
        else:
            batch["sample"] = (
                self.origin["first"] + np.arange(rows.start, rows.stop))
        if not {"A", "b"} <= batch.keys():
            batch["A"], batch["b"] = self._assemble(batch, count)
        return batch

    def read(self, name: str, rows: slice) -> Array:
        """Consecutive rows of a tensor of the file, [rows, ...]; ``rows`` has a start
        and a stop within the file."""
        shape = self._shape(name)
        if rows.stop == rows.start or 0 in shape:
            return np.empty((rows.stop - rows.start, *shape[1:]))
        values: Array = self._file.get_slice(name)[rows.start:rows.stop]
        finite = np.isfinite(values).reshape(len(values), -1).all(axis=1)
        if not finite.all():
            row = rows.start + int(np.argmin(finite))
            raise FileError(self.path, f"sample {row}: '{name}' is not finite")
        return values

    def _assemble(self, batch: dict[str, Array], count: int) -> tuple[Array, Array]:
        """A [count, n, n] and b [count, n] by Chebyshev collocation."""
        D, diagonal = self._D, np.arange(self.n)
        flux = -batch["K"][:, :, None] * D
        if "v" in batch:
            flux[:, diagonal, diagonal] += batch["v"]
        A = D @ flux
        if "w" in batch:
            A += batch["w"][:, :, None] * D
        if "q" in batch:
            A[:, diagonal, diagonal] += batch["q"]
        b = batch["f"].copy()
        values = dict(zip(self.parameter_names, batch["parameters"].T))
        try:
            for name in coefficient_names(self._equation):
                self._shape(name)
            left, right = boundary_conditions(self._equation, values)
        except FileError:
            raise
        except ValueError as error:
            raise FileError(
                self.path, f"{error}; generate it with --with-systems") from None
        weights = chebyshev.integral_weights(self.n, self._left, self._right)
        for row, condition in ((0, right), (self.n - 1, left)):
            alpha, beta, gamma, integral = np.broadcast_to(
                condition, (count, 4)).T[:, :, None]
            A[:, row] = beta * D[row] + integral * weights
            A[:, row, row] += alpha[:, 0]
            b[:, row] = gamma[:, 0]
        return A, b


def _number(key: str, text: str) -> str | int | float:
    """Metadata as a number, where it is one."""
    if key in ("equation", "format", "initial", "solver", "newton_systems"):
        return text
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text
