"""Second-order operators on Chebyshev grids in PyTorch: their coefficients, read off
matrices, exactly or by estimates, and their inverses by Polya's factors.

Everything is float64 and in units of half of the domain's width.
"""
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from . import chebyshev
from .chebyshev import Array

TERMS = ("K", "V", "Q")


class Factorization:
    """What it takes to read fields off matrices on n nodes, and to solve with them.

    Where L u = -(K u')' + V u' + Q u has a positive solution e of L e = 0, its inverse
    is two integrations with ln K, V/K and ln e (Polya 1922).
    """

    POINTS = 8  # Gauss points between two nodes
    LARGEST = 200.0  # of a field

    def __init__(self, n: int, device: torch.device):
        def tensor(values: Array) -> Tensor:
            return torch.as_tensor(values, dtype=torch.float64, device=device)

        self.n = n
        x = chebyshev.nodes(n)
        gauss, weights = np.polynomial.legendre.leggauss(self.POINTS)
        middle, half = (x[:-1] + x[1:]) / 2, (x[:-1] - x[1:]) / 2
        points = middle[:, None] + half[:, None] * gauss
        rows = chebyshev.interpolation(points.ravel(), n)
        rows = rows.reshape(n - 1, self.POINTS, n)
        # From the left end to each node, [n, n].
        steps = np.einsum("i,p,ipj->ij", half, weights, rows)
        integration = np.zeros((n, n))
        integration[:-1] = np.cumsum(steps[::-1], axis=0)[::-1]
        extension = chebyshev.extension(n)
        self.distance = tensor(x - x[:, None])
        self.D = tensor(chebyshev.differentiation(n))
        self.to_points = tensor(rows)
        self.weights = tensor(half[:, None] * weights)
        self.integration = tensor(integration)
        self.extension = tensor(extension)
        # Of Green's functions: integrals of inner values from the left end to each
        # node and from there to the right end, and the conditions' columns.
        masks = np.empty((2, n, n))
        masks[0] = integration @ extension
        masks[1] = masks[0, 0] - masks[0]
        masks[:, :, [0, -1]] = 0
        masks[0, :, -1] = masks[1, :, 0] = 1
        self.masks = tensor(masks)

    # Coefficients

    def coefficients(self, A: Tensor) -> tuple[Tensor, Tensor]:
        """K, V and Q over the geometric mean of |K|, [batch, 3, n], and its
        logarithm, [batch], of matrices A [batch, n, n], by what they make of 1,
        x - x_i and (x - x_i)^2. At the ends K is extended, V and Q are those of the
        next node."""
        inner = torch.ones(self.n, dtype=A.dtype, device=A.device)
        inner[[0, -1]] = 0
        moment = inner * (A * self.distance).sum(-1)
        Q = inner * A.sum(-1)
        K = inner * -0.5 * (A * self.distance**2).sum(-1) @ self.extension.T
        V = moment + K @ self.D.T
        V, Q = (torch.cat([y[:, 1:2], y[:, 1:-1], y[:, -2:-1]], 1) for y in (V, Q))
        smallest = torch.finfo(A.dtype).tiny
        logarithm = K.abs().clamp_min(smallest).log().mean(1)
        coefficients = torch.stack([K, V, Q], 1)
        return coefficients * torch.exp(-logarithm)[:, None, None], logarithm

    def conditions(self, A: Tensor) -> Tensor:
        """What the rows of the ends make of 1 and of x - x_end: [batch, 2 ends, 2]."""
        ends = A[:, [0, -1]]
        return torch.stack(
            [ends.sum(-1), (ends * self.distance[[0, -1]]).sum(-1)], -1)

    # Solving

    def solve(
        self, fields: Tensor, A: Tensor, b: Tensor, corrections: int,
        fits_ends: bool,
    ) -> Tensor:
        """The solutions x [batch, n] of A x = b that the fields ln K, V/K and ln e,
        [batch, 3, n], make.

        What fields leave open are two constants, which A's rows at the ends give, and
        b at the ends, where it holds values of conditions: with ``fits_ends`` what
        leaves the smallest residual, else the polynomial through its other values. A
        correction solves for the residual with e = 1.
        """
        x = self._answer(fields, A, b, fits_ends)
        plain = torch.cat([fields[:, :2], torch.zeros_like(fields[:, 2:])], 1)
        for _ in range(corrections):
            residual = b - (A @ x[..., None])[..., 0]
            x = x + self._answer(plain, A, residual, fits_ends)
        return x

    def _answer(
        self, fields: Tensor, A: Tensor, b: Tensor, fits_ends: bool
    ) -> Tensor:
        parts = self._integrals(fields, b @ self.extension.T)
        # The two solutions of the homogeneous equation meet the conditions.
        ends = A[:, [0, -1]] @ parts.mT
        given = torch.zeros_like(ends[:, :, :3])
        given[:, :, 0] = b[:, [0, -1]]
        constants = _solve2(ends[:, :, 3:], given - ends[:, :, :3])
        u = parts[:, :3] + constants.mT @ parts[:, 3:]
        return self._with_ends(u, A, b) if fits_ends else u[:, 0]

    @staticmethod
    def _with_ends(u: Tensor, A: Tensor, b: Tensor) -> Tensor:
        """Of the solution and those of ends, [batch, 3, n], the sum that leaves the
        smallest residual."""
        images = (A @ u.mT)[:, 1:-1]
        first, others = b[:, 1:-1, None] - images[:, :, :1], images[:, :, 1:]
        gram = others.mT @ others
        size = gram[:, 0, 0] * gram[:, 1, 1]
        regular = size - gram[:, 0, 1] ** 2 > 1e-12 * size
        unit = torch.eye(2, dtype=A.dtype, device=A.device)
        weights = _solve2(
            torch.where(regular[:, None, None], gram, unit), others.mT @ first)
        weights = torch.where(regular[:, None, None], weights, 0.0)
        return u[:, 0] + (weights.mT @ u[:, 1:])[:, 0]

    def _integrals(self, fields: Tensor, f: Tensor) -> Tensor:
        """Solutions of L u = f for f as given and one at the right or the left end
        alone, and the two of L u = 0: [batch, 5, n]."""
        log_K, drift, log_e = fields.unbind(1)
        log_K = log_K.clamp(-self.LARGEST, self.LARGEST)
        log_e = log_e.clamp(-self.LARGEST, self.LARGEST)
        # ln 1/mu, whose ratios are the first integration's kernel.
        h = drift @ self.integration.T - log_e
        top = torch.maximum(h[:, :1], h[:, -1:])
        p = torch.cat([self._flux(h, f), torch.exp(h - top)[:, None]], 1)
        p = p * torch.exp(-log_K - log_e)[:, None]
        z = torch.cat([p @ self.integration.T, torch.ones_like(p[:, :1])], 1)
        return z * torch.exp(log_e)[:, None]

    def _flux(self, h: Tensor, f: Tensor) -> Tensor:
        """p with p' = h' p - f from that end at which h is largest, for f and for
        one at either end alone: [batch, 3, n]."""
        turned = h[:, :1] < h[:, -1:]

        def turn(values: Tensor, *axes: int) -> Tensor:
            shape = (-1,) + (1,) * (values.ndim - 1)
            return torch.where(turned.view(shape), values.flip(axes), values)

        h_points, f_points = (
            torch.einsum("kpj,bj->bkp", self.to_points, values) for values in (h, f))
        ends = self.to_points[:, :, [0, -1]].permute(2, 0, 1)
        given = torch.cat(
            [f_points[:, None], ends.expand(len(h), *ends.shape)], 1)
        h, h_points = turn(h, 1), turn(h_points, 1, 2)
        given = turn(given, 2, 3)
        kernel = turn(self.weights.expand(h_points.shape), 1, 2) * torch.exp(
            h[:, 1:, None] - h_points)
        parts = torch.einsum("bkp,bckp->kbc", kernel, given)
        decay = torch.exp(h[:, 1:] - h[:, :-1]).T[..., None]
        p = [torch.zeros_like(parts[0])]
        for k in range(self.n - 1):
            p.append(decay[k] * p[-1] + parts[k])
        sign = torch.where(turned, -1.0, 1.0)[..., None]
        return sign * turn(torch.stack(p, -1), 2)


