import Systems
import TensorFiles

/// Newton trajectories on disk, `bvp-newton/1`.
///
/// For P problems with S steps in all: `Atb` [P, n], `final` [P, n] and
/// `f_final` [P] (the last iterate and its f = ‖Ax − b‖ₚ), and for each step in
/// order of problem and time `problem` [S], `x` [S, n], `step` [S, n], `f` [S],
/// `gradient` [S, n] (of ‖Ax − b‖ₚᵖ; files from before have none), `gradient_norm` [S] and `seconds` [S], all F64. A and b are
/// rebuilt from the seed. All but `seconds` are the same bits for any number of
/// threads.
public struct NewtonDataset: Sendable {
  public let path: String
  public let law: PNormProblem.Law
  public let seed: UInt64
  /// The index, in the seed's sequence, of the first problem.
  public let firstProblem: Int
  public let problems: Int
  public let tolerance: Double
  /// Aᵀb of every problem, [problems, n].
  public let transposedProducts: [Double]
  /// The problem of every step, counted from 0 in the file.
  public let problemOfStep: [Int]
  /// x at the start of every step, and the step, [steps, n] each.
  public let iterates: [Double]
  public let steps: [Double]
  /// The gradient of ‖Ax − b‖ₚᵖ at the start of every step, [steps, n]; empty of
  /// files from before it was kept.
  public let gradients: [Double]
  /// Tells the file apart from others.
  public let digest: String
  /// The same of the whole file, in a job of several processes.
  public let contentDigest: String

  public var n: Int { law.columns }
  public var count: Int { problemOfStep.count }

  /// Reads a dataset.
  ///
  /// - Throws: `SafetensorsError` if it is none, its parts do not fit together or
  ///   the file is damaged.
  public init(path: String) throws {
    let file = try SafetensorsFile(path: path)
    let metadata = try Metadata(file, format: .newton)
    digest = try file.digest()
    contentDigest = try file.contentDigest()
    law = try PNormProblem.Law(metadata)
    seed = try metadata.number("seed")
    tolerance = try metadata.number("tolerance")
    transposedProducts = try file.doubles("Atb")
    iterates = try file.doubles("x")
    steps = try file.doubles("step")
    gradients = file["gradient"] == nil ? [] : try file.doubles("gradient")
    let others = try [
      "f", "seconds", "gradient_norm", "final", "f_final",
    ].map { (name: $0, values: try file.doubles($0)) }
    let owners = try file.doubles("problem")
    let n = law.columns
    let problems = transposedProducts.count / n
    self.problems = problems
    self.path = path
    firstProblem = try metadata.number(
      "first_problem", in: 0...(Int.max - problems))
    guard transposedProducts.count == problems * n, problems > 0,
      iterates.count == owners.count * n, steps.count == iterates.count,
      gradients.isEmpty || gradients.count == iterates.count,
      others[..<3].allSatisfy({ $0.values.count == owners.count }),
      others[3].values.count == problems * n,
      others[4].values.count == problems
    else { throw metadata.error("the tensors' shapes do not fit together") }
    guard !owners.isEmpty else { throw metadata.error("has no steps") }
    problemOfStep = try owners.map { owner in
      guard let index = Int(exactly: owner), (0..<problems).contains(index)
      else { throw metadata.error("'problem' has \(owner), which is none") }
      return index
    }
    for (name, values) in [
      ("x", iterates), ("step", steps), ("Atb", transposedProducts),
      ("gradient", gradients),
    ] + others {
      guard values.allSatisfy(\.isFinite) else {
        throw metadata.error("'\(name)' has entries that are not finite")
      }
    }
  }

  /// Which problems these are.
  ///
  /// - Parameter steps: how many of the first steps are used; nil is all.
  /// - Returns: the problems of these steps.
  public func origin(steps: Int? = nil) -> SampleOrigin {
    let last = problemOfStep[..<min(steps ?? count, count)].max() ?? -1
    let law = law.metadata.sorted { $0.key < $1.key }
      .map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
    return SampleOrigin(
      law: "newton " + law, seed: seed, first: firstProblem, count: last + 1)
  }

  /// A problem, rebuilt.
  public func problem(_ index: Int) -> PNormProblem {
    PNormProblem(law, seed: seed, index: firstProblem + index)
  }

  /// The iterate at the start of a step, the gradient there if the file has it, the
  /// step, and its problem's Aᵀb, n numbers each.
  func example(_ index: Int) -> (
    iterate: ArraySlice<Double>, gradient: ArraySlice<Double>,
    step: ArraySlice<Double>, product: ArraySlice<Double>
  ) {
    let own = (index * n)..<((index + 1) * n)
    let problem = problemOfStep[index]
    return (
      iterates[own], gradients.isEmpty ? [] : gradients[own], steps[own],
      transposedProducts[(problem * n)..<((problem + 1) * n)]
    )
  }
}

extension PNormProblem.Law {
  /// The law as a file keeps it.
  var metadata: [String: String] {
    [
      "p": "\(p)", "m": "\(rows)", "n": "\(columns)",
      "scaling": scaling.rawValue, "start": start.rawValue,
    ]
  }

  /// Reads the law of a file.
  init(_ metadata: Metadata) throws {
    self.init(
      p: try metadata.number("p"), rows: try metadata.number("m"),
      columns: try metadata.number("n"),
      scaling: try metadata.choice("scaling"),
      start: try metadata.choice("start"))
    guard isOfSensibleSize else {
      throw metadata.error(
        "m = \(rows) and n = \(columns) are no size of a problem")
    }
  }
}
