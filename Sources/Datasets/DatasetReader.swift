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
  public let solver: String

  let file: SafetensorsFile

  /// The names of the parameters, in the order of their columns.
  public var parameterNames: [String] { equation.parameters.map(\.name) }

  /// Opens a dataset and checks its metadata and the shapes of its tensors.
  ///
  /// - Throws: ``DatasetError/file(path:reason:)`` if it is no dataset,
  ///   `SafetensorsError` if the file is damaged.
  public init(path: String) throws {
    let file = try SafetensorsFile(path: path)
    func error(_ reason: String) -> DatasetError {
      .file(path: path, reason: reason)
    }
    func value(_ key: String) throws -> String {
      guard let value = file.metadata[key] else {
        throw error("metadata have no '\(key)'; is this a dataset?")
      }
      return value
    }
    func number<T: LosslessStringConvertible>(_ key: String) throws -> T {
      let text = try value(key)
      guard let number = T(text) else {
        throw error("'\(key)' is '\(text)', expected a number")
      }
      return number
    }
    let format = try value("format")
    guard format == DatasetLayout.format else {
      throw error(
        "'format' is '\(format)', expected '\(DatasetLayout.format)'")
    }
    equation = try Equation(
      yaml: value("equation"), path: "\(path): equation")
    seed = try number("seed")
    firstSample = try number("first_sample")
    largestResidual = try number("largest_residual")
    solver = try value("solver")
    guard firstSample >= 0 else { throw error("'first_sample' is negative") }
    guard let u = file["u"], u.shape.count == 2, u.shape[1] >= 3 else {
      throw error("tensor 'u' of shape [samples, n] is missing")
    }
    count = u.shape[0]
    n = u.shape[1]
    withSystems = file["A"] != nil
    let layout = DatasetLayout(
      equation: equation, n: n, samples: count, withSystems: withSystems)
    for (name, dtype, shape) in layout.tensors {
      guard let tensor = file[name] else {
        throw error("tensor '\(name)' is missing")
      }
      guard tensor.dtype == dtype, tensor.shape == shape else {
        throw error(
          "tensor '\(name)' is \(tensor.dtype.rawValue) \(tensor.shape), "
            + "expected \(dtype.rawValue) \(shape)")
      }
    }
    let names = try value("parameters")
    let expected = equation.parameters.map(\.name).joined(separator: ",")
    guard names == expected else {
      throw error("'parameters' is '\(names)', expected '\(expected)'")
    }
    nodes = try file.doubles("x")
    let width = equation.domain.upperBound - equation.domain.lowerBound
    let grid = chebpts(n, on: equation.domain)
    guard zip(nodes, grid).allSatisfy({ abs($0 - $1) <= 1e-12 * width }) else {
      throw error("'x' does not hold the \(n) Chebyshev nodes of the domain")
    }
    self.path = path
    self.file = file
  }

  // MARK: Samples

  /// The coefficients and boundary conditions of a sample.
  ///
  /// - Parameter row: the sample's place in the file.
  /// - Returns: the problem, whose system ``Collocation`` assembles.
  /// - Throws: ``DatasetError`` if there is no such sample or it is not finite.
  public func problem(_ row: Int) throws -> BoundaryValueProblem {
    let width = equation.parameters.count
    let parameters = try read("parameters", row, width)
    let boundary = try equation.boundary(parameters: parameters)
    return BoundaryValueProblem(
      index: firstSample + row, parameters: parameters,
      K: try read("K", row, n), f: try read("f", row, n),
      q: equation.hasReaction ? try read("q", row, n) : nil,
      v: equation.hasAdvection ? try read("v", row, n) : nil,
      left: boundary.left, right: boundary.right)
  }

  /// The solution of a sample at the nodes.
  public func solution(_ row: Int) throws -> [Double] {
    try read("u", row, n)
  }

  private func read(_ name: String, _ row: Int, _ width: Int) throws
    -> [Double]
  {
    guard (0..<count).contains(row) else {
      throw DatasetError.file(
        path: path, reason: "there is no sample \(row); it holds \(count)")
    }
    let values = try file.doubles(name, (row * width)..<((row + 1) * width))
    guard values.allSatisfy(\.isFinite) else {
      throw DatasetError.sample(
        name: path, index: row, reason: "'\(name)' is not finite")
    }
    return values
  }
}
