import Chebyshev
import Equations
import TensorFiles

/// A dataset file opened for reading; samples are read as they are asked for.
public struct DatasetReader: Sendable {
  public let path: String
  public let equation: Equation
  public let seed: UInt64
  /// The number of rows in the file, one for each sample unless some are left
  /// out or have several.
  public let count: Int
  /// The number of nodes.
  public let n: Int
  /// The nodes, in descending order.
  public let nodes: [Double]
  /// Whether A and b are stored as well.
  public let withSystems: Bool
  /// The largest relative residual of the stored solutions.
  public let largestResidual: Double
  /// What the file holds of each sample.
  public let contents: DatasetContents
  /// The indices of the samples that were looked at.
  public let samples: Range<Int>
  /// How many of them have no row.
  public let leftOut: Int
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
    contents = try Self.contents(metadata, equation)
    labelErrors =
      metadata.has("label_error_samples")
      ? LabelErrors(
        samples: try metadata.number("label_error_samples"),
        median: try metadata.number("label_error_median"),
        p90: try metadata.number("label_error_p90"),
        unresolved: metadata.has("label_error_unresolved")
          ? try metadata.number("label_error_unresolved") : 0) : nil
    guard let u = file["u"], u.shape.count == 2, u.shape[1] >= 3 else {
      throw metadata.error("tensor 'u' of shape [samples, n] is missing")
    }
    count = u.shape[0]
    let looked =
      contents.hasRowForEachSample
      ? count : try metadata.number("samples", in: 0...Int.max)
    let first = try metadata.number(
      "first_sample", in: 0...(Int.max - looked))
    samples = first..<(first + looked)
    leftOut =
      contents.leavesOut ? try metadata.number("left_out", in: 0...looked) : 0
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
        equation: equation, n: n, rows: count, withSystems: withSystems,
        contents: contents))
    try Self.checkRows(
      file, metadata, contents, samples: samples, leftOut: leftOut)
    digest = try file.digest()
    contentDigest = try file.contentDigest()
    self.path = path
    self.file = file
  }

  private static func contents(
    _ metadata: Metadata, _ equation: Equation
  ) throws -> DatasetContents {
    let solver = try metadata.text("solver")
    var contents = DatasetContents(leavesOut: metadata.has("left_out"))
    if metadata.has("newton_systems") || equation.isNonlinear {
      let kind = try metadata.text("newton_systems")
      let known = [false, true].map {
        NewtonSystems(initial: "0", isEveryStep: $0)
      }
      guard let newton = known.first(where: { $0.kind == kind }),
        equation.isNonlinear
      else {
        throw metadata.error(
          "unexpected 'newton_systems' '\(kind)'"
            + (equation.isNonlinear ? "" : ": the equation is linear"))
      }
      contents.newton = NewtonSystems(
        initial: try metadata.text("initial"),
        isEveryStep: newton.isEveryStep)
    }
    for labels in DatasetLabels.allCases {
      contents.labels = labels
      if contents.solver == solver { return contents }
    }
    throw metadata.error("unknown 'solver' '\(solver)'")
  }

  /// Checks which samples rows are said to be of: all those that are not left out,
  /// in order.
  private static func checkRows(
    _ file: SafetensorsFile, _ metadata: Metadata, _ contents: DatasetContents,
    samples: Range<Int>, leftOut: Int
  ) throws {
    guard !contents.hasRowForEachSample else {
      guard file["sample"] == nil else {
        throw metadata.error(
          "has a tensor 'sample', though every row is said to be a sample")
      }
      return
    }
    var last = -1
    var count = 0
    for value in try file.doubles("sample") {
      guard let index = Int(exactly: value), samples.contains(index),
        index > last || (index == last && contents.isOfSteps)
      else {
        throw metadata.error(
          "tensor 'sample' is not ascending from \(samples.lowerBound) to "
            + "\(samples.upperBound - 1)")
      }
      if index > last { count += 1 }
      last = index
    }
    guard count + leftOut == samples.count else {
      throw metadata.error(
        "has rows of \(count) samples and leaves out \(leftOut), of "
          + "\(samples.count) in all")
    }
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
      index: try index(row), parameters: parameters,
      K: try read("K", row, n), f: try read("f", row, n),
      q: try optional("q", row), v: try optional("v", row),
      w: try optional("w", row),
      left: boundary.left, right: boundary.right)
  }

  private func optional(_ name: String, _ row: Int) throws -> [Double]? {
    equation.coefficientNames.contains(name) ? try read(name, row, n) : nil
  }

  /// The index, in the seed's sequence, of the sample of a row.
  public func index(_ row: Int) throws -> Int {
    guard !contents.hasRowForEachSample else { return samples.lowerBound + row }
    return Int(try read("sample", row, 1)[0])
  }

  /// The coefficients of a sample at any points, from the equation's formulas;
  /// nil where these are not what the file holds at the nodes.
  public func formulas(_ row: Int) throws -> SolutionColumns.Coefficients? {
    guard !equation.isNonlinear else { return nil }
    let stored = try problem(row)
    let names = equation.parameters.map(\.name)
    let values = Dictionary(
      zip(names, stored.parameters), uniquingKeysWith: { first, _ in first })
    let formulas = equation.formulas(
      seed: seed, index: stored.index, overrides: values)
    // Of what cannot be drawn again there is what the file holds.
    let drawn = try? formulas(chebpts(n, on: equation.domain))
    return drawn?.isNear(stored) == true ? formulas : nil
  }

  /// The solution of a sample at the nodes.
  public func solution(_ row: Int) throws -> [Double] {
    try read("u", row, n)
  }

  /// Where the step of Newton's method of a row starts, at the nodes; nil where
  /// rows are no steps.
  public func start(_ row: Int) throws -> [Double]? {
    contents.isOfSteps ? try read("u_start", row, n) : nil
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
