/// What is wrong with an expression's text.
struct ExpressionError: Error, CustomStringConvertible {
  let message: String
  /// The position in the text, counted from 1; nil where all of it is meant.
  var column: Int?

  var description: String { message }
}

/// The smallest meaningful part of an expression, and where it begins.
struct ExpressionToken: Equatable {
  enum Kind: Equatable {
    case number(Double)
    case name
    case symbol
    case end
  }

  let kind: Kind
  let text: String

  /// The first character's position, counted from 1.
  let column: Int

  /// Splits `source` into tokens, the last of them the end.
  static func tokenize(
    _ source: String
  ) throws(ExpressionError) -> [ExpressionToken] {
    let characters = Array(source)
    var tokens: [ExpressionToken] = []
    var position = 0
    while position < characters.count {
      if characters[position].isWhitespace {
        position += 1
        continue
      }
      let token = try scan(characters, from: position)
      tokens.append(token)
      position += token.text.count
    }
    let end = ExpressionToken(kind: .end, text: "", column: position + 1)
    return tokens + [end]
  }

  private static func scan(
    _ characters: [Character], from start: Int
  ) throws(ExpressionError) -> ExpressionToken {
    let first = characters[start]
    let second = start + 1 < characters.count ? characters[start + 1] : " "
    if isDigit(first) || first == "." && isDigit(second) {
      return try scanNumber(characters, from: start)
    }
    if startsName(first) {
      let text = String(characters[start...].prefix(while: continuesName))
      return ExpressionToken(kind: .name, text: text, column: start + 1)
    }
    if "<>".contains(first), second == "=" {
      return ExpressionToken(
        kind: .symbol, text: "\(first)=", column: start + 1)
    }
    if first == "*", second == "*" {
      throw ExpressionError(
        message: "unexpected '**' at column \(start + 1); a power is written ^",
        column: start + 1)
    }
    guard "+-*/^()<>,".contains(first) else {
      throw ExpressionError(
        message: "unexpected character '\(first)' at column \(start + 1)",
        column: start + 1)
    }
    return ExpressionToken(
      kind: .symbol, text: String(first), column: start + 1)
  }

  private static func scanNumber(
    _ characters: [Character], from start: Int
  ) throws(ExpressionError) -> ExpressionToken {
    var end = start
    func skipDigits() {
      while end < characters.count, isDigit(characters[end]) { end += 1 }
    }
    skipDigits()
    if end < characters.count, characters[end] == "." {
      end += 1
      skipDigits()
    }
    if end < characters.count, "eE".contains(characters[end]) {
      var exponent = end + 1
      if exponent < characters.count, "+-".contains(characters[exponent]) {
        exponent += 1
      }
      if exponent < characters.count, isDigit(characters[exponent]) {
        end = exponent
        skipDigits()
      }
    }
    let text = String(characters[start..<end])
    guard let value = Double(text), value.isFinite else {
      throw ExpressionError(
        message: "the number \(text) at column \(start + 1) is out of range",
        column: start + 1)
    }
    return ExpressionToken(
      kind: .number(value), text: text, column: start + 1)
  }

  /// Whether `text` can name a parameter or a field.
  static func isName(_ text: String) -> Bool {
    guard let first = text.first else { return false }
    return startsName(first) && text.allSatisfy(continuesName)
  }

  private static func isDigit(_ character: Character) -> Bool {
    character.isASCII && character.isNumber
  }

  private static func startsName(_ character: Character) -> Bool {
    character.isLetter || character == "_"
  }

  private static func continuesName(_ character: Character) -> Bool {
    startsName(character) || isDigit(character)
  }
}
