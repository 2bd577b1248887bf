import Equations
import Tables
import TensorFiles

extension Recipe {
  /// The settings in words that fit in a table: an equation by its name, where two
  /// of one name differ with a digest.
  public func comparableSettings() throws -> SettingTable.Settings {
    try settings().map { key, value in
      guard key == "data.equation" else { return (key, value) }
      // That of another version may have what this one does not know.
      let name = (try? Equation(yaml: value, path: "recipe.yaml"))?.name
      var digest = Digest()
      digest.add(value.utf8)
      return (key, "\(name ?? "?") (\(digest.text.prefix(6)))")
    }
  }
}
