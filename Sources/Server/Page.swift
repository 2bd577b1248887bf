import Foundation

/// The files of the page, which the program carries with it.
enum Page {
  /// A file and its kind.
  struct File {
    let type: String
    let data: Data
  }

  /// The file of a name, such as `index.html`.
  static func file(_ name: String) -> File? {
    guard let text = files[name] else { return nil }
    let kind = types.first { name.hasSuffix($0.ending) }
    return File(type: kind?.type ?? "text/plain", data: Data(text.utf8))
  }

  private static let types = [
    (ending: ".html", type: "text/html; charset=utf-8"),
    (ending: ".css", type: "text/css; charset=utf-8"),
    (ending: ".js", type: "text/javascript; charset=utf-8"),
    (ending: ".json", type: "application/json"),
    (ending: ".svg", type: "image/svg+xml"),
  ]
}
