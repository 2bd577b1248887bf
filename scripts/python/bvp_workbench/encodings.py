"""How systems become the tokens that a network reads, and its outputs solutions.

Matrices A are [batch, n, n], row-major, right-hand sides b [batch, n], float64.
"""
from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor

from .files import FileError, Metadata
from .polya import TERMS, Estimator, estimator, factorization, regridding

TOKEN_RMS = 0.5
KINDS = ["equilibrated", "raw", "factors", "estimates", "coefficients", "iterate"]


class Encoding(Protocol):
    """Constants of an encoding.

    ``encode`` makes tokens, [batch, tokens, features], and what the answers need;
    ``decode`` makes solutions [batch, n] of that and a network's outputs.
    """

    @property
    def features(self) -> int: ...

    def encode(self, A: Tensor, b: Tensor) -> tuple[Tensor, Any]: ...

    def decode(self, outputs: Tensor, context: Any) -> Tensor: ...

    def accepts(self, n: int) -> bool:
        """Whether it is one of systems of order n."""


def inverse_row_norms(A: Tensor) -> Tensor:
    """The inverse 2-norms of the rows, [batch, n]; a zero row keeps 1."""
    squares = (A * A).sum(-1)
    return torch.where(squares > 0, squares, 1.0).rsqrt()


