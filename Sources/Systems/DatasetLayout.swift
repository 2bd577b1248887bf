import Equations
import Foundation
import TensorFiles

/// What a dataset's solutions solve.
public enum DatasetLabels: String, CaseIterable, Sendable {
  /// The systems on the grid, by LU.
  case grid = "lu"
  /// The equation itself, resolved and then taken at the grid's nodes.
  case resolved
}

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
    seed: UInt64, firstSample: Int, labels: DatasetLabels,
    largestResidual: Double, labelErrors: LabelErrors?
  ) -> [String: String] {
    var result = [
      "format": FileFormat.dataset.rawValue,
      "equation": equation.source,
      "seed": "\(seed)",
      "first_sample": "\(firstSample)",
      "parameters": equation.parameters.map(\.name).joined(separator: ","),
      "solver": labels.rawValue,
      "largest_residual": Self.text(largestResidual),
    ]
    if let labelErrors {
      result["label_error_median"] = Self.text(labelErrors.median)
      result["label_error_p90"] = Self.text(labelErrors.p90)
      result["label_error_samples"] = "\(labelErrors.samples)"
    }
    return result
  }

  /// A residual in twelve characters.
  static func text(_ residual: Double) -> String {
    String(format: "%.6e", residual)
  }
}
