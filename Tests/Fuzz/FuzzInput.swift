import Foundation

/// A file's content to try, by its kind.
struct FuzzInput {
  /// The kinds of input; a file's name ends with one.
  enum Kind: String, CaseIterable {
    case equation = ".equation.yaml"
    case recipe = ".recipe.yaml"
    case formula = ".formula"
    case table = ".csv"
    case tensors = ".safetensors"
  }

  let kind: Kind
  var bytes: [UInt8]

  init(_ kind: Kind, _ bytes: [UInt8]) {
    self.kind = kind
    self.bytes = bytes
  }

  init(_ kind: Kind, _ text: String) { self.init(kind, Array(text.utf8)) }

  /// The input in a file; nil for one of no known kind.
  init?(contentsOf path: String) throws {
    guard
      let kind = Kind.allCases.first(where: { path.hasSuffix($0.rawValue) })
    else { return nil }
    self.init(kind, [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
  }

  /// As text, if it is UTF-8.
  var text: String? { String(validating: bytes, as: UTF8.self) }

  /// A name that the content alone decides (FNV-1a).
  var name: String {
    let hash = bytes.reduce(UInt64(0xcbf2_9ce4_8422_2325)) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    return String(hash, radix: 16) + kind.rawValue
  }
}
