import Newton

/// The steps of Newton trajectories: the iterate stands in A's place, Aᵀb in b's
/// and the step in u's.
public struct NewtonSource: SystemSource {
  private let dataset: NewtonDataset
  private let limit: Int

  public var n: Int { dataset.n }
  public var count: Int? { limit }
  public let identity: String

  /// Takes the steps of a dataset.
  ///
  /// - Parameters:
  ///   - dataset: the trajectories.
  ///   - limit: how many steps to use, from the first; all unless given.
  public init(_ dataset: NewtonDataset, limit: Int? = nil) {
    self.dataset = dataset
    self.limit = min(limit ?? dataset.count, dataset.count)
    let last = dataset.firstProblem + dataset.problems - 1
    identity =
      "newton p = \(dataset.law.p), \(dataset.law.rows) × \(dataset.law.columns), "
      + "seed \(dataset.seed), problems \(dataset.firstProblem) to \(last), "
      + "\(self.limit) steps"
  }

  public func load(_ index: Int, into system: inout SolvedSystem) {
    let n = dataset.n
    let problem = dataset.problemOfStep[index]
    system.A = Array(dataset.iterates[(index * n)..<((index + 1) * n)])
    system.b = Array(
      dataset.transposedProducts[(problem * n)..<((problem + 1) * n)])
    system.u = Array(dataset.steps[(index * n)..<((index + 1) * n)])
  }
}
