import Chebyshev
import Equations
import TensorFiles

/// A dataset file opened for reading; samples are read as they are asked for.
public struct DatasetReader: Sendable {
  public let path: String
  public let equation: Equation
  public let seed: UInt64
  /// The index, in the seed's sequence, of the file's first sample.
  public let firstSample: Int
  /// The number of samples in the file.
  public let count: Int
  /// The number of nodes.
  public let n: Int
  /// The nodes, in descending order.
  public let nodes: [Double]
  /// Whether A and b are stored as well.
  public let withSystems: Bool
  /// The largest relative residual of the stored solutions.
  public let largestResidual: Double
  public let labels: DatasetLabels
  /// How far the solutions are from the equation's own; nil where nobody has
  /// asked.
  public let labelErrors: LabelErrors?
  /// Tells the file apart from others.
  public let digest: String
  /// The same of the whole file, in a job of several processes.
  public let contentDigest: String

  let file: SafetensorsFile

  /// The names of the parameters, in the order of their columns.
  public var parameterNames: [String] { equation.parameters.map(\.name) }

  /// Opens a dataset and checks its metadata and the shapes of its tensors.
  ///
  /// - Throws: `SafetensorsError` if it is no dataset or the file is damaged,
  ///   `EquationError` for the equation in it.
  public init(path: String) throws {
    let file = try SafetensorsFile(path: path)
    let metadata = try Metadata(file, format: .dataset)
    equation = try Equation(
      yaml: metadata.text("equation"), path: "\(path): equation")
    seed = try metadata.number("seed")
    largestResidual = try metadata.number("largest_residual")
    let solver = try metadata.text("solver")
    guard let labels = DatasetLabels(rawValue: solver) else {
      throw metadata.error("unknown 'solver' '\(solver)'")
    }
    self.labels = labels
    labelErrors =
      metadata.has("label_error_samples")
      ? LabelErrors(
        samples: try metadata.number("label_error_samples"),
        median: try metadata.number("label_error_median"),
        p90: try metadata.number("label_error_p90")) : nil
    guard let u = file["u"], u.shape.count == 2, u.shape[1] >= 3 else {
      throw metadata.error("tensor 'u' of shape [samples, n] is missing")
    }
    count = u.shape[0]
    firstSample = try metadata.number(
      "first_sample", in: 0...(Int.max - count))
    n = u.shape[1]
    withSystems = file["A"] != nil
    let names = try metadata.text("parameters")
    let expected = equation.parameters.map(\.name).joined(separator: ",")
    guard names == expected else {
      throw metadata.error(
        "'parameters' is '\(names)', expected '\(expected)'")
    }
    nodes = try Self.nodes(
      of: file, metadata,
      DatasetLayout(
        equation: equation, n: n, samples: count, withSystems: withSystems))
    digest = try file.digest()
    contentDigest = try file.contentDigest()
    self.path = path
    self.file = file
  }

  /// The nodes of a file, whose tensors are checked on the way.
  private static func nodes(
    of file: SafetensorsFile, _ metadata: Metadata, _ layout: DatasetLayout
  ) throws -> [Double] {
    for (name, dtype, shape) in layout.tensors {
      guard let tensor = file[name] else {
        throw metadata.error("tensor '\(name)' is missing")
      }
      guard tensor.dtype == dtype, tensor.shape == shape else {
        throw metadata.error(
          "tensor '\(name)' is \(tensor.dtype.rawValue) \(tensor.shape), "
            + "expected \(dtype.rawValue) \(shape)")
      }
    }
    let nodes = try file.doubles("x")
    let domain = layout.equation.domain
    let width = domain.upperBound - domain.lowerBound
    let grid = chebpts(layout.n, on: domain)
    guard zip(nodes, grid).allSatisfy({ abs($0 - $1) <= 1e-12 * width }) else {
      throw metadata.error(
        "'x' does not hold the \(layout.n) Chebyshev nodes of the domain")
    }
    return nodes
  }

  // MARK: Samples

  /// The coefficients and boundary conditions of a sample.
  ///
  /// - Parameter row: the sample's place in the file.
  /// - Returns: the problem, whose system `Collocation` assembles.
  /// - Throws: ``SystemError`` if there is no such sample or it is not finite.
  public func problem(_ row: Int) throws -> BoundaryValueProblem {
    let width = equation.parameters.count
    let parameters = try read("parameters", row, width)
    let boundary = try equation.boundary(parameters: parameters)
    return BoundaryValueProblem(
      index: firstSample + row, parameters: parameters,
      K: try read("K", row, n), f: try read("f", row, n),
      q: equation.hasReaction ? try read("q", row, n) : nil,
      v: equation.hasAdvection ? try read("v", row, n) : nil,
      w: equation.hasDrift ? try read("w", row, n) : nil,
      left: boundary.left, right: boundary.right)
  }

  /// The coefficients of a sample at any points, from the equation's formulas;
  /// nil where these are not what the file holds at the nodes.
  public func formulas(_ row: Int) throws -> SolutionColumns.Coefficients? {
    let stored = try problem(row)
    let names = equation.parameters.map(\.name)
    let values = Dictionary(
      zip(names, stored.parameters), uniquingKeysWith: { first, _ in first })
    let formulas = equation.formulas(
      seed: seed, index: stored.index, overrides: values)
    let drawn = try? formulas(chebpts(n, on: equation.domain))
    return drawn?.isNear(stored) == true ? formulas : nil
  }

  /// The solution of a sample at the nodes.
  public func solution(_ row: Int) throws -> [Double] {
    try read("u", row, n)
  }

  private func read(_ name: String, _ row: Int, _ width: Int) throws
    -> [Double]
  {
    guard (0..<count).contains(row) else {
      throw SystemError.file(
        path: path, reason: "there is no sample \(row); it holds \(count)")
    }
    let values = try file.doubles(name, (row * width)..<((row + 1) * width))
    guard values.allSatisfy(\.isFinite) else {
      throw SystemError.sample(
        name: path, index: row, reason: "'\(name)' is not finite")
    }
    return values
  }
}
