import DenseSolvers
import Networks
import Systems

/// Counts the samples of which a network's answer should be doubted.
public final class DomainTally {
  private let domain: TrainingDomain
  private let source: any SystemSource
  private let workspace = SystemWorkspace()
  private var system: SolvedSystem
  private var found:
    [String: (count: Int, first: Int, last: Int, text: String)] = [:]
  private var order: [String] = []
  private var doubted = 0
  private var graves = 0
  private var seen = 0

  /// Compares the samples of a source with a network's training.
  public init(_ domain: TrainingDomain, _ source: any SystemSource) {
    self.domain = domain
    self.source = source
    system = SolvedSystem(n: source.n)
  }

  /// Takes the network's answer to the system of a row into account.
  ///
  /// - Throws: what the source throws.
  public func add(_ row: Int, answer: [Double]) throws {
    let index = try source.sample(ofRow: row)
    try source.load(row, into: &system, workspace: workspace)
    let residual = equilibratedResidual(
      A: system.A, b: system.b, x: answer, n: system.n)
    // κ₂ would take longer than the network.
    let doubts = domain.doubts(
      workspace.problem, condition: nil, residual: residual)
    seen += 1
    if !doubts.isEmpty { doubted += 1 }
    if !domain.doubts(
      workspace.problem, condition: nil, residual: residual,
      leniency: Self.grave
    ).isEmpty {
      graves += 1
    }
    // A coefficient may be out of two ranges.
    for doubt in doubts where found[doubt.subject]?.last != index {
      if found[doubt.subject] == nil { order.append(doubt.subject) }
      found[doubt.subject, default: (0, index, index, doubt.text)].count += 1
      found[doubt.subject]?.last = index
    }
  }

  /// A sentence on each kind of doubt; none where no sample is doubted, or so few
  /// as even in the training's own law.
  public var remarks: [String] {
    guard graves > 0 || Double(doubted) > Self.usual * Double(seen) else {
      return []
    }
    return order.compactMap { subject in
      found[subject].map { count, first, _, text in
        "\(count) of \(seen) samples are outside of what the network was trained "
          + "on, sample \(first) first: \(text)"
      }
    }
  }

  /// So many times as far out as usual one sample is enough.
  private static let grave = 10.0

  /// The share of the training's own samples that the ranges of some hundreds
  /// of them leave out.
  private static let usual = 0.05
}
