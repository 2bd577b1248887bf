extension Equation {
  /// The texts of the equations that ship with the workbench, by name.
  ///
  /// They are copies of the files in `equations/`, so that the command needs no
  /// folder beside it; a test keeps the two alike.
  static let shippedSources = [
    "diffusion": diffusion,
    "reaction-diffusion": reactionDiffusion,
    "advection-diffusion": advectionDiffusion,
    "advection-reaction-diffusion": advectionReactionDiffusion,
    "family": family,
  ]

  private static let diffusion = #"""
    # Heat conduction, −(K u′)′ = f: the first equation of the Algebraformer paper.
    # Copy this file to state an equation of your own.

    name: diffusion
    description: heat conduction in a medium of varying diffusivity
    domain: [0, 7.5]

    # Numbers drawn once a sample, in this order. A law is one of
    #   {uniform: [lo, hi]}, {normal: [mean, sd]}, {log-uniform: [lo, hi]},
    #   {choice: [a, b, …]}, or simply a number.
    parameters:
      alpha: {uniform: [0.25, 0.75]}   # depth of the diffusivity's oscillation
      omega: {uniform: [0.01, 0.75]}   # its frequency, in cycles a unit of x
      beta: {uniform: [0.25, 0.75]}    # share of the source that is random

    # Functions of x drawn once a sample. A gaussian field has zero mean; a
    # log-gaussian one is positive and has unit mean over the domain. `length` is
    # the distance over which its values are alike.
    fields:
      r: {log-gaussian: {sigma: 0.5, length: 1.0}}

    # Formulas in x, the parameters, the fields and pi. K, which must be positive,
    # and f are required; q and v are absent here.
    coefficients:
      K: 1 + alpha * cos(2 * pi * omega * x)
      f: (1 - beta) + beta * r

    # One condition an end: {dirichlet: value of u}, {neumann: value of u′}, or
    # {robin: {alpha: …, beta: …, gamma: …}} for alpha u + beta u′ = gamma.
    boundary:
      left: {dirichlet: 0}
      right: {dirichlet: 0}

    """#

  private static let reactionDiffusion = #"""
    # Diffusion with absorption in the middle, −(K u′)′ + q u = f: the second
    # equation of the Algebraformer paper. All but q is as in diffusion.yaml.

    name: reaction-diffusion
    description: heat conduction with a loss proportional to u on [3, 4.5]
    domain: [0, 7.5]

    parameters:
      alpha: {uniform: [0.25, 0.75]}   # depth of the diffusivity's oscillation
      omega: {uniform: [0.01, 0.75]}   # its frequency, in cycles a unit of x
      beta: {uniform: [0.25, 0.75]}    # share of the source that is random

    fields:
      r: {log-gaussian: {sigma: 0.5, length: 1.0}}

    coefficients:
      K: 1 + alpha * cos(2 * pi * omega * x)
      f: (1 - beta) + beta * r
      q: indicator(3, 4.5) / 3         # pulls u towards 0 where it is not 0

    boundary:
      left: {dirichlet: 0}
      right: {dirichlet: 0}

    """#

  private static let advectionDiffusion = #"""
    # Diffusion in a steady stream, −(K u′)′ + (v u)′ = f: the third equation of
    # the Algebraformer paper. All but v is as in diffusion.yaml.

    name: advection-diffusion
    description: diffusion of a substance carried along at a constant velocity
    domain: [0, 7.5]

    parameters:
      alpha: {uniform: [0.25, 0.75]}   # depth of the diffusivity's oscillation
      omega: {uniform: [0.01, 0.75]}   # its frequency, in cycles a unit of x
      beta: {uniform: [0.25, 0.75]}    # share of the source that is random
      velocity: {uniform: [-2, 2]}     # positive values carry u to the right

    fields:
      r: {log-gaussian: {sigma: 0.5, length: 1.0}}

    coefficients:
      K: 1 + alpha * cos(2 * pi * omega * x)
      f: (1 - beta) + beta * r
      v: velocity

    boundary:
      left: {dirichlet: 0}
      right: {dirichlet: 0}

    """#

  private static let advectionReactionDiffusion = #"""
    # All terms at once, −(K u′)′ + (v u)′ + q u = f, with a velocity and an
    # absorption that vary at random along x. Not in the Algebraformer paper: a
    # harder relative of its three equations.

    name: advection-reaction-diffusion
    description: a substance that diffuses, decays and drifts in a random medium
    domain: [0, 7.5]

    parameters:
      alpha: {uniform: [0.25, 0.75]}     # depth of the diffusivity's oscillation
      omega: {uniform: [0.01, 0.75]}     # its frequency, in cycles a unit of x
      beta: {uniform: [0.25, 0.75]}      # share of the source that is random
      velocity: {uniform: [-1, 1]}       # mean drift
      decay: {log-uniform: [0.05, 0.5]}  # mean rate of decay

    fields:
      r: {log-gaussian: {sigma: 0.5, length: 1.0}}   # source
      w: {gaussian: {sigma: 0.5, length: 1.5}}       # eddies: drift beyond its mean
      s: {log-gaussian: {sigma: 0.5, length: 1.5}}   # decay over its mean

    coefficients:
      K: 1 + alpha * cos(2 * pi * omega * x)
      f: (1 - beta) + beta * r
      v: velocity + w
      q: decay * s

    boundary:
      left: {dirichlet: 0}
      right: {dirichlet: 0}

    """#

  private static let family = #"""
    # Any second-order equation in divergence form, within bounds: what one network
    # for all of the others can be trained on. In units of half the domain.
    name: family
    description: random diffusivity, velocities, reaction, source and conditions at both ends
    domain: [-1, 1]

    parameters:
      scale: {log-uniform: [0.1, 10]}     # of K, and with it of all but f
      alpha: {uniform: [0, 0.75]}         # depth of the diffusivity's oscillation
      omega: {uniform: [0, 2.8]}          # its frequency, in cycles a unit of x
      phase: {uniform: [0, 1]}
      rough: {uniform: [0, 0.6]}          # how far K follows a random field
      v0: {uniform: [-8, 8]}              # mean velocity
      v1: {uniform: [0, 2]}               # and how far it varies
      w1: {uniform: [0, 3]}
      which: {choice: [0, 1]}             # v or w varies: with one, no operator oscillates
      q0: {uniform: [0, 6]}               # reaction on an interval, and everywhere
      q1: {log-uniform: [0.01, 3]}
      middle: {uniform: [-0.8, 0.8]}
      half: {uniform: [0.1, 0.5]}
      beta: {uniform: [0, 1]}             # share of the source that is random
      a: {uniform: [0, 1.2]}              # Dirichlet at 0, towards Neumann
      b: {uniform: [0, 1.2]}
      left: {uniform: [-1, 1]}
      right: {uniform: [-1, 1]}

    fields:
      k: {gaussian: {sigma: 1, length: 0.3}}
      s: {gaussian: {sigma: 1, length: 0.4}}
      t: {gaussian: {sigma: 1, length: 0.4}}
      r: {log-gaussian: {sigma: 0.5, length: 0.27}}

    coefficients:
      K: scale * (1 + alpha * cos(2 * pi * (omega * x + phase))) * exp(rough * k)
      f: scale * ((1 - beta) + beta * r)
      v: scale * (v0 + which * v1 * s)
      w: scale * (1 - which) * w1 * t
      q: scale * (q0 * indicator(middle - half, middle + half) + q1)

    boundary:
      left: {robin: {alpha: cos(a), beta: -sin(a), gamma: left}}
      right: {robin: {alpha: cos(b), beta: sin(b), gamma: right}}

    """#
}
