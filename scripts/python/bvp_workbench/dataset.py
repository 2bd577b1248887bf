"""Files of systems: those of ``bvp generate``, ``bvp join`` and ``bvp import``."""
import base64
import operator
import os
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from .chebyshev import Array
from .collocation import Collocation
from .equation import equation_name
from .files import DATASET, SYSTEMS, FileError, Metadata, digest, open_tensors


class Dataset:
    """A file of systems, mapped into memory, as a sequence of solved ones.

    ``dataset[i]`` reads row i (negative ones from the end) and assembles its system.
    It is a dict of float64 arrays:

    - ``A`` [n, n], row-major, and ``b`` [n]: the system; of an equation its first row
      is the condition at the right end of the interval, its last that at the left end;
    - ``u`` [n]: the solution, at the nodes where there is an equation, and ``u_start``
      [n] in files of ``--linearised``;

    of an equation also

    - ``x`` [n]: the nodes, from the right end to the left;
    - ``K``, ``f`` and, where the equation has them, ``q``, ``v``, ``w`` [n]: the
      coefficients of -(K u')' + (v u)' + w u' + q u = f at the nodes;
    - ``parameters`` [P], in the order of ``parameter_names``;

    and of ``sample``, an int: the index of the row's sample under the seed, or the row
    where there is no equation.

    ``dataset[a:b]`` and ``dataset[[i, j, ...]]`` give the same dict with a first axis
    of rows in every array. PyTorch's ``DataLoader`` takes a dataset as it is.

    Attributes: ``path``; ``metadata``, a dict with numbers as numbers and
    ``parameters`` as a tuple of names; ``parameter_names``; ``tensor_names``; ``n``;
    ``x`` [n], None of a file of ``bvp import``; ``equation_name``, empty there;
    ``identity``, its samples in words; ``origin``, the same as a checkpoint notes what
    it has learned from, with the digests of its systems.

    Raises ``FileError`` if the file is missing, damaged or has no systems, and, when it
    is read, if a row holds what is not finite.
    """

    def __init__(self, path: str | os.PathLike[str]):
        self._file, metadata = open_tensors(path, DATASET, SYSTEMS)
        self.path = metadata.path
        self.metadata: dict[str, Any] = {
            key: _number(key, text) for key, text in metadata.values.items()}
        self.parameter_names: tuple[str, ...] = ()
        self.tensor_names = list(self._file.keys())
        shape = self._shape("u")
        if len(shape) != 2 or shape[1] < 3:
            raise FileError(self.path, "tensor 'u' of shape [samples, n] is missing")
        self._count, self.n = shape
        self.equation_name = ""
        self.identity = (
            f"{os.path.basename(self.path)}, systems 0 to {self._count - 1}")
        self._first = 0
        self.x: Array | None = None
        self._samples: dict[str, Any] | None = None
        if metadata.values["format"] == DATASET:
            self._read_equation(metadata)
        else:
            self._check_shapes("A", "b")

    def _read_equation(self, metadata: Metadata) -> None:
        self.parameter_names = tuple(
            name for name in metadata.text("parameters").split(",") if name)
        self.metadata["parameters"] = self.parameter_names
        self._check_shapes("x", "parameters", "K", "f")
        equation = metadata.text("equation")
        self.equation_name = equation_name(equation)
        self.x = self._file.get_tensor("x")
        try:
            self._collocation = Collocation(equation, self.x)
        except ValueError as error:
            raise FileError(self.path, str(error)) from None
        seed = metadata.integer("seed", 0, 2**64 - 1)
        self._first = metadata.integer("first_sample", 0, 2**62)
        samples = self._count
        if "sample" in self.tensor_names:
            samples = metadata.integer("samples", 0, 2**62)
        self._samples = {
            "law": equation, "seed": seed, "first": self._first, "count": samples}
        self.identity = (
            f"{self.equation_name}, seed {seed}, samples {self._first} to "
            f"{self._first + samples - 1}")

    @cached_property
    def origin(self) -> dict[str, Any]:
        samples = self._samples or {
            "law": f"systems {digest(self.path)}", "seed": 0, "first": 0,
            "count": self._count}
        return {**samples, "digests": self._digests()}

    def _digests(self) -> str:
        """The systems by what is in them, as the article on file formats has it: the
        smallest digests of A, column by column, and b as float32 numbers."""
        digests = np.empty(self._count, np.uint64)
        for start in range(0, self._count, 256):
            part = self._rows(slice(start, min(start + 256, self._count)))
            columns = part["A"].transpose(0, 2, 1).reshape(len(part["A"]), -1)
            numbers = np.concatenate([columns, part["b"]], axis=1).astype(np.float32)
            # Adding 0 makes one of both zeros.
            words = (numbers + np.float32(0)).view(np.uint32).T.astype(np.uint64)
            digest_of_part = np.full(words.shape[1], self.n, np.uint64)
            for word in words:
                digest_of_part = _mixed(digest_of_part ^ word)
            digests[start:start + 256] = _mixed(digest_of_part)
        smallest = np.unique(digests)[:_MOST_DIGESTS]
        return base64.b64encode(smallest.astype("<u8").tobytes()).decode()

    def _shape(self, name: str) -> tuple[int, ...]:
        if name not in self.tensor_names:
            raise FileError(self.path, f"tensor '{name}' is missing")
        return tuple(self._file.get_slice(name).get_shape())

    def _check_shapes(self, *needed: str) -> None:
        """Of all tensors that the file has; the needed ones must be there."""
        count, n = self._count, self.n
        special = {
            "x": (n,), "parameters": (count, len(self.parameter_names)),
            "sample": (count,), "A": (count, n, n),
        }
        for name in {*self.tensor_names, *needed}:
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
        batch: dict[str, Any] = {
            name: self.read(name, rows) for name in self.tensor_names if name != "x"
        }
        if self.x is not None:
            batch["x"] = np.tile(self.x, (rows.stop - rows.start, 1))
            if not {"A", "b"} <= batch.keys():
                batch["A"], batch["b"] = self._assembled(batch)
        if "sample" in batch:
            batch["sample"] = batch["sample"].astype(np.int64)
        else:
            batch["sample"] = self._first + np.arange(rows.start, rows.stop)
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

    def _assembled(self, batch: dict[str, Array]) -> tuple[Array, Array]:
        parameters = dict(zip(self.parameter_names, batch["parameters"].T))
        try:
            return self._collocation.systems(batch, parameters)
        except ValueError as error:
            raise FileError(
                self.path, f"{error}; generate it with --with-systems") from None


# So many systems are known each; of more the smallest digests stand for all.
_MOST_DIGESTS = 1 << 14


def _mixed(word: Array) -> Array:
    """The finaliser of SplitMix64, of [N] integers of 64 bits."""
    word = word + np.uint64(0x9E3779B97F4A7C15)
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


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
