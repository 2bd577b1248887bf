import Datasets
import DenseSolvers
import Equations

/// One linear system with its solution, A column-major.
public struct SolvedSystem: Sendable {
  public let n: Int
  public var A: [Double]
  public var b: [Double]
  public var u: [Double]

  /// A system of order `n`, all zero.
  public init(n: Int) {
    self.n = n
    A = Array(repeating: 0, count: n * n)
    b = Array(repeating: 0, count: n)
    u = Array(repeating: 0, count: n)
  }
}

/// Where training and test systems come from.
///
/// System i is a pure function of the source and i, so that the order in which
/// they are asked for, and the number of threads asking, change nothing.
public protocol SystemSource: Sendable {
  /// The order of the systems.
  var n: Int { get }
  /// How many there are; nil is without end.
  var count: Int? { get }
  /// What this is, for recipes and checkpoints.
  var identity: String { get }
  /// Assembles system `index` and its solution.
  func load(_ index: Int, into system: inout SolvedSystem) throws
}

/// The systems of a dataset file.
public struct DatasetSource: SystemSource {
  private let reader: DatasetReader
  private let collocation: Collocation
  public let identity: String
  public let limit: Int

  public var n: Int { reader.n }
  public var count: Int? { limit }

  /// Takes the samples of a dataset.
  ///
  /// - Parameters:
  ///   - reader: the dataset.
  ///   - limit: how many samples to use, from the first; all of them unless
  ///     it is given.
  public init(_ reader: DatasetReader, limit: Int? = nil) {
    self.reader = reader
    self.limit = min(limit ?? reader.count, reader.count)
    collocation = Collocation(nodes: reader.n, on: reader.equation.domain)
    let last = reader.firstSample + self.limit - 1
    identity =
      "\(reader.equation.name), seed \(reader.seed), "
      + "samples \(reader.firstSample) to \(last)"
  }

  public func load(_ index: Int, into system: inout SolvedSystem) throws {
    let problem = try reader.problem(index)
    system.u = try reader.solution(index)
    collocation.assemble(problem, into: &system)
  }
}

/// Fresh samples of an equation, solved by LU as they are asked for.
public struct EquationSource: SystemSource {
  private let sampler: EquationSampler
  private let collocation: Collocation
  private let name: String
  public let identity: String
  public let count: Int?

  public var n: Int { collocation.n }

  /// Takes the samples of an equation.
  ///
  /// - Parameters:
  ///   - equation: what to sample.
  ///   - n: the nodes of the collocation grid.
  ///   - seed: the samples' seed.
  ///   - count: the number of samples; nil is without end.
  ///   - overrides: values for parameters that are not to be drawn, by name.
  /// - Throws: `EquationError` for a number of nodes out of range or an unknown
  ///   parameter.
  public init(
    _ equation: Equation, nodes n: Int, seed: UInt64, count: Int?,
    overrides: [String: Double] = [:]
  ) throws {
    sampler = try EquationSampler(
      equation, nodes: n, seed: seed, overrides: overrides)
    collocation = Collocation(nodes: n, on: equation.domain)
    name = equation.name
    self.count = count
    let extent = count.map { "\($0) samples" } ?? "fresh samples"
    identity = "\(equation.name), seed \(seed), \(extent)"
  }

  public func load(_ index: Int, into system: inout SolvedSystem) throws {
    collocation.assemble(try sampler.sample(index), into: &system)
    do {
      system.u = try DenseSolver.lu.solve(
        A: system.A, b: system.b, n: system.n)
    } catch {
      throw TrainingError.sample(
        equation: name, index: index, reason: "\(error)")
    }
  }
}

extension Collocation {
  /// Assembles the system of `problem`; its solution stays as it was.
  func assemble(
    _ problem: BoundaryValueProblem, into system: inout SolvedSystem
  ) {
    system.A.withUnsafeMutableBufferPointer { A in
      system.b.withUnsafeMutableBufferPointer { b in
        guard let A = A.baseAddress, let b = b.baseAddress else { return }
        assemble(problem, A: A, b: b)
      }
    }
  }
}
