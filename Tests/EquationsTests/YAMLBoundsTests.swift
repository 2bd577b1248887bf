import TestSupport
import Testing
import Yams

@testable import Equations

struct YAMLBoundsTests {
  private func found(_ text: String) -> String {
    onSmallStack {
      do {
        let tree = try YAMLValue.compose(text)
        return tree?.sequence == nil ? "tree" : "list"
      } catch { return Equation.explainYAML(error) }
    }
  }

  @Test func fewLevelsAreRead() {
    for text in nestedYAML(levels: 10) where text.contains("1") {
      #expect(found("x: " + text) == "tree", "\(text)")
    }
  }

  @Test(arguments: [80, 480, 900, 100_000], 0..<8)
  func manyLevelsAreRefused(levels: Int, kind: Int) {
    let text = nestedYAML(levels: levels)[kind]
    let found = found("name: a\nx: " + text)
    if kind == 1, levels < 1000 {
      #expect(found.hasPrefix("not valid YAML at line 3"), "\(found)")
    } else if kind == 7 {
      #expect(found == "\(levels) aliases (*name) are more than 32")
    } else {
      #expect(found.hasPrefix("nested deeper than 64 levels at line "))
      // The line is that of the level, where each has its own.
      if kind < 4 { #expect(found.hasSuffix("line 2")) }
    }
  }

  @Test func aliasesDoNotMultiply() {
    func text(_ doublings: Int, end: String) -> String {
      "- &a0 [1, 1]\n"
        + (0..<doublings).map { "- &a\($0 + 1) [*a\($0), *a\($0)]\n" }.joined()
        + end
    }
    #expect(found(text(4, end: "")) == "list")
    #expect(found(text(14, end: "- [*a14, *a14]")) == "list")
    #expect(found(text(40, end: "- ? *a40\n  : 1")).contains("aliases"))
    let many = "- &a [\(String(repeating: "1, ", count: 200_000))]\n"
    #expect(
      found(many + String(repeating: "- *a\n", count: 6))
        == "more than 1000000 values")
  }

  @Test func equationsSayTheFileAndTheLine() {
    let formulas = [
      "((((": "nested", "-": "nested", "x^": "nested", "sin(": "nested",
      "x+": "more than 2000 operations", "diff(": "nested",
    ]
    for (part, complaint) in formulas {
      let text = equationText(coefficients: [
        "K: 1", "f: '\(String(repeating: part, count: 100_000))x'",
      ])
      // Two thousand operations in a row take a quarter of a kilobyte each.
      let message = onSmallStack(kilobytes: 1024) {
        do {
          _ = try Equation(yaml: text, path: "deep.yaml")
          return "no error"
        } catch { return "\(error)" }
      }
      #expect(message.hasPrefix("deep.yaml: coefficients.f: "))
      #expect(message.contains(complaint), "\(message)")
    }
    let deep = refusal(EquationError.self) {
      try Equation(
        yaml: "name: a\nx:\n  y: " + nestedYAML(levels: 480)[0],
        path: "deep.yaml")
    }
    #expect(deep?.position?.line == 3)
    #expect(
      deep?.description == "deep.yaml: nested deeper than 64 levels at line 3")
  }
}