@dataclass(frozen=True)
class SystemEncoding:
    """Token i is column i of A and entry i of b, scaled; the output is the solution.

    ``unit_gain`` is what answers to right-hand sides of unit norm are multiplied by to
    become outputs, or None where right-hand sides keep their norm.
    """

    n: int
    equilibrated: bool
    matrix_gain: float
    vector_gain: float
    unit_gain: float | None

    @property
    def features(self) -> int:
        return self.n + 1

    def accepts(self, n: int) -> bool:
        return n == self.n

    def encode(self, A: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
        if self.equilibrated:
            scales = inverse_row_norms(A)
            A, b = scales[:, :, None] * A, scales * b
        factor = torch.ones_like(b[:, :1])
        if self.unit_gain is not None:
            largest = b.abs().amax(1, keepdim=True)
            is_zero = largest < torch.finfo(b.dtype).tiny
            size = torch.where(is_zero, 1.0, largest)
            norm = size * torch.linalg.vector_norm(b / size, dim=1, keepdim=True)
            b = torch.where(is_zero, 0.0, b / torch.where(is_zero, 1.0, norm))
            factor = torch.where(is_zero, 0.0, norm / self.unit_gain)
        tokens = torch.cat(
            [self.matrix_gain * A.mT, (self.vector_gain * b)[:, :, None]], 2)
        return tokens, factor

    def decode(self, outputs: Tensor, context: Tensor) -> Tensor:
        return outputs * context


@dataclass(frozen=True)
class FactorEncoding:
    """Token i is K, V and Q at node i, read off A, or with ``terms`` estimates of them;
    the outputs are ln K, V/K and ln e, [3, tokens]. Answers are linear in b.

    Without ``terms`` matrices of any order are read on their own grid."""

    tokens: int
    coefficient_gains: tuple[float, ...]
    field_gains: tuple[float, ...]
    corrections: int
    terms: tuple[str, ...] | None

    @property
    def features(self) -> int:
        return 3 if self.terms is None else Estimator.FEATURES

    def accepts(self, n: int) -> bool:
        return 4 <= n <= 4096 if self.terms is None else n == self.tokens

    def encode(
        self, A: Tensor, b: Tensor
    ) -> tuple[Tensor, tuple[Tensor, Tensor, Tensor]]:
        n, gains = A.shape[-1], A.new_tensor(self.coefficient_gains)
        if self.terms is not None:
            tokens, logarithm = estimator(n, self.terms, A.device).tokens(A, gains)
        else:
            coefficients, logarithm = factorization(n, A.device).coefficients(A)
            coefficients = self._regridded(coefficients, self.tokens)
            tokens = coefficients.mT * gains
        return tokens, (logarithm, A, b)

    def decode(
        self, outputs: Tensor, context: tuple[Tensor, Tensor, Tensor]
    ) -> Tensor:
        logarithm, A, b = context
        n = A.shape[-1]
        gains = outputs.new_tensor(self.field_gains)
        fields = outputs.unflatten(1, (3, self.tokens)) / gains[:, None]
        log_K, drift, log_e = self._regridded(fields, n).unbind(1)
        fields = torch.stack([log_K + logarithm[:, None], drift, log_e], 1)
        return factorization(n, A.device).solve(
            fields, A, b, self.corrections, fits_ends=self.terms is None)

    @staticmethod
    def _regridded(values: Tensor, n: int) -> Tensor:
        if values.shape[-1] == n:
            return values
        return values @ regridding(values.shape[-1], n, values.device).T


@dataclass(frozen=True)
class OperatorEncoding:
    """Token i is K, V and Q at node i, the condition at an end, and row and column i
    of A; the outputs are a matrix G [n, n] that is applied to b. Answers are linear
    in b.
    """

    n: int
    coefficient_gains: tuple[float, ...]

    @property
    def features(self) -> int:
        return 2 * self.n + 5

    def accepts(self, n: int) -> bool:
        return n == self.n

    def encode(self, A: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
        operator = factorization(self.n, A.device)
        coefficients, logarithm = operator.coefficients(A)
        conditions = operator.conditions(A)
        norms = torch.linalg.vector_norm(conditions, dim=2)
        end_scales = 1 / torch.where(norms > 0, norms, 1.0)
        scales = torch.exp(-logarithm)[:, None].repeat(1, self.n)
        scales[:, [0, -1]] = end_scales
        at_ends = A.new_zeros(len(A), self.n, 2)
        at_ends[:, [0, -1]] = end_scales[:, :, None] * conditions
        gain = TOKEN_RMS * math.sqrt(self.n)
        unit = gain * inverse_row_norms(A)[:, :, None] * A
        gains = A.new_tensor(self.coefficient_gains)
        tokens = torch.cat([coefficients.mT * gains, at_ends, unit, unit.mT], 2)
        return tokens, scales * b

    def decode(self, outputs: Tensor, context: Tensor) -> Tensor:
        G = outputs.unflatten(1, (self.n, self.n))
        return (G @ context[:, :, None])[:, :, 0]


def read_encoding(metadata: Metadata, n: int) -> tuple[Encoding, str]:
    """The encoding of a checkpoint for n tokens, and its name."""
    kind = metadata.choice("encoding", KINDS)
    if kind == "iterate":
        raise FileError(
            metadata.path,
            "the network learned steps of a minimisation and solves no linear systems")
    if kind in ("equilibrated", "raw"):
        return _system_encoding(metadata, n, kind == "equilibrated"), kind
    coefficient_gains = tuple(metadata.gains("coefficient_gains", 3))
    if kind == "coefficients":
        return OperatorEncoding(n, coefficient_gains), kind
    return FactorEncoding(
        n, coefficient_gains, tuple(metadata.gains("field_gains", 3)),
        metadata.integer("corrections", 0, 100),
        _terms(metadata) if kind == "estimates" else None), kind


def _system_encoding(
    metadata: Metadata, n: int, equilibrated: bool
) -> SystemEncoding:
    homogeneous = metadata.flag("homogeneous")
    target = 1.0
    if "target_gain" in metadata.values:
        target = metadata.gains("target_gain", 1)[0]
    if target != 1 and not homogeneous:
        raise FileError(
            metadata.path, f"'target_gain' is {target}, but 'homogeneous' is not true")
    return SystemEncoding(
        n, equilibrated, metadata.gains("matrix_gain", 1)[0],
        metadata.gains("vector_gain", 1)[0], target if homogeneous else None)


def _terms(metadata: Metadata) -> tuple[str, ...]:
    """The coefficients that are estimated: K, and V or Q after it."""
    text = metadata.text("terms")
    terms = tuple(text.split(","))
    if terms[0] != "K" or terms != tuple(t for t in TERMS if t in terms):
        raise FileError(
            metadata.path, f"'terms' is '{text}', expected K, and V or Q after it")
    return terms
