import Foundation

/// The article on file formats, which has every name that a file holds.
public enum FormatArticle {
  private static func lines() throws -> [String] {
    try Repository.text(
      "Sources/BVPWorkbench/BVPWorkbench.docc/FileFormats.md"
    ).split(separator: "\n").map(String.init)
  }

  /// The rows of its tables that begin with a name in backticks.
  public static func rows(_ name: String) throws -> [String] {
    try lines().filter { $0.hasPrefix("| `\(name)` |") }
  }

  /// The last cells of the rows under a heading, by the name in the first: a
  /// column's unit.
  public static func units(under heading: String) throws -> [String: String] {
    let section = try lines().drop { !$0.hasSuffix("# " + heading) }.dropFirst()
      .prefix { !$0.hasPrefix("#") }
    var units: [String: String] = [:]
    for line in section where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      units[cells[0].trimmingCharacters(in: ["`"])] = cells.last
    }
    return units
  }

  /// The names, of those given, that it has no row for.
  public static func missing(_ names: some Sequence<String>) throws -> [String]
  {
    try names.filter { try rows($0).isEmpty }
  }
}
