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
}
