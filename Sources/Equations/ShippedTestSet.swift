// Written by scripts/embed-tests.

extension Equation {
  /// The texts of the test set, in the order of their names: copies of the files
  /// in `equations/tests/`.
  static let testSetSources: [(name: String, text: String)] = [
    (
      "bratu-upper",
      #"""
      # Bratu's problem u″ + exp(u) = 0, the upper one of its two solutions.

      name: bratu-upper
      description: Bratu, the upper solution
      domain: [0, 1]

      coefficients:
        K: 1
        f: exp(u)

      boundary:
        left: {dirichlet: 0}
        right: {dirichlet: 0}

      check:
        source: "−2 log(cosh((x − ½) t/2)/cosh(t/4)) with t = sqrt(2) cosh(t/4), t = 10.938702772122086"
        initial: 16 * x * (1 - x)
        solution: -2 * log(cosh((x - 0.5) * 5.469351386061043) / cosh(2.7346756930305215))

      """#
    ),
    (
      "bratu",
      #"""
      # Bratu's problem u″ + exp(u) = 0, the lower one of its two solutions.

      name: bratu
      description: Bratu, the lower solution
      domain: [0, 1]

      coefficients:
        K: 1
        f: exp(u)

      boundary:
        left: {dirichlet: 0}
        right: {dirichlet: 0}

      check:
        source: "−2 log(cosh((x − ½) t/2)/cosh(t/4)) with t = sqrt(2) cosh(t/4), t = 1.5171645990507543686"
        initial: 0
        solution: -2 * log(cosh((x - 0.5) * 0.75858229952537718) / cosh(0.37929114976268859))

      """#
    ),
    (
      "carrier",
      #"""
      # Carrier's problem eps u″ + 2 (1 − x²) u + u² = 1, one of its many solutions.

      name: carrier
      description: Carrier's problem
      domain: [-1, 1]

      parameters:
        eps: 0.01

      coefficients:
        K: eps
        f: -1 + 2 * (1 - x^2) * u + u^2

      boundary:
        left: {dirichlet: 0}
        right: {dirichlet: 0}

      check:
        source: "the literature: u(0) = −2.402104718 from the guess 2 (x² − 1)"
        values: {eps: [0.01]}
        initial: 2 * (x^2 - 1)
        points: [[0, -2.402104718]]

      """#
    ),
    (
      "cash-mazzia-01",
      #"""
      # Problem 1 of the linear ones in Cash's and Mazzia's collection:
      # eps u″ − u = 0. A boundary layer of width sqrt(eps) on the left.

      name: cash-mazzia-01
      description: a layer at the left end
      domain: [0, 1]

      parameters:
        eps: 0.01

      coefficients:
        K: eps
        q: 1
        f: 0

      boundary:
        left: {dirichlet: 1}
        right: {dirichlet: 0}

      check:
        source: "Cash and Mazzia, Test Set for BVP Solvers, problem 1"
        values: {eps: [1, 1e-1, 1e-2, 1e-3, 1e-4]}
        solution: (exp(-x / sqrt(eps)) - exp((x - 2) / sqrt(eps))) / (1 - exp(-2 / sqrt(eps)))

      """#
    ),
    (
      "cash-mazzia-02",
      #"""
      # Problem 2 of the linear ones in Cash's and Mazzia's collection:
      # eps u″ − u′ = 0. A boundary layer of width eps on the right.

      name: cash-mazzia-02
      description: a layer at the right end
      domain: [0, 1]

      parameters:
        eps: 0.01

      coefficients:
        K: eps
        w: 1
        f: 0

      boundary:
        left: {dirichlet: 1}
        right: {dirichlet: 0}

      check:
        source: "Cash and Mazzia, Test Set for BVP Solvers, problem 2"
        values: {eps: [1, 1e-1, 1e-2, 1e-3, 1e-4]}
        solution: (1 - exp((x - 1) / eps)) / (1 - exp(-1 / eps))

      """#
    ),
    (
      "cash-mazzia-03",
      #"""
      # Problem 3 of the linear ones in Cash's and Mazzia's collection:
      # eps u″ + (2 + cos(pi x)) u′ − u = −(1 + eps pi²) cos(pi x) − (2 + cos(pi x)) pi sin(pi x).

      name: cash-mazzia-03
      description: a smooth solution of a singularly perturbed problem
      domain: [-1, 1]

      parameters:
        eps: 0.01

      coefficients:
        K: eps
        w: -(2 + cos(pi * x))
        q: 1
        f: (1 + eps * pi^2) * cos(pi * x) + (2 + cos(pi * x)) * pi * sin(pi * x)

      boundary:
        left: {dirichlet: -1}
        right: {dirichlet: -1}

      check:
        source: "Cash and Mazzia, Test Set for BVP Solvers, problem 3"
        values: {eps: [1, 1e-1, 1e-2, 1e-3, 1e-4]}
        solution: cos(pi * x)

      """#
    ),
    (
      "cash-mazzia-04",
      #"""
      # Problem 4 of the linear ones in Cash's and Mazzia's collection:
      # eps u″ + u′ − (1 + eps) u = 0. A boundary layer on the left.

      name: cash-mazzia-04
      description: a layer at the left end over an exponential
      domain: [-1, 1]

      parameters:
        eps: 0.01

      coefficients:
        K: eps
        w: -1
        q: 1 + eps
        f: 0

      boundary:
        left: {dirichlet: 1 + exp(-2)}
        right: {dirichlet: 1 + exp(-2 * (1 + eps) / eps)}

      check:
        source: "Cash and Mazzia, Test Set for BVP Solvers, problem 4"
        values: {eps: [1, 1e-1, 1e-2, 1e-3, 1e-4]}
        solution: exp(x - 1) + exp(-(1 + eps) * (1 + x) / eps)

      """#
    ),
    (
      "cash-mazzia-05",
      #"""
      # Problem 5 of the linear ones in Cash's and Mazzia's collection:
      # eps u″ − x u′ − u = −(1 + eps pi²) cos(pi x) + pi x sin(pi x). A turning point at 0.

      name: cash-mazzia-05
      description: a turning point and a smooth solution
      domain: [-1, 1]

      parameters:
        eps: 0.01

      coefficients:
        K: eps
        w: x
        q: 1
        f: (1 + eps * pi^2) * cos(pi * x) - pi * x * sin(pi * x)

      boundary:
        left: {dirichlet: -1}
        right: {dirichlet: -1}

      check:
        source: "Cash and Mazzia, Test Set for BVP Solvers, problem 5"
        values: {eps: [1, 1e-1, 1e-2, 1e-3, 1e-4]}
        solution: cos(pi * x)

      """#
    ),
    (
      "cash-mazzia-06",
      #"""
      # Problem 6 of the linear ones in Cash's and Mazzia's collection:
      # eps u″ + x u′ = −eps pi² cos(pi x) − pi x sin(pi x). A shock layer at the turning point 0.

      name: cash-mazzia-06
      description: a shock at a turning point
      domain: [-1, 1]

      parameters:
        eps: 0.01

      coefficients:
        K: eps
        w: -x
        f: eps * pi^2 * cos(pi * x) + pi * x * sin(pi * x)

      boundary:
        left: {dirichlet: -2}
        right: {dirichlet: 0}

      check:
        source: "Cash and Mazzia, Test Set for BVP Solvers, problem 6"
        values: {eps: [1, 1e-1, 1e-2, 1e-3, 1e-4]}
        solution: cos(pi * x) + erf(x / sqrt(2 * eps)) / erf(1 / sqrt(2 * eps))

      """#
    ),
    (
      "cash-mazzia-07",
      #"""
      # Problem 7 of the linear ones in Cash's and Mazzia's collection:
      # eps u″ + x u′ − u = −(1 + eps pi²) cos(pi x) − pi x sin(pi x). A corner layer at the turning point 0.

      name: cash-mazzia-07
      description: a corner at a turning point
      domain: [-1, 1]

      parameters:
        eps: 0.01

      coefficients:
        K: eps
        w: -x
        q: 1
        f: (1 + eps * pi^2) * cos(pi * x) + pi * x * sin(pi * x)

      boundary:
        left: {dirichlet: -1}
        right: {dirichlet: 1}

      check:
        source: "Cash and Mazzia, Test Set for BVP Solvers, problem 7"
        values: {eps: [1, 1e-1, 1e-2, 1e-3, 1e-4]}
        solution: cos(pi * x) + x + (x * erf(x / sqrt(2 * eps)) + sqrt(2 * eps / pi) * exp(-x^2 / (2 * eps))) / (erf(1 / sqrt(2 * eps)) + sqrt(2 * eps / pi) * exp(-1 / (2 * eps)))

      """#
    ),
    (
      "cash-mazzia-08",
      #"""
      # Problem 8 of the linear ones in Cash's and Mazzia's collection:
      # eps u″ + u′ = 0. A boundary layer on the left.

      name: cash-mazzia-08
      description: a layer at the left end
      domain: [0, 1]

      parameters:
        eps: 0.01

      coefficients:
        K: eps
        w: -1
        f: 0

      boundary:
        left: {dirichlet: 1}
        right: {dirichlet: 2}

      check:
        source: "Cash and Mazzia, Test Set for BVP Solvers, problem 8"
        values: {eps: [1, 1e-1, 1e-2, 1e-3, 1e-4]}
        solution: (2 - exp(-1 / eps) - exp(-x / eps)) / (1 - exp(-1 / eps))

      """#
    ),
    (
      "cash-mazzia-09",
      #"""
      # Problem 9 of the linear ones in Cash's and Mazzia's collection:
      # (eps + x²) u″ + 4 x u′ + 2 u = 0. Smooth where eps is large, a peak of height 1/eps where it is small.

      name: cash-mazzia-09
      description: a peak
      domain: [-1, 1]

      parameters:
        eps: 0.01

      coefficients:
        K: eps + x^2
        w: -2 * x
        q: -2
        f: 0

      boundary:
        left: {dirichlet: 1 / (1 + eps)}
        right: {dirichlet: 1 / (1 + eps)}

      check:
        source: "Cash and Mazzia, Test Set for BVP Solvers, problem 9"
        values: {eps: [1, 1e-1, 1e-2, 1e-3, 1e-4]}
        solution: 1 / (eps + x^2)

      """#
    ),
    (
      "cash-mazzia-10",
      #"""
      # Problem 10 of the linear ones in Cash's and Mazzia's collection:
      # eps u″ + x u′ = 0. A shock layer at the turning point 0.

      name: cash-mazzia-10
      description: a shock at a turning point
      domain: [-1, 1]

      parameters:
        eps: 0.01

      coefficients:
        K: eps
        w: -x
        f: 0

      boundary:
        left: {dirichlet: 0}
        right: {dirichlet: 2}

      check:
        source: "Cash and Mazzia, Test Set for BVP Solvers, problem 10"
        values: {eps: [1, 1e-1, 1e-2, 1e-3, 1e-4]}
        solution: 1 + erf(x / sqrt(2 * eps)) / erf(1 / sqrt(2 * eps))

      """#
    ),
    (
      "cash-mazzia-11",
      #"""
      # Problem 11 of the linear ones in Cash's and Mazzia's collection:
      # eps u″ − u = −(eps pi² + 1) cos(pi x). Smooth.

      name: cash-mazzia-11
      description: a smooth solution
      domain: [-1, 1]

      parameters:
        eps: 0.01

      coefficients:
        K: eps
        q: 1
        f: (eps * pi^2 + 1) * cos(pi * x)

      boundary:
        left: {dirichlet: -1}
        right: {dirichlet: -1}

      check:
        source: "Cash and Mazzia, Test Set for BVP Solvers, problem 11"
        values: {eps: [1, 1e-1, 1e-2, 1e-3, 1e-4]}
        solution: cos(pi * x)

      """#
    ),
    (
      "cash-mazzia-12",
      #"""
      # Problem 12 of the linear ones in Cash's and Mazzia's collection:
      # as problem 11, with a boundary layer on the right.

      name: cash-mazzia-12
      description: a layer at the right end
      domain: [-1, 1]

      parameters:
        eps: 0.01

      coefficients:
        K: eps
        q: 1
        f: (eps * pi^2 + 1) * cos(pi * x)

      boundary:
        left: {dirichlet: -1 + exp(-2 / sqrt(eps))}
        right: {dirichlet: 0}

      check:
        source: "Cash and Mazzia, Test Set for BVP Solvers, problem 12"
        values: {eps: [1, 1e-1, 1e-2, 1e-3, 1e-4]}
        solution: cos(pi * x) + exp((x - 1) / sqrt(eps))

      """#
    ),
    (
      "cash-mazzia-13",
      #"""
      # Problem 13 of the linear ones in Cash's and Mazzia's collection:
      # as problem 11, with a boundary layer on the left.

      name: cash-mazzia-13
      description: a layer at the left end
      domain: [-1, 1]

      parameters:
        eps: 0.01

      coefficients:
        K: eps
        q: 1
        f: (eps * pi^2 + 1) * cos(pi * x)

      boundary:
        left: {dirichlet: 0}
        right: {dirichlet: -1 + exp(-2 / sqrt(eps))}

      check:
        source: "Cash and Mazzia, Test Set for BVP Solvers, problem 13"
        values: {eps: [1, 1e-1, 1e-2, 1e-3, 1e-4]}
        solution: cos(pi * x) + exp(-(x + 1) / sqrt(eps))

      """#
    ),
    (
      "cash-mazzia-14",
      #"""
      # Problem 14 of the linear ones in Cash's and Mazzia's collection:
      # as problem 11, with boundary layers on both sides.

      name: cash-mazzia-14
      description: layers at both ends
      domain: [-1, 1]

      parameters:
        eps: 0.01

      coefficients:
        K: eps
        q: 1
        f: (eps * pi^2 + 1) * cos(pi * x)

      boundary:
        left: {dirichlet: exp(-2 / sqrt(eps))}
        right: {dirichlet: exp(-2 / sqrt(eps))}

      check:
        source: "Cash and Mazzia, Test Set for BVP Solvers, problem 14"
        values: {eps: [1, 1e-1, 1e-2, 1e-3, 1e-4]}
        solution: cos(pi * x) + exp((x - 1) / sqrt(eps)) + exp(-(x + 1) / sqrt(eps))

      """#
    ),
    (
      "cash-mazzia-16",
      #"""
      # Problem 16 of the linear ones in Cash's and Mazzia's collection:
      # eps² u″ + (pi²/4) u = 0. Dense oscillation; 1/eps is odd, so that the problem is far from resonance.

      name: cash-mazzia-16
      description: an oscillation
      domain: [0, 1]

      parameters:
        eps: 0.01

      coefficients:
        K: eps^2
        q: -pi^2 / 4
        f: 0

      boundary:
        left: {dirichlet: 0}
        right: {dirichlet: sin(pi / (2 * eps))}

      check:
        source: "Cash and Mazzia, Test Set for BVP Solvers, problem 16"
        values: {eps: [1, 1 / 3, 1 / 11, 1 / 101, 1 / 401]}
        solution: sin(pi * x / (2 * eps))

      """#
    ),
    (
      "cash-mazzia-17",
      #"""
      # Problem 17 of the linear ones in Cash's and Mazzia's collection:
      # u″ = −3 eps u / (eps + x²)². A turning point with an internal layer. At eps = 0.01
      # (x² − eps) / sqrt(eps + x²) solves the homogeneous problem: it must be refused.

      name: cash-mazzia-17
      description: an internal layer
      domain: [-0.1, 0.1]

      parameters:
        eps: 0.01

      coefficients:
        K: 1
        q: -3 * eps / (eps + x^2)^2
        f: 0

      boundary:
        left: {dirichlet: -0.1 / sqrt(eps + 0.01)}
        right: {dirichlet: 0.1 / sqrt(eps + 0.01)}

      check:
        source: "Cash and Mazzia, Test Set for BVP Solvers, problem 17"
        values: {eps: [1, 1e-1, 1e-2, 1e-3, 1e-4]}
        solution: x / sqrt(eps + x^2)

      """#
    ),
    (
      "cash-mazzia-18",
      #"""
      # Problem 18 of the linear ones in Cash's and Mazzia's collection:
      # eps u″ + u′ = 0. A boundary layer on the left.

      name: cash-mazzia-18
      description: a layer at the left end
      domain: [0, 1]

      parameters:
        eps: 0.01

      coefficients:
        K: eps
        w: -1
        f: 0

      boundary:
        left: {dirichlet: 1}
        right: {dirichlet: exp(-1 / eps)}

      check:
        source: "Cash and Mazzia, Test Set for BVP Solvers, problem 18"
        values: {eps: [1, 1e-1, 1e-2, 1e-3, 1e-4]}
        solution: exp(-x / eps)

      """#
    ),
    (
      "cash-mazzia-20",
      #"""
      # Problem 20 of Cash's and Mazzia's collection: eps u″ + u′² = 1. A corner at 0.745.

      name: cash-mazzia-20
      description: a corner, from a quadratic term in u′
      domain: [0, 1]

      parameters:
        eps: 0.1

      coefficients:
        K: eps
        f: du^2 - 1

      boundary:
        left: {dirichlet: 1 + 0.745 + eps * log((1 + exp(-2 * 0.745 / eps)) / 2)}
        right: {dirichlet: 1 + 0.255 + eps * log((1 + exp(-2 * 0.255 / eps)) / 2)}

      check:
        source: "Cash and Mazzia, Test Set for BVP Solvers, problem 20"
        values: {eps: [1, 0.3, 0.1, 0.06]}
        initial: 1 + abs(x - 0.745)
        solution: 1 + abs(x - 0.745) + eps * log((1 + exp(-2 * abs(x - 0.745) / eps)) / 2)

      """#
    ),
    (
      "exponential",
      #"""
      # u″ = exp(u): Trefethen's program 14, whose u(0) is −0.368056024441433 in more digits.

      name: exponential
      description: an exponential source
      domain: [-1, 1]

      coefficients:
        K: 1
        f: -exp(u)

      boundary:
        left: {dirichlet: 0}
        right: {dirichlet: 0}

      check:
        source: "Trefethen, Spectral Methods in MATLAB (2000), program 14"
        initial: 0
        points: [[0, -0.368056024441433]]

      """#
    ),
    (
      "jump-in-diffusivity",
      #"""
      # −(K u′)′ = 1 with K = 1, and 10 from ½: a kink in u. By integration
      # K u′ = 13/44 − x.

      name: jump-in-diffusivity
      description: two materials
      domain: [0, 1]

      coefficients:
        K: where(x < 0.5, 1, 10)
        f: 1

      boundary:
        left: {dirichlet: 0}
        right: {dirichlet: 0}

      check:
        source: "by integration: u(½) = 1/44, u′(0) = 13/44"
        solution: where(x < 0.5, 13 / 44 * x - x^2 / 2, 1 / 44 + (13 / 44 * (x - 0.5) - (x^2 - 0.25) / 2) / 10)

      """#
    ),
    (
      "jump-in-source",
      #"""
      # −u″ = 1 up to a random point and 0 beyond it.

      name: jump-in-source
      description: a source on a part of the domain
      domain: [0, 1]

      parameters:
        c: {uniform: [0.1, 0.9]}

      coefficients:
        K: 1
        f: where(x < c, 1, 0)

      boundary:
        left: {dirichlet: 0}
        right: {dirichlet: 0}

      check:
        source: "by integration"
        values: {c: [0.1, 0.3, 0.77]}
        solution: where(x < c, (c - c^2 / 2) * x - x^2 / 2, c^2 / 2 * (1 - x))

      """#
    ),
    (
      "jump-in-u",
      #"""
      # −u″ = 0 with a jump of u by 1 and of the flux by −2 at c.

      name: jump-in-u
      description: a membrane that holds back
      domain: [0, 1]

      parameters:
        c: 0.25

      coefficients:
        K: 1
        f: 0

      jump: {at: c, u: 1, flux: -2}

      boundary:
        left: {dirichlet: 0}
        right: {dirichlet: 0}

      check:
        source: "by integration"
        values: {c: [0.25, 0.6]}
        solution: where(x < c, (1 - 2 * c) * x, (1 + 2 * c) * (1 - x))

      """#
    ),
    (
      "jump-in-velocity",
      #"""
      # −u″ + (v u)′ = 0 with v = 1, and 2 from ½: v jumps, and with it u′, as the
      # flux u′ − v u is continuous (and constant).

      name: jump-in-velocity
      description: a current that doubles
      domain: [0, 1]

      coefficients:
        K: 1
        v: where(x < 0.5, 1, 2)
        f: 0

      boundary:
        left: {dirichlet: 0}
        right: {dirichlet: 1}

      check:
        source: "by integration of u′ − v u = g"
        solution: where(x < 0.5, exp(x) - 1, (exp(0.5) - 1) * exp(2 * x - 1) + (exp(2 * x - 1) - 1) / 2) / ((exp(0.5) - 1) * exp(1) + (exp(1) - 1) / 2)

      """#
    ),
    (
      "mean-value",
      #"""
      # −u″ = cos(pi x) with u′ = 0 on the left and ∫u = 2 in place of the condition on
      # the right, where u′ = 0 follows: two Neumann conditions alone would leave u free
      # by a constant.

      name: mean-value
      description: a mean value in place of a condition
      domain: [0, 1]

      coefficients:
        K: 1
        f: cos(pi * x)

      boundary:
        left: {neumann: 0}
        right: {integral: 2}

      check:
        source: "by integration"
        solution: cos(pi * x) / pi^2 + 2

      """#
    ),
    (
      "trefethen-13",
      #"""
      # Program 13 of Trefethen's Spectral Methods in MATLAB: u″ = exp(4x).

      name: trefethen-13
      description: the model problem of spectral collocation
      domain: [-1, 1]

      coefficients:
        K: 1
        f: -exp(4 * x)

      boundary:
        left: {dirichlet: 0}
        right: {dirichlet: 0}

      check:
        source: "Trefethen, Spectral Methods in MATLAB (2000), program 13"
        solution: (exp(4 * x) - x * sinh(4) - cosh(4)) / 16

      """#
    ),
    (
      "trefethen-33",
      #"""
      # Program 33 of Trefethen's Spectral Methods in MATLAB: u″ = exp(4x), u′ = 0 on the left.

      name: trefethen-33
      description: the model problem with a Neumann condition
      domain: [-1, 1]

      coefficients:
        K: 1
        f: -exp(4 * x)

      boundary:
        left: {neumann: 0}
        right: {dirichlet: 0}

      check:
        source: "Trefethen, Spectral Methods in MATLAB (2000), program 33"
        solution: (exp(4 * x) - 4 * exp(-4) * (x - 1) - exp(4)) / 16

      """#
    ),
    (
      "troesch",
      #"""
      # Troesch's problem u″ = n sinh(n u).

      name: troesch
      description: plasma confinement
      domain: [0, 1]

      parameters:
        n: 5

      coefficients:
        K: 1
        f: -n * sinh(n * u)

      boundary:
        left: {dirichlet: 0}
        right: {dirichlet: 1}

      check:
        source: "the literature: u′(0) = 0.0457504614063187 for n = 5"
        values: {n: [5]}
        initial: x
        slopes: [[0, 0.0457504614063187]]

      """#
    ),
  ]

  /// The equations of the test set.
  ///
  /// - Throws: an error that names the file and the key.
  public static func testSet() throws(EquationError) -> [Equation] {
    var result: [Equation] = []
    for (name, text) in testSetSources {
      result.append(try Equation(yaml: text, path: name))
    }
    return result
  }
}
