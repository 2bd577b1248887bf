import Foundation
import Tables
import Yams

extension Equation {
  /// The equation in which parameters are numbers and not drawn; its samples are
  /// those that overrides of these values make of this one's, as each of the others
  /// is drawn as before.
  ///
  /// - Parameter values: by the parameters' names.
  /// - Returns: the equation; its text has no comments any more.
  /// - Throws: an error that names a parameter which there is not.
  public func fixing(
    _ values: [String: Double]
  ) throws(EquationError) -> Equation {
    var root = try YAMLValue.parse(source, file: path).node
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      guard parameters.contains(where: { $0.name == name }) else {
        throw EquationError(
          file: path, key: "parameters", message: "unknown parameter '\(name)'")
      }
      root["parameters"]?[name] = Node(NumberFormat.exact.text(value))
    }
    let text: String
    do {
      text = try Yams.serialize(node: root, width: -1, allowUnicode: true)
    } catch {
      throw EquationError(
        file: path, message: "cannot be written again: \(error)")
    }
    return try Equation(yaml: text, path: path)
  }
}
