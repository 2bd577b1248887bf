"""Chebyshev grids. Nodes run from the right end of the interval to the left."""
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def nodes(n: int, left: float = -1.0, right: float = 1.0) -> Array:
    """The n Chebyshev-Gauss-Lobatto nodes, [n], from right to left."""
    N = n - 1
    x = 0.5 * (left + right) + 0.5 * (right - left) * np.sin(
        np.pi * np.arange(N, -N - 1, -2) / (2 * N))
    x[0], x[-1] = right, left
    return x


def differentiation(n: int, left: float = -1.0, right: float = 1.0) -> Array:
    """The matrix that takes values at the nodes to those of the derivative, [n, n].

    Differences of nodes are products of sines, the diagonal is the negative sum of
    its row, and the lower half is the upper one turned by 180 degrees and negated.
    """
    N = n - 1
    i, j = np.indices((n, n))
    step = np.pi / (2 * N)
    end = np.where((np.arange(n) % N) == 0, 2.0, 1.0)
    difference = 2 * np.sin((i + j) * step) * np.sin((j - i) * step)
    np.fill_diagonal(difference, 1)
    D = end[:, None] / end * (1 - 2 * ((i + j) % 2)) / difference
    np.fill_diagonal(D, 0)
    D = 2 / (right - left) * np.where(i + j <= N, D, -D[::-1, ::-1])
    np.fill_diagonal(D, -D.sum(axis=1))
    return D


def integral_weights(n: int, left: float, right: float) -> Array:
    """The Clenshaw-Curtis weights of the nodes, [n]."""
    N = n - 1
    k = np.arange(0, N + 1, 2)
    moments = 2 / (1 - k.astype(float) ** 2)
    series = np.cos(np.pi * np.outer(np.arange(n), k) / N)
    series[:, (k == 0) | (k == N)] *= 0.5
    weights = series @ moments / N
    weights[[0, -1]] *= 0.5
    return (right - left) * weights


def interpolation(points: Array, n: int) -> Array:
    """The matrix that takes values at n nodes of [-1, 1] to those of the polynomial
    through them at the points, [points, n]; the second barycentric formula."""
    weights = np.where(np.arange(n) % 2 == 0, 1.0, -1.0)
    weights[[0, -1]] *= 0.5
    difference = points[:, None] - nodes(n)
    hit = difference == 0
    terms = weights / np.where(hit, 1, difference)
    rows = terms / terms.sum(axis=1, keepdims=True)
    return np.where(hit.any(axis=1, keepdims=True), hit, rows)


def extension(n: int) -> Array:
    """The matrix that takes values at n nodes of [-1, 1] to those of the polynomial
    through the inner ones, [n, n]."""
    x, inner = nodes(n), np.arange(1, n - 1)
    result = np.eye(n)
    result[[0, -1]] = 0
    for end in (0, n - 1):
        terms = (1 - 2 * (inner % 2)) * (1 - x[inner] ** 2) / (x[end] - x[inner])
        result[end, inner] = terms / terms.sum()
    return result
