"""The systems of an equation's samples on a Chebyshev grid."""
from collections.abc import Mapping

import numpy as np

from . import chebyshev
from .chebyshev import Array
from .equation import boundary_conditions, coefficient_names


class Collocation:
    """An equation's text and the n nodes of a grid, from right to left.

    Raises ``ValueError`` if they are not Chebyshev's.
    """

    def __init__(self, equation: str, x: Array):
        n, left, right = len(x), float(x[-1]), float(x[0])
        width = right - left
        grid = chebyshev.nodes(n, left, right)
        if not (width > 0 and np.abs(x - grid).max() <= 1e-12 * width):
            raise ValueError(f"'x' does not hold {n} Chebyshev nodes")
        self.equation = equation
        self.n = n
        self.D = chebyshev.differentiation(n, left, right)
        self.weights = chebyshev.integral_weights(n, left, right)

    def systems(
        self, coefficients: Mapping[str, Array], parameters: Mapping[str, Array]
    ) -> tuple[Array, Array]:
        """A [samples, n, n] and b [samples, n].

        Coefficients are [samples, n], parameters [samples], by their names. Raises
        ``ValueError`` if the equation's text is not understood or has a coefficient
        that is not given.
        """
        for name in coefficient_names(self.equation):
            if name not in coefficients:
                raise ValueError(f"tensor '{name}' is missing")
        left, right = boundary_conditions(self.equation, parameters)
        A, b = self._operator(coefficients), coefficients["f"].copy()
        for row, condition in ((0, right), (self.n - 1, left)):
            alpha, beta, gamma, integral = np.broadcast_to(
                condition, (len(b), 4)).T[:, :, None]
            A[:, row] = beta * self.D[row] + integral * self.weights
            A[:, row, row] += alpha[:, 0]
            b[:, row] = gamma[:, 0]
        return A, b

    def _operator(self, coefficients: Mapping[str, Array]) -> Array:
        """-D K D + D v + w D + q, [samples, n, n]."""
        D, diagonal = self.D, np.arange(self.n)
        flux = -coefficients["K"][:, :, None] * D
        if "v" in coefficients:
            flux[:, diagonal, diagonal] += coefficients["v"]
        A: Array = D @ flux
        if "w" in coefficients:
            A += coefficients["w"][:, :, None] * D
        if "q" in coefficients:
            A[:, diagonal, diagonal] += coefficients["q"]
        return A
