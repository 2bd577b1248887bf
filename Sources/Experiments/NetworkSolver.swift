import Networks
import Systems

/// A network, which knows its training set besides A and b.
public struct NetworkSolver: SystemSolver {
  public let name: String
  public let knowledge = "A, b, training set"
  public let band: ConformalBand?
  private let predictor: Predictor

  /// Takes a network under a name for tables, and the band around its answers.
  public init(
    _ name: String, _ predictor: Predictor, band: ConformalBand? = nil
  ) {
    self.band = band
    self.name = name
    self.predictor = predictor
  }

  /// It has its memory already.
  public func bytes(order n: Int) -> Double { 0 }

  public func solve(
    _ system: SolvedSystem, noise: NoiseKnowledge, workspace: SystemWorkspace
  ) throws -> [Double] {
    try predictor.predict(A: system.A, b: system.b)
  }

  /// Solves many systems, a batch at a time, on the network's own threads.
  public func solve(
    _ systems: SystemBlock, noise: @Sendable (Int) -> NoiseKnowledge,
    threads: Int, into x: UnsafeMutablePointer<Double>
  ) throws {
    let n = systems.n
    try predictor.predict(SystemExamples(systems), 0..<systems.size) {
      row, prediction, _ in
      (x + row * n).update(from: prediction, count: n)
    }
  }
}
