import DenseSolvers
import Networks
import Systems

/// Counts the samples of which a network's answer should be doubted.
public final class DomainTally {
  private let domain: TrainingDomain
  private let source: any SystemSource
  private let workspace = SystemWorkspace()
  private var system: SolvedSystem
  private var found: [String: (count: Int, first: Int, doubt: String)] = [:]
  private var order: [String] = []
  private var doubted = 0
  private var seen = 0

  /// Compares the samples of a source with a network's training.
  public init(_ domain: TrainingDomain, _ source: any SystemSource) {
    self.domain = domain
    self.source = source
    system = SolvedSystem(n: source.n)
  }

  /// Takes the network's answer to a sample into account.
  ///
  /// - Throws: what the source throws.
  public func add(_ index: Int, answer: [Double]) throws {
    try source.load(index, into: &system, workspace: workspace)
    let residual = equilibratedResidual(
      A: system.A, b: system.b, x: answer, n: system.n)
    // κ₂ would take longer than the network.
    let doubts = domain.doubts(
      workspace.problem, condition: nil, residual: residual)
    seen += 1
    if !doubts.isEmpty { doubted += 1 }
    for doubt in doubts {
      let kind = String(doubt.prefix { $0 != " " })
      if let known = found[kind] {
        found[kind] = (known.count + 1, known.first, known.doubt)
      } else {
        found[kind] = (1, index, doubt)
        order.append(kind)
      }
    }
  }

  /// A sentence on each kind of doubt; none where no sample is doubted, or so few
  /// as even in the training's own law.
  public var remarks: [String] {
    guard Double(doubted) > Self.usual * Double(seen) else { return [] }
    return order.compactMap { kind in
      found[kind].map { count, first, doubt in
        "\(count) of \(seen) samples are outside of what the network was trained "
          + "on, sample \(first) first: \(doubt)"
      }
    }
  }

  /// The share of the training's own samples that the ranges of a hundred of
  /// them leave out.
  private static let usual = 0.05
}
