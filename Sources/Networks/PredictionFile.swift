import Parallel
import Systems
import TensorFiles

/// A network's solutions on disk, `bvp-prediction/1`: `x` [n], `solutions`
/// [samples, n], of a part of a dataset `sample` [samples], the samples' numbers in
/// the whole, and, where they were asked for, `tokens` [samples, n, features] and
/// `right_hand_side_solutions` [samples, count, n].
public struct PredictionFile: Sendable {
  public let path: String
  /// The nodes, in descending order.
  public let nodes: [Double]
  /// The number of samples.
  public let count: Int
  private let file: SafetensorsFile
  /// Nil where they are the rows'.
  private let samples: [Int]?
  private static let others = "right_hand_side_solutions"

  /// Opens a prediction.
  ///
  /// - Throws: `SafetensorsError` if it is none or the file is damaged.
  public init(path: String) throws {
    file = try SafetensorsFile(path: path)
    let metadata = try Metadata(file, format: .prediction)
    nodes = try file.doubles("x")
    guard let shape = file["solutions"]?.shape, shape.count == 2,
      !nodes.isEmpty, shape[1] == nodes.count
    else { throw metadata.error("'x' and 'solutions' do not fit together") }
    count = shape[0]
    self.path = path
    guard let numbers = file["sample"] else {
      samples = nil
      return
    }
    guard numbers.shape == [count] else {
      throw metadata.error("'sample' and 'solutions' do not fit together")
    }
    samples = try file.doubles("sample").map { value in
      guard let number = Int(exactly: value) else {
        throw metadata.error("'sample' has \(value), which is no number of one")
      }
      return number
    }
  }

  /// The number of the sample of a row in the dataset that it is of.
  public func sample(ofRow row: Int) -> Int { samples?[row] ?? row }

  /// The solution of a sample at the nodes.
  ///
  /// - Throws: `SafetensorsError` if it is not finite.
  public func solution(_ sample: Int) throws -> [Double] {
    let n = nodes.count
    let solution = try file.doubles(
      "solutions", (sample * n)..<((sample + 1) * n))
    guard solution.allSatisfy(\.isFinite) else {
      throw SafetensorsError.metadata(
        path: path, reason: "sample \(sample): 'solutions' is not finite")
    }
    return solution
  }

  /// Writes a network's solutions of a source's systems into a file that gets
  /// its name in one stroke at the end.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - predictor: the network.
  ///   - source: the systems.
  ///   - nodes: where they are solved, n numbers.
  ///   - notes: metadata besides the format.
  ///   - replaces: whether a file at `path` is replaced.
  ///   - withTokens: whether the encoded tokens are written as well.
  ///   - rightHandSides: others that each matrix is solved with as well.
  ///   - cancellation: asked before every batch.
  ///   - progress: receives the number of samples done so far and the solution
  ///     of the last.
  /// - Throws: what the source throws, `Cancelled`, ``NetworkError``,
  ///   `SafetensorsError`.
  public static func write(
    to path: String, _ predictor: Predictor, on source: any SystemSource,
    nodes: [Double], notes: [String: String], replaces: Bool = true,
    withTokens: Bool, rightHandSides: GivenRightHandSides? = nil,
    cancellation: Cancellation,
    progress: (Int, [Double]) throws -> Void
  ) throws {
    let n = source.n
    let count = source.count ?? 0
    var tensors: [(String, DType, [Int])] = [
      ("x", .F64, [n]), ("solutions", .F32, [count, n]),
    ]
    let samples = try (0..<count).map(source.sample)
    let isPart = samples != Array(0..<count)
    if isPart { tensors.append(("sample", .F64, [count])) }
    let features = predictor.encoding.kind.features(n)
    let tokens = predictor.encoding.tokenCount(n)
    if withTokens {
      tensors.append(("tokens", .F32, [count, tokens, features]))
    }
    if let rightHandSides {
      tensors.append(
        (Self.others, .F32, [count, rightHandSides.count, n]))
    }
    let writer = try SafetensorsWriter(
      path: path, tensors: tensors,
      metadata: notes.merging(["format": FileFormat.prediction.rawValue]) {
        _, new in new
      }, replaces: replaces)
    try writer.write("x", doubles: nodes)
    if isPart { try writer.write("sample", doubles: samples.map(Double.init)) }
    var system = SolvedSystem(n: n)
    let workspace = SystemWorkspace()
    try predictor.predict(
      SystemExamples(source), 0..<count, cancellation: cancellation
    ) { index, prediction, _ in
      try writer.write(
        "solutions", at: index * n, floats: prediction.map(Float.init))
      if withTokens || rightHandSides != nil {
        try source.load(index, into: &system, workspace: workspace)
      }
      if withTokens {
        try writer.write(
          "tokens", at: index * tokens * features,
          floats: predictor.encoding.tokens(A: system.A, b: system.b))
      }
      if let rightHandSides {
        let others = try predictor.predict(
          A: system.A, rightHandSides: rightHandSides(index))
        try writer.write(
          Self.others, at: index * rightHandSides.count * n,
          floats: others.joined().map(Float.init))
      }
      try progress(index + 1, prediction)
    }
    try cancellation.check()
    try writer.finish()
  }
}
