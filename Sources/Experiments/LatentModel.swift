import COpenBLAS
import DenseSolvers
import Equations
import Foundation
import Systems

/// What noisy data leave unknown of an equation's samples, as coordinates: the
/// random parameters and fields that the noisy part has.
///
/// A coordinate of a uniform law, or of a log-uniform one in the logarithm, runs
/// from 0 to 1; one of a normal law or of a field is standard normal.
struct LatentModel: Sendable {
  /// One coordinate.
  enum Coordinate: Sendable, Equatable {
    case uniform(parameter: Int, from: Double, to: Double)
    case logUniform(parameter: Int, from: Double, to: Double)
    case normal(parameter: Int, mean: Double, sd: Double)
    case field(Int, mode: Int)

    /// Whether it lies between 0 and 1.
    var isBounded: Bool {
      switch self {
      case .uniform, .logUniform: true
      case .normal, .field: false
      }
    }

    /// The inverse of its variance.
    var information: Double { isBounded ? 12 : 1 }
  }

  /// The derivative of the coefficients in a coordinate.
  typealias Derivative = BoundaryValueProblem

  let n: Int
  let target: Noise.Target
  let coordinates: [Coordinate]
  /// The places of those that A depends on.
  let matrixCoordinates: [Int]
  /// Parameters that are one of several numbers.
  let choices: [(parameter: Int, values: [Double])]
  private let sampler: EquationSampler
  private let collocation: Collocation
  /// Values for what the noisy part does not have.
  private let base: EquationSampler.Latents

  /// Finds the coordinates.
  ///
  /// - Parameters:
  ///   - sampler: of a linear equation, on a grid.
  ///   - collocation: on the same grid.
  ///   - target: what is noisy.
  init(
    _ sampler: EquationSampler, _ collocation: Collocation,
    target: Noise.Target
  ) {
    n = collocation.n
    self.target = target
    self.sampler = sampler
    self.collocation = collocation
    let equation = sampler.equation
    var (parameters, fields) = (Set<Int>(), Set<Int>())
    for isSource in [false, true] where target != (isSource ? .A : .b) {
      let own = equation.coefficientInputs(ofSource: isSource)
      parameters.formUnion(own.parameters)
      fields.formUnion(own.fields)
    }
    var coordinates: [Coordinate] = []
    var choices: [(parameter: Int, values: [Double])] = []
    for (index, parameter) in equation.parameters.enumerated()
    where parameters.contains(index) && parameter.law.onlyValue == nil {
      switch parameter.law {
      case .uniform(let from, let to):
        coordinates.append(.uniform(parameter: index, from: from, to: to))
      case .logUniform(let from, let to):
        coordinates.append(
          .logUniform(parameter: index, from: log(from), to: log(to)))
      case .normal(let mean, let sd):
        coordinates.append(.normal(parameter: index, mean: mean, sd: sd))
      case .choice(let values): choices.append((index, values))
      case .number: break
      }
    }
    for index in fields.sorted() {
      coordinates += (0..<sampler.fieldModes[index]).map {
        .field(index, mode: $0)
      }
    }
    self.coordinates = coordinates
    self.choices = choices
    let inMatrix = equation.coefficientInputs(ofSource: false)
    matrixCoordinates = coordinates.indices.filter {
      switch coordinates[$0] {
      case .uniform(let parameter, _, _), .logUniform(let parameter, _, _),
        .normal(let parameter, _, _):
        inMatrix.parameters.contains(parameter)
      case .field(let field, _): inMatrix.fields.contains(field)
      }
    }
    base = EquationSampler.Latents(
      parameters: equation.parameters.map { $0.law.someValue },
      fields: sampler.fieldModes.map { Array(repeating: 0, count: $0) })
  }

  /// A point: coordinates, and a value for each of the choices.
  struct Point: Sendable {
    var y: [Double]
    var chosen: [Double]
  }

  /// The point of a sample.
  func point(ofSample index: Int) throws -> Point {
    let latents = try sampler.latents(index)
    return Point(
      y: coordinates.map { coordinate in
        switch coordinate {
        case .uniform(let parameter, let from, let to):
          (latents.parameters[parameter] - from) / (to - from)
        case .logUniform(let parameter, let from, let to):
          (log(latents.parameters[parameter]) - from) / (to - from)
        case .normal(let parameter, let mean, let sd):
          (latents.parameters[parameter] - mean) / sd
        case .field(let field, let mode): latents.fields[field][mode]
        }
      }, chosen: choices.map { latents.parameters[$0.parameter] })
  }

  /// The coefficients at a point; the conditions at the ends mean nothing.
  func problem(_ point: Point) -> BoundaryValueProblem {
    var latents = base
    for (choice, value) in zip(choices, point.chosen) {
      latents.parameters[choice.parameter] = value
    }
    for (coordinate, y) in zip(coordinates, point.y) {
      switch coordinate {
      case .uniform(let parameter, let from, let to):
        latents.parameters[parameter] = from + (to - from) * y
      case .logUniform(let parameter, let from, let to):
        latents.parameters[parameter] = exp(from + (to - from) * y)
      case .normal(let parameter, let mean, let sd):
        latents.parameters[parameter] = mean + sd * y
      case .field(let field, let mode): latents.fields[field][mode] = y
      }
    }
    var problem = BoundaryValueProblem(K: [], f: [])
    sampler.evaluateCoefficients(of: &problem, latents)
    return problem
  }

  /// The derivatives of the coefficients in each coordinate, by central
  /// differences.
  func derivatives(_ point: Point) -> [Derivative] {
    let h = 1e-5
    return coordinates.indices.map { index in
      var (above, below) = (point, point)
      above.y[index] += h
      below.y[index] -= h
      let (a, b) = (problem(above), problem(below))
      func slope(_ a: [Double], _ b: [Double]) -> [Double] {
        zip(a, b).map { ($0 - $1) / (2 * h) }
      }
      func slope(_ a: [Double]?, _ b: [Double]?) -> [Double]? {
        if let a, let b { slope(a, b) } else { nil }
      }
      return BoundaryValueProblem(
        K: slope(a.K, b.K), f: slope(a.f, b.f), q: slope(a.q, b.q),
        v: slope(a.v, b.v), w: slope(a.w, b.w))
    }
  }

  /// Writes the matrix of coefficients, or of a derivative of them, whose rows of
  /// the ends mean nothing.
  func assemble(
    _ problem: BoundaryValueProblem, into A: UnsafeMutablePointer<Double>
  ) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: n) {
      if let b = $0.baseAddress { collocation.assemble(problem, A: A, b: b) }
    }
  }
}

extension Law {
  /// A value that it may have.
  fileprivate var someValue: Double {
    switch self {
    case .uniform(let lo, let hi): 0.5 * (lo + hi)
    case .normal(let mean, _): mean
    case .logUniform(let lo, let hi): (lo * hi).squareRoot()
    case .choice(let values): values.first ?? 0
    case .number(let value): value
    }
  }
}
