import Equations
import Foundation
import TensorFiles

/// The tensors and metadata of a dataset file, `bvp-dataset/1`.
struct DatasetLayout {
  let equation: Equation
  let n: Int
  let samples: Int
  let withSystems: Bool

  /// Name, type and shape of each tensor, in the order of the file.
  var tensors: [(String, DType, [Int])] {
    var result: [(String, DType, [Int])] = [
      ("x", .F64, [n]),
      ("parameters", .F64, [samples, equation.parameters.count]),
    ]
    for name in functions { result.append((name, .F64, [samples, n])) }
    if withSystems {
      result.append(("A", .F64, [samples, n, n]))
      result.append(("b", .F64, [samples, n]))
    }
    return result
  }

  /// The functions of x that every sample has, coefficients first.
  var functions: [String] {
    equation.coefficientNames + ["u"]
  }

  /// The metadata; every value has its final length from the start.
  func metadata(
    seed: UInt64, firstSample: Int, solver: String, largestResidual: Double
  ) -> [String: String] {
    [
      "format": FileFormat.dataset.rawValue,
      "equation": equation.source,
      "seed": "\(seed)",
      "first_sample": "\(firstSample)",
      "parameters": equation.parameters.map(\.name).joined(separator: ","),
      "solver": solver,
      "largest_residual": Self.text(largestResidual),
    ]
  }

  /// A residual in twelve characters.
  static func text(_ residual: Double) -> String {
    String(format: "%.6e", residual)
  }
}
