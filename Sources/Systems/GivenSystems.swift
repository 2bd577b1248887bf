import DenseSolvers
import Foundation
import TensorFiles

/// Systems of anyone's, A x = b without an equation, as arrays.
public struct GivenSystems: Sendable {
  /// [count, n, n], or [n, n], one for all right-hand sides.
  private let A: NumberArray
  /// [count, n], or [n].
  private let b: NumberArray
  /// Like b; nil leaves them to LU.
  private let x: NumberArray?
  /// How many systems there are.
  public let count: Int
  private let n: Int

  /// Takes arrays.
  ///
  /// - Throws: `SystemError` if their shapes do not fit together.
  public init(A: NumberArray, b: NumberArray, x: NumberArray?) throws {
    (self.A, self.b, self.x) = (A, b, x)
    guard let n = b.shape.last, (1...2).contains(b.shape.count), n >= 3 else {
      throw SystemError.file(
        path: b.name,
        reason: "must be [count, n] or [n] with n of 3 at least, not \(b.shape)"
      )
    }
    let count = b.shape.count == 2 ? b.shape[0] : 1
    guard A.shape == [count, n, n] || A.shape == [n, n] else {
      throw SystemError.file(
        path: A.name,
        reason: "must be \([count, n, n]) or \([n, n]) for right-hand sides "
          + "\(b.shape), not \(A.shape)")
    }
    guard x == nil || x?.shape == b.shape else {
      throw SystemError.file(
        path: x?.name ?? "",
        reason: "must be \(b.shape) as the right-hand sides are, not "
          + "\(x?.shape ?? [])")
    }
    guard count > 0 else {
      throw SystemError.file(path: b.name, reason: "has no systems")
    }
    self.count = count
    self.n = n
  }

  /// What was found while systems were written.
  public struct Summary: Sendable {
    public let count: Int
    public let n: Int
    /// The largest relative residual of a solution, and whose it is.
    public let largestResidual: (value: Double, system: Int)
  }

  /// Writes them as a file of systems, `bvp-systems/1`.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - replaces: whether one that is there is replaced.
  ///   - progress: receives the number of systems done.
  /// - Returns: what was found.
  /// - Throws: `SystemError` that names a system which is not finite or has no
  ///   solution, `SafetensorsError`.
  public func write(
    to path: String, replaces: Bool, progress: (Int) throws -> Void
  ) throws -> Summary {
    let writer = try SafetensorsWriter(
      path: path,
      tensors: [
        ("A", .F64, [count, n, n]), ("b", .F64, [count, n]),
        ("u", .F64, [count, n]),
      ],
      metadata: [
        "format": FileFormat.systems.rawValue,
        "largest_residual": DatasetLayout.text(0),
        "solver": x == nil ? "lu" : "given",
      ], replaces: replaces)
    let workspace = Workspace()
    var largest = (value: 0.0, system: 0)
    for index in 0..<count {
      let rows = try numbers(A, index, n * n, "A")
      let right = try numbers(b, index, n, "b")
      let columns = transposed(rows, n: n)
      var solution = try x.map { try numbers($0, index, n, "x") } ?? []
      if x == nil {
        solution = Array(repeating: 0, count: n)
        do {
          try DenseSolver.lu.solve(
            A: columns, b: right, n: n, x: &solution, workspace: workspace)
        } catch {
          throw SystemError.sample(
            name: A.name, index: index, reason: "\(error)")
        }
      }
      let residual = relativeResidual(A: columns, b: right, x: solution, n: n)
      if !(residual <= largest.value) { largest = (residual, index) }
      try writer.write("A", at: index * n * n, doubles: rows)
      try writer.write("b", at: index * n, doubles: right)
      try writer.write("u", at: index * n, doubles: solution)
      try progress(index + 1)
    }
    try writer.finish(metadata: [
      "format": FileFormat.systems.rawValue,
      "largest_residual": DatasetLayout.text(largest.value),
      "solver": x == nil ? "lu" : "given",
    ])
    return Summary(count: count, n: n, largestResidual: largest)
  }