def _solve2(matrix: Tensor, right: Tensor) -> Tensor:
    """The solutions of 2 x 2 systems with several right-hand sides."""
    a, b, c, d = (matrix[:, i, j, None] for i in (0, 1) for j in (0, 1))
    first, last = right[:, 0], right[:, 1]
    return torch.stack(
        [first * d - last * b, a * last - c * first], 1
    ) / (a * d - b * c)[..., None]


class Estimator:
    """Coefficients of second-order operators from noisy matrices on n nodes, by least
    squares, alone and knowing that they are smooth.

    Interior rows of A are -D diag(K) D + D diag(V) + diag(Q) and errors of one
    variance; the coefficients are polynomials sum a_k z_k T_k with z_k standard normal
    and a_k = exp(-k/tau).
    """

    DECAYS = (4.0, 12.0)  # tau
    FEATURES = 6 * len(TERMS) + 1

    def __init__(self, n: int, terms: tuple[str, ...], device: torch.device):
        self.n, self.terms = n, terms
        self.D = chebyshev.differentiation(n)
        gram = self._gram()
        self.size = float(np.sqrt(gram[:n, :n].sum()))
        # A coefficient that is in no inner row has no estimate of its own.
        regular = gram.copy()
        diagonal = np.diagonal(gram)
        regular[np.diag_indices_from(gram)] = np.where(diagonal == 0, 1, diagonal)
        scales = 1 / np.sqrt(np.diagonal(regular))
        unit = np.eye(len(gram))
        inverse = scales[:, None] * scales * np.linalg.solve(
            scales[:, None] * scales * regular, unit)
        laws = [self._law(decay) for decay in self.DECAYS]

        def tensor(values: Array) -> Tensor:
            return torch.as_tensor(values, dtype=torch.float64, device=device)

        self.inverse, self.unit = tensor(inverse), tensor(unit)
        self.laws = [
            (tensor(values), tensor(values.T @ (gram @ values))) for values in laws]
        self.slopes = tensor(self.D)

    def _gram(self) -> Array:
        """The products of the matrices that the unknowns make, [m, m]."""
        D, inner = self.D, self.D[1:-1]
        is_inner = np.ones(self.n)
        is_inner[[0, -1]] = 0
        columns, rows = inner.T @ inner, D @ D.T
        at_inner = np.diag(is_inner)
        blocks = {
            "KK": columns * rows, "KV": -columns * D,
            "VV": np.diag(np.diagonal(columns)), "KQ": -D.T * D * is_inner,
            "VQ": np.diag(np.diagonal(D)) @ at_inner, "QQ": at_inner,
        }
        blocks |= {name[::-1]: block.T for name, block in blocks.items()}
        return np.block([[blocks[a + b] for b in self.terms] for a in self.terms])

    def _law(self, decay: float) -> Array:
        """The coefficients' values from z, over the scale, [m, m]; V and Q are
        several times K, and Q may jump."""
        n, k = self.n, np.arange(self.n)
        cosines = np.cos(np.pi * (np.outer(k, k) % (2 * n - 2)) / (n - 1))
        values = np.zeros((n * len(self.terms),) * 2)
        for index, term in enumerate(self.terms):
            own = slice(index * n, (index + 1) * n)
            size = 1.0 if term == "K" else 8.0
            length = 3 * decay if term == "Q" else decay
            values[own, own] = size * np.exp(-k / length) * cosines
        return values

    def tokens(self, A: Tensor, gains: Tensor) -> tuple[Tensor, Tensor]:
        """What matrices A [batch, n, n] say: of each coefficient two means and the
        logarithms of their deviations, the estimate by least squares as far as it can
        be believed, and that; and the logarithm of the noise. [batch, n, 19], and the
        logarithm of the size of K, [batch]."""
        rows = A[:, 1:-1]
        square = (rows**2).sum((1, 2))
        right = self._products(rows)
        plain = right @ self.inverse
        entries = rows.shape[1] * rows.shape[2]
        scale = torch.where(square > 0, square.sqrt() / self.size, 1.0)
        variance = torch.maximum(
            (square - (right * plain).sum(1)) / max(entries - len(self.unit), 1),
            1e-12 * square / entries)
        deviation = variance.sqrt()
        estimates = [
            self._posterior(law, right, scale[:, None], deviation[:, None])
            for law in self.laws]
        plain_deviation = torch.outer(
            deviation / scale, self.inverse.diagonal().clamp_min(0).sqrt())
        estimates.append((plain / scale[:, None], plain_deviation))
        result = A.new_zeros(len(A), self.n, self.FEATURES)
        for index, term in enumerate(self.terms):
            own, place = index * self.n, TERMS.index(term)
            result[:, :, 6 * place:6 * place + 6] = self._features([
                (gains[place] * means[:, own:own + self.n],
                 gains[place] * deviations[:, own:own + self.n])
                for means, deviations in estimates])
        rms = (square / entries).sqrt()
        noise = torch.where(rms > 0, deviation / rms, 0.0)
        result[:, :, -1] = _logarithm(noise)[:, None]
        return result, scale.log()

    @staticmethod
    def _features(estimates: list[tuple[Tensor, Tensor]]) -> Tensor:
        """The six numbers of a coefficient, [batch, n, 6], by means and deviations
        of it, [batch, n], of the laws and then of least squares alone."""
        *laws, (plain, deviation) = estimates
        # Half of it is believed where it is off by a tenth of its size.
        belief = 1 / (1 + (10 * deviation) ** 2)
        pairs = [(means, _logarithm(deviations)) for means, deviations in laws]
        return torch.stack([*sum(pairs, ()), belief * plain, belief], -1)

    def _products(self, rows: Tensor) -> Tensor:
        """The unknowns' matrices times the interior rows, [batch, m]."""
        inner = self.slopes[1:-1]
        products = {
            "K": lambda: -(inner * (rows @ self.slopes.T)).sum(1),
            "V": lambda: (inner * rows).sum(1),
            "Q": lambda: torch.nn.functional.pad(
                rows[:, :, 1:-1].diagonal(dim1=1, dim2=2), (1, 1)),
        }
        return torch.cat([products[term]() for term in self.terms], 1)

    def _posterior(
        self, law: tuple[Tensor, Tensor], right: Tensor, scale: Tensor,
        deviation: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """The means and deviations of the coefficients over the scale, [batch, m]."""
        values, gram = law
        weight = scale / deviation
        information = (weight**2)[:, :, None] * gram + self.unit
        projected = weight / deviation * (right @ values)
        columns = values.T.expand(len(right), *values.T.shape)
        solved = torch.linalg.solve(
            information, torch.cat([columns, projected[:, :, None]], 2))
        means = solved[:, :, -1] @ values.T
        squares = (values.T * solved[:, :, :-1]).sum(1)
        return means, squares.clamp_min(0).sqrt()


def _logarithm(values: Tensor) -> Tensor:
    return 0.25 * values.clamp_min(1e-9).log10()


@lru_cache(maxsize=32)
def factorization(n: int, device: torch.device) -> Factorization:
    return Factorization(n, device)


@lru_cache(maxsize=8)
def estimator(n: int, terms: tuple[str, ...], device: torch.device) -> Estimator:
    return Estimator(n, terms, device)


@lru_cache(maxsize=32)
def regridding(n: int, m: int, device: torch.device) -> Tensor:
    """The matrix that takes values on n nodes to those on m, [m, n]."""
    return torch.as_tensor(
        chebyshev.interpolation(chebyshev.nodes(m), n), device=device)
