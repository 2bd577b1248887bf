/// Words as a line for a shell, in quotes where these are needed.
public func shellLine(_ words: [String]) -> String {
  words.map { word in
    !word.isEmpty && word.unicodeScalars.allSatisfy(isPlain)
      ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }.joined(separator: " ")
}

/// Whether no shell takes a character for anything but itself.
private func isPlain(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar {
  case "a"..."z", "A"..."Z", "0"..."9": true
  default: "-_./=,:@%+".unicodeScalars.contains(scalar)
  }
}