  private func numbers(
    _ array: NumberArray, _ index: Int, _ width: Int, _ symbol: String
  ) throws -> [Double] {
    let own = array.shape.reduce(1, *) == width ? 0 : index
    let values = try array((own * width)..<((own + 1) * width))
    guard values.allSatisfy({ abs($0) <= Self.largest }) else {
      let what =
        values.allSatisfy(\.isFinite)
        ? "has entries over \(Self.largest)" : "is not finite"
      throw SystemError.sample(
        name: array.name, index: index, reason: "'\(symbol)' \(what)")
    }
    return values
  }

  /// The largest entry: squares of larger ones would overflow.
  private static let largest = 1e100
}

/// A matrix with rows and columns exchanged, [n, n].
func transposed(_ matrix: [Double], n: Int) -> [Double] {
  var result = [Double](repeating: 0, count: n * n)
  for i in 0..<n {
    for j in 0..<n { result[j * n + i] = matrix[i * n + j] }
  }
  return result
}

/// The systems of a file that `bvp import` made, which are those of no equation.
public struct GivenSystemsSource: SystemSource {
  public let path: String
  public let n: Int
  public let digest: String
  public let contentDigest: String
  /// How many of the file's systems are used, from the first.
  public let limit: Int
  /// How many the file has.
  public let total: Int
  private let file: SafetensorsFile

  public var count: Int? { limit }
  public var identity: String {
    "\(URL(fileURLWithPath: path).lastPathComponent), systems 0 to \(limit - 1)"
  }
  public var origin: SampleOrigin? {
    SampleOrigin(law: "systems \(digest)", seed: 0, count: limit)
  }

  /// Opens a file.
  ///
  /// - Throws: `SafetensorsError` if it is none.
  public init(path: String, limit: Int? = nil) throws {
    file = try SafetensorsFile(path: path)
    let metadata = try Metadata(file, format: .systems)
    guard let shape = file["A"]?.shape, shape.count == 3, shape[1] == shape[2],
      shape[1] >= 3, shape[0] > 0
    else {
      throw metadata.error("tensor 'A' of shape [count, n, n] is missing")
    }
    for name in ["b", "u"] where file[name]?.shape != [shape[0], shape[1]] {
      throw metadata.error("tensor '\(name)' of shape [count, n] is missing")
    }
    n = shape[1]
    total = shape[0]
    self.limit = min(limit ?? total, total)
    self.path = path
    digest = try file.digest()
    contentDigest = try file.contentDigest()
    try SystemMemory(order: n, threads: 1).require(for: path)
  }

  public func load(
    _ index: Int, into system: inout SolvedSystem, workspace: SystemWorkspace
  ) throws {
    system.A = transposed(try read("A", index, n * n), n: n)
    system.b = try read("b", index, n)
    system.u = try read("u", index, n)
  }

  private func read(_ name: String, _ index: Int, _ width: Int) throws
    -> [Double]
  {
    let values = try file.doubles(name, (index * width)..<((index + 1) * width))
    guard values.allSatisfy(\.isFinite) else {
      throw SystemError.sample(
        name: path, index: index, reason: "'\(name)' is not finite")
    }
    return values
  }
}

/// A file of systems: a dataset of an equation, or systems of anyone's.
public enum SystemFile {
  case dataset(DatasetReader)
  case given(GivenSystemsSource)

  /// Opens either.
  ///
  /// - Throws: what reading a dataset throws, if it is none of systems.
  public init(path: String) throws {
    let format = FileFormat(of: try SafetensorsFile(path: path))
    self =
      try format == .systems
      ? .given(GivenSystemsSource(path: path))
      : .dataset(DatasetReader(path: path))
  }

  /// How many systems it has.
  public var count: Int {
    switch self {
    case .dataset(let reader): reader.count
    case .given(let source): source.total
    }
  }

  /// Their order.
  public var n: Int {
    switch self {
    case .dataset(let reader): reader.n
    case .given(let source): source.n
    }
  }

  /// The dataset, with an equation; nil of systems without.
  public var dataset: DatasetReader? {
    if case .dataset(let reader) = self { reader } else { nil }
  }

  /// The first systems, or all.
  public func source(limit: Int? = nil) throws -> any SystemSource {
    switch self {
    case .dataset(let reader): try DatasetSource(reader, limit: limit)
    case .given(let source):
      try GivenSystemsSource(path: source.path, limit: limit)
    }
  }
}
