/// Returns an equation file's text; every part may be replaced.
public func equationText(
  domain: String = "[0, 1]", parameters: [String] = [], fields: [String] = [],
  coefficients: [String] = ["K: 1", "f: 1"], left: String = "{dirichlet: 0}",
  right: String = "{dirichlet: 0}"
) -> String {
  func block(_ key: String, _ lines: [String]) -> String {
    lines.isEmpty
      ? "" : "\(key):\n" + lines.map { "  \($0)\n" }.joined()
  }
  return "name: test\ndomain: \(domain)\n" + block("parameters", parameters)
    + block("fields", fields) + block("coefficients", coefficients)
    + block("boundary", ["left: \(left)", "right: \(right)"])
}
