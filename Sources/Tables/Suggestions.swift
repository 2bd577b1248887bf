/// Returns `; did you mean '…'?` for the candidate that a typing slip could
/// have turned into `word`, or nothing where none is near.
public func suggestion(for word: String, among candidates: [String]) -> String {
  nearest(to: word, among: candidates).map { "; did you mean '\($0)'?" } ?? ""
}

/// Returns the candidate that a typing slip could have turned into `word`, or nil
/// where none is near.
public func nearest(to word: String, among candidates: [String]) -> String? {
  let target = word.lowercased()
  let limit = min(3, word.count / 2)
  return candidates.map { ($0, editDistance(target, $0.lowercased())) }
    .filter { $0.1 <= limit }
    .min { $0.1 < $1.1 }?.0
}

/// Returns `'a', 'b' or 'c'`.
public func alternatives(_ words: [String]) -> String {
  let quoted = words.map { "'\($0)'" }
  guard let last = quoted.last, quoted.count > 1 else { return quoted.joined() }
  return quoted.dropLast().joined(separator: ", ") + " or " + last
}

/// Returns the least number of insertions, deletions, substitutions and swaps
/// of neighbours that turn `a` into `b`.
///
/// This is the optimal string alignment distance, which counts the commonest
/// slip, two letters exchanged, as one.
func editDistance(_ a: String, _ b: String) -> Int {
  let a = Array(a.prefix(64))
  let b = Array(b.prefix(64))
  var table = [[Int]](
    repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
  for i in 0...a.count { table[i][0] = i }
  for j in 0...b.count { table[0][j] = j }
  for i in a.indices {
    for j in b.indices {
      let replaced = table[i][j] + (a[i] == b[j] ? 0 : 1)
      var best = min(replaced, table[i][j + 1] + 1, table[i + 1][j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        best = min(best, table[i - 1][j - 1] + 1)
      }
      table[i + 1][j + 1] = best
    }
  }
  return table[a.count][b.count]
}
