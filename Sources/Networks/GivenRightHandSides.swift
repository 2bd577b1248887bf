import Systems
import TensorFiles

/// Right-hand sides in a file of anyone's: a tensor `b`, [count, n] for every
/// matrix or [samples, count, n] with those of each.
public struct GivenRightHandSides: Sendable {
  /// How many there are for each matrix.
  public let count: Int
  /// The largest entry: answers are Float32.
  private static let largest = 1e30
  private let n: Int
  private let isForEach: Bool
  private let file: SafetensorsFile

  /// Opens the file.
  ///
  /// - Parameters:
  ///   - path: a safetensors file.
  ///   - n: the order of the matrices.
  ///   - samples: how many matrices there are.
  /// - Throws: `SafetensorsError` if `b` is missing or does not fit.
  public init(path: String, n: Int, samples: Int) throws {
    file = try SafetensorsFile(path: path)
    self.n = n
    guard let shape = file["b"]?.shape else {
      throw SafetensorsError.metadata(path: path, reason: "has no tensor 'b'")
    }
    isForEach = shape.count == 3
    guard shape.count == 2 || (isForEach && shape[0] == samples),
      shape.last == n, shape[shape.count - 2] > 0
    else {
      throw SafetensorsError.metadata(
        path: path,
        reason: "'b' is \(shape), and must be [count, \(n)] or "
          + "[\(samples), count, \(n)]")
    }
    count = shape[shape.count - 2]
  }

  /// Those of a matrix, of n numbers each.
  ///
  /// - Throws: `SafetensorsError` if a number is not finite or too large.
  public func callAsFunction(_ sample: Int) throws -> [[Double]] {
    let first = isForEach ? sample * count : 0
    return try (first..<first + count).map { row in
      let b = try file.doubles("b", (row * n)..<((row + 1) * n))
      guard b.allSatisfy({ abs($0) <= Self.largest }) else {
        throw SafetensorsError.metadata(
          path: file.path,
          reason: "row \(row) of 'b' has entries that are not finite, or over "
            + "\(Self.largest)")
      }
      return b
    }
  }
}
