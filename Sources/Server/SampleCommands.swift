import Equations
import Experiments
import Systems
import Tables
import TensorFiles

/// Lines for a shell that give the numbers of a view.
struct Script: Encodable, Sendable {
  private(set) var lines: [String] = []

  var text: String { lines.joined(separator: "\n") }

  mutating func add(_ words: [String]) { lines.append(shellLine(words)) }

  /// Says why something is missing from what the lines do.
  mutating func remark(_ text: String) {
    lines.append("# " + text.onOneLine)
  }

  func encode(to encoder: any Encoder) throws { try text.encode(to: encoder) }

  /// What commands call an equation: its path, or a file that the script makes of
  /// its text, whose name tells it from any other.
  fileprivate mutating func name(of equation: Equation, path: String?) -> String
  {
    if let path { return path }
    var digest = Digest()
    digest.add(equation.source.utf8)
    let name =
      "\(SampleRequest.plain(equation.name))-\(digest.text.suffix(8)).yaml"
    var text = equation.source
    while text.hasSuffix("\n") { text.removeLast() }
    var end = "END"
    while text.split(separator: "\n").contains(Substring(end)) { end += "-" }
    lines += ["cat >\(shellLine([name])) <<'\(end)'", text, end]
    return name
  }
}

extension SampleRequest {
  /// Begins `bvp solve` of the sample; what it is solved by follows.
  func solving(_ script: inout Script) -> [String] {
    ["bvp", "solve", script.name(of: equation, path: path)]
      + ["--seed", "\(seed)", "--index", "\(index)"]
      + overrides.sorted { $0.key < $1.key }.flatMap {
        ["--set", "\($0.key)=\(NumberFormat.exact.text($0.value))"]
      }
  }

  /// The equation whose samples have the parameters that are set.
  func fixedEquation() throws -> Equation {
    overrides.isEmpty ? equation : try equation.fixing(overrides)
  }

  /// Adds the command that makes a dataset of the sample.
  ///
  /// - Returns: the file, and the sample's row in it.
  /// - Throws: `EquationError`.
  func generate(_ script: inout Script, withSystems: Bool = false) throws -> (
    file: String, row: Int
  ) {
    let fixed = try fixedEquation()
    let name = script.name(of: fixed, path: overrides.isEmpty ? path : nil)
    let count = index + 1
    // A shard has one sample, or few where there are more samples than shards.
    let shards = min(count, 1_000_000)
    let first = DatasetGenerator.shard(shards, of: shards, count: count)
      .lowerBound
    var stem = "\(fileName)-n\(gridNodes)"
    if path == nil || !overrides.isEmpty {
      var digest = Digest()
      digest.add(fixed.source.utf8)
      stem += "-" + digest.text.suffix(8)
    }
    let file = stem + (withSystems ? "-systems" : "") + ".safetensors"
    script.add(
      ["bvp", "generate", name, "--samples", "\(count)"]
        + (count > 1 ? ["--shard", "\(shards)/\(shards)"] : [])
        + ["--seed", "\(seed)", "--nodes", "\(gridNodes)"]
        + (withSystems ? ["--with-systems"] : []) + ["--output", file])
    return (file, index - first)
  }

  /// Adds the commands that measure solvers on draws of the noise.
  ///
  /// - Throws: `EquationError`.
  func measure(
    _ script: inout Script, by solvers: [String], under noise: Noise,
    levels: [Double], draws: Int
  ) throws {
    let isClassical = SolverCatalogue.names.contains
    let classical = solvers.filter(isClassical)
    let (file, row) = try generate(&script)
    script.add(
      ["bvp", "robustness"] + solvers.filter { !isClassical($0) } + [
        "--data", file, "--sample", "\(row)", "--draws", "\(draws)",
        "--noise", noise.model.rawValue, "--target", noise.target.rawValue,
        "--law", noise.law.rawValue, "--seed", "\(noise.seed)", "--levels",
        levels.map { NumberFormat.exact.text($0) }.joined(separator: ","),
        "--solvers",
        classical.isEmpty ? "none" : classical.joined(separator: ","),
      ])
  }
}
