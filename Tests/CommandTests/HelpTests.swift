import Testing

struct HelpTests {
  /// Every verb that the list names, with an example of itself.
  @Test func everyListedVerbExplainsItself() throws {
    let list = try Command.run("--help").lines
    let names = list.filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .compactMap { $0.split(separator: " ").first }.map(String.init)
      .filter { $0 != "bvp" && $0.allSatisfy(\.isLowercase) }
    #expect(
      Set(names).isSuperset(of: [
        "equations", "generate", "join", "solve", "inspect", "export",
        "pretrain", "finetune", "evaluate", "predict", "calibrate", "bench",
        "robustness",
        "study", "compare", "sweep", "iterate", "newton", "report",
      ]), "\(names)")
    for name in names where name != "help" && name != "newton" {
      let help = try Command.run(name, "--help")
      #expect(help.status == 0, "\(name)")
      #expect(help.output.contains("EXAMPLE"), "\(name)")
      #expect(help.output.contains("  bvp \(name) "), "\(name)")
    }
    for name in ["generate", "train", "compare"] {
      let help = try Command.run("newton", name, "--help")
      #expect(help.status == 0 && help.output.contains("EXAMPLE"), "\(name)")
      #expect(help.output.contains("  bvp newton \(name) "), "\(name)")
    }
  }

  /// Every line of every help but the parser's own fits a terminal of 80 columns, and
  /// every command of an example is one: a line that goes on ends in a backslash.
  @Test func examplesAreAsTheyWereWritten() throws {
    let verbs = try Command.run("--help").lines
      .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .compactMap { $0.split(separator: " ").first }.map { [String($0)] }
      .filter { $0 != ["bvp"] && $0[0].allSatisfy(\.isLowercase) }
    let newton = ["generate", "train", "evaluate", "compare"].map {
      ["newton", $0]
    }
    #expect(verbs.count > 15)
    for verb in [[]] + verbs + newton where verb != ["help"] {
      let text = try Command.run(verb + ["--help"]).output
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      for line in lines where !line.hasPrefix("USAGE") {
        #expect(line.count <= 80, "\(verb): \(line)")
      }
      var isExample = false
      var goesOn = false
      for line in lines {
        if line.hasPrefix("EXAMPLE") || line.hasPrefix("  EXAMPLE") {
          isExample = true
        } else if line.hasPrefix("USAGE") || line.hasPrefix("ARGUMENTS") {
          isExample = false
        }
        guard isExample, line.hasPrefix("  "), !line.contains("EXAMPLE") else {
          continue
        }
        let words = line.split(separator: " ")
        let commands = [
          "bvp", "source", "ssh", "curl", "#", "scripts/plot/plot.py",
        ]
        let isBegun = commands.contains { words.first == $0[...] }
        #expect(isBegun != goesOn, "\(verb): \(line)")
        goesOn = line.hasSuffix("\\")
      }
      #expect(!goesOn, "\(verb)")
    }
  }
}
