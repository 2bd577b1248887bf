/// What is wrong with an equation, and where.
///
/// Its text is one sentence for the person who wrote the file:
/// `equations/mine.yaml: parameters.omega: unknown law 'unifrom'; did you mean
/// 'uniform'?`
public struct EquationError: Error, Equatable, Sendable {
  /// A place in a file's text, counted from 1.
  public struct Position: Equatable, Sendable {
    public let line: Int
    public let column: Int
  }

  /// The equation's file, or its name where it has no file.
  public let file: String

  /// The dotted path of the offending key, where there is one.
  public let key: String?

  /// The index of the offending sample, where the file itself is sound.
  public let sample: Int?

  /// Where in the file's text, where that is known.
  public var position: Position?

  /// What was found, what was expected, and, where possible, the remedy.
  public let message: String

  /// Creates an error about `key` of `file`.
  public init(
    file: String, key: String? = nil, sample: Int? = nil, message: String
  ) {
    self.file = file
    self.key = key
    self.sample = sample
    self.message = message
  }
}

extension EquationError: CustomStringConvertible {
  public var description: String {
    [file, key, message].compactMap { $0 }.joined(separator: ": ")
  }
}
