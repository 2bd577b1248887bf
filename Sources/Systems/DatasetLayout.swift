import Equations
import Foundation
import TensorFiles

/// The tensors and metadata of a dataset file, `bvp-dataset/1`.
struct DatasetLayout {
  let equation: Equation
  let n: Int
  let rows: Int
  let withSystems: Bool
  let contents: DatasetContents

  /// Name, type and shape of each tensor, in the order of the file.
  var tensors: [(String, DType, [Int])] {
    var result: [(String, DType, [Int])] = [
      ("x", .F64, [n]),
      ("parameters", .F64, [rows, equation.parameters.count]),
    ]
    if !contents.hasRowForEachSample {
      result.append(("sample", .F64, [rows]))
    }
    for name in functions { result.append((name, .F64, [rows, n])) }
    if withSystems {
      result.append(("A", .F64, [rows, n, n]))
      result.append(("b", .F64, [rows, n]))
    }
    return result
  }

  /// The functions of x that every row has, coefficients first.
  var functions: [String] {
    equation.coefficientNames + ["u"]
      + (contents.isOfSteps ? ["u_start"] : [])
  }

  /// The metadata; every value has its final length from the start.
  func metadata(
    seed: UInt64, samples: Range<Int>, leftOut: Int,
    largestResidual: Double, labelErrors: LabelErrors?
  ) -> [String: String] {
    var result = [
      "format": FileFormat.dataset.rawValue,
      "equation": equation.source,
      "seed": "\(seed)",
      "first_sample": "\(samples.lowerBound)",
      "parameters": equation.parameters.map(\.name).joined(separator: ","),
      "solver": contents.solver,
      "largest_residual": Self.text(largestResidual),
    ]
    if !contents.hasRowForEachSample { result["samples"] = "\(samples.count)" }
    if contents.leavesOut { result["left_out"] = "\(leftOut)" }
    if let newton = contents.newton {
      result["newton_systems"] = newton.kind
      result["initial"] = newton.initial
    }
    if let labelErrors {
      result["label_error_median"] = Self.text(labelErrors.median)
      result["label_error_p90"] = Self.text(labelErrors.p90)
      result["label_error_samples"] = "\(labelErrors.samples)"
      if labelErrors.unresolved > 0 {
        result["label_error_unresolved"] = "\(labelErrors.unresolved)"
      }
    }
    return result
  }

  /// A residual in twelve characters.
  static func text(_ residual: Double) -> String {
    String(format: "%.6e", residual)
  }
}
