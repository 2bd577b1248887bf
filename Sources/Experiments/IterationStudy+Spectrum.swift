import DenseSolvers
import Networks
import Parallel
import Systems
import Tables

extension IterationStudy.Inverse {
  /// Whether it is linear in what it is applied to: only then does it have a
  /// spectrum.
  public var isLinear: Bool {
    guard case .network(_, let predictor) = self else { return true }
    return predictor.encoding.kind.isLinear
  }
}

extension IterationStudy {
  /// The eigenvalues of I − G A for every sample, G being an approximate inverse.
  ///
  /// Richardson's iteration multiplies an error by I − G A; GMRES comes to the
  /// solution in about as many steps as there are eigenvalues away from 0, and one
  /// more.
  ///
  /// - Parameters:
  ///   - inverse: a linear one.
  ///   - cancellation: asked before every sample.
  ///   - progress: receives the number of samples done so far.
  /// - Returns: n rows a sample.
  /// - Throws: as ``run(_:_:cancellation:progress:)`` does.
  public func spectrum(
    of inverse: Inverse, cancellation: Cancellation, progress: (Int) -> Void
  ) throws -> [SpectrumRow] {
    precondition(inverse.isLinear, "what is not linear has no spectrum")
    let n = source.n
    let workspace = SystemWorkspace()
    var system = SolvedSystem(n: n)
    let prepared = try prepare(inverse, workspace)
    var rows: [SpectrumRow] = []
    for index in 0..<count {
      try cancellation.check()
      let sample = try source.sample(ofRow: index)
      try source.load(index, into: &system, workspace: workspace)
      let values: [Eigenvalue]
      do {
        values = try eigenvalues(
          of: remainder(inverse, of: system, prepared), n: n)
      } catch {
        throw NoSpectrum(
          inverse: inverse.name, sample: sample, reason: "\(error)")
      }
      for (number, value) in values.enumerated() {
        var row = SpectrumRow()
        row.inverse = inverse.name
        row.sample = sample
        row.number = number + 1
        row.real = value.real
        row.imaginary = value.imaginary
        row.modulus = value.modulus
        rows.append(row)
      }
      progress(index + 1)
    }
    return rows
  }

  /// I − G A, column by column.
  private func remainder(
    _ inverse: Inverse, of system: SolvedSystem, _ prepared: Prepared
  ) throws -> [Double] {
    let n = system.n
    let apply = try self.inverse(inverse, of: system, prepared)
    var left = [Double](repeating: 0, count: n * n)
    for j in 0..<n {
      let column = try apply(Array(system.A[(j * n)..<((j + 1) * n)]))
      guard column.allSatisfy(\.isFinite) else {
        throw SolveFailure.nonFiniteSolution
      }
      for i in 0..<n { left[j * n + i] = (i == j ? 1 : 0) - column[i] }
    }
    return left
  }
}

/// A sample for which an approximate inverse has no spectrum.
public struct NoSpectrum: Error, CustomStringConvertible {
  let inverse: String
  let sample: Int
  let reason: String

  public var description: String { "\(inverse): sample \(sample): \(reason)" }
}
