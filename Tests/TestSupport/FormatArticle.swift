/// The article on file formats, which has every name that a file holds.
public enum FormatArticle {
  /// The rows of its tables that begin with a name in backticks.
  public static func rows(_ name: String) throws -> [String] {
    try Repository.text(
      "Sources/BVPWorkbench/BVPWorkbench.docc/FileFormats.md"
    ).split(separator: "\n").map(String.init).filter {
      $0.hasPrefix("| `\(name)` |")
    }
  }

  /// The names, of those given, that it has no row for.
  public static func missing(_ names: some Sequence<String>) throws -> [String]
  {
    try names.filter { try rows($0).isEmpty }
  }
}
