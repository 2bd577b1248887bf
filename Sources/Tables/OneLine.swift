extension String {
  /// The text as a line for people: what would end it, or move a terminal's
  /// cursor, as Swift writes it in a literal, and the middle of a very long one
  /// left out.
  public var onOneLine: String {
    var line = ""
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        line += scalar.escaped(asASCII: true)
      default: line.unicodeScalars.append(scalar)
      }
    }
    guard line.count > 2000 else { return line }
    return line.prefix(1500) + " … " + line.suffix(400)
  }
}
