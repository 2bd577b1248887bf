import Foundation
import TestSupport
import Testing

struct UsageTests {
  @Test func anOptionByAnotherNameIsUnderstood() throws {
    let cases: [(arguments: [String], meant: String)] = [
      (["pretrain", "x", "--lr", "1", "--output", "y"], "--learning-rate"),
      (
        ["pretrain", "x", "--learning_rate=1", "--output", "y"],
        "--learning-rate"
      ),
      (["pretrain", "x", "--batch-size", "1", "--output", "y"], "--batch"),
      (["pretrain", "x", "--n", "9", "--output", "y"], "--nodes"),
      (["pretrain", "x", "--out", "y"], "--output"),
      (
        ["pretrain", "x", "--weight_decay", "1", "--output", "y"],
        "--weight-decay"
      ),
      (["generate", "x", "--num-samples", "1", "--output", "y"], "--samples"),
      (
        ["newton", "generate", "--num-problems", "1", "--output", "y"],
        "--problems"
      ),
      (["evaluate", "x", "--sampels", "1"], "--samples"),
    ]
    for (arguments, meant) in cases {
      let result = try Command.run(arguments)
      #expect(result.status == 64)
      #expect(
        result.messages.contains("; did you mean '\(meant)'?"),
        "\(arguments): \(result.messages)")
    }
    let far = try Command.run("evaluate", "x", "--lr", "1")
    #expect(far.messages.hasPrefix("Error: Unknown option '--lr'\n"))
    let verb = try Command.run("solv", "diffusion")
    #expect(
      verb.status == 64 && verb.messages.contains("did you mean 'solve'?"))
  }

  @Test func negativeNumbersNeedNoEqualsSign() throws {
    let solved = try Command.run(
      "solve", "advection-diffusion", "--nodes", "8", "-q", "--set",
      "velocity=-2")
    #expect(solved.status == 0, "\(solved.messages)")
    let cases: [([String], String)] = [
      (["robustness", "--data", "x", "--levels", "-1"], "0 or between"),
      (["robustness", "--data", "x", "--levels", "1,1"], "more than once"),
      (
        ["solve", "diffusion", "--index", "-1"], "--index must not be negative"
      ),
      (["generate", "x", "--samples", "-1", "--output", "y"], "between 1 and"),
      (
        ["newton", "generate", "--problems", "1", "--output", "y", "--limit"]
          + ["99999"], "--limit must lie between 1 and 10000"
      ),
      (["pretrain", "x", "--encoding", "iterate", "--output", "y"], "raw"),
    ]
    for (arguments, text) in cases {
      let result = try Command.run(arguments)
      #expect(result.status == 64)
      #expect(
        result.messages.contains(text), "\(arguments): \(result.messages)")
    }
  }

  @Test func moreThanAFileHoldsIsRefusedWithBothNumbers() throws {
    let folder = try TemporaryFolder()
    let data = folder.path("data")
    let model = Repository.checkpoint("diffusion")
    try Command.run("generate", "diffusion", "--samples", "7", "--output", data)
    let newton = folder.path("newton")
    try Command.run(
      "newton", "generate", "--problems", "2", "--rows", "40", "--columns", "6",
      "--output", newton)
    for arguments in [
      ["evaluate", model, "--data", data, "--samples", "19"],
      ["robustness", "--data", data, "--samples", "19"],
      ["export", data, "--count", "19"],
      ["inspect", data, "--samples", "19"],
      ["newton", "compare", "--data", newton, "--problems", "19"],
      [
        "finetune", "diffusion", "--from", model, "--test-data", data,
        "--test-samples", "19", "--output", folder.path("run"),
      ],
    ] {
      let result = try Command.run(arguments)
      #expect(result.status == 1, "\(arguments)")
      #expect(result.output.isEmpty)
      #expect(
        result.messages.contains(
          arguments[0] == "newton"
            ? "holds 2 problems" : "holds 7 samples"), "\(result.messages)")
      #expect(result.messages.contains("asks for 19"), "\(result.messages)")
    }
  }

  @Test func anEmptyShardIsSaidAndJoins() throws {
    let folder = try TemporaryFolder()
    for shard in 1...3 {
      let made = try Command.run(
        "generate", "diffusion", "--samples", "2", "--nodes", "8", "--shard",
        "\(shard)/3", "--output", folder.path("\(shard)"))
      #expect(made.status == 0)
      #expect(made.messages.contains("holds no samples") == (shard == 1))
    }
    let joined = try Command.run(
      ["join"] + (1...3).map { folder.path("\($0)") }
        + ["--output", folder.path("joined")])
    #expect(joined.messages.contains("2 samples"))
    try Command.run(
      "generate", "diffusion", "--samples", "2", "--nodes", "8", "--output",
      folder.path("whole"))
    #expect(try folder.bytes("whole") == folder.bytes("joined"))
  }

  @Test func aNetworkOfAnotherKindIsNamedByItsPath() throws {
    let folder = try TemporaryFolder()
    let data = folder.path("data")
    try Command.run("generate", "diffusion", "--samples", "2", "--output", data)
    let newton = folder.path("newton")
    try Command.run(
      "newton", "generate", "--problems", "2", "--rows", "200", "--columns",
      "60", "--output", newton)
    let network = Repository.checkpoint("newton")
    let solver = Repository.checkpoint("diffusion")
    for (arguments, path) in [
      (["evaluate", network], network),
      (["evaluate", network, "--data", data], network),
      (["predict", network, "--data", data, "--output", data + "p"], network),
      (["solve", "diffusion", "--method", network], network),
      (["robustness", network, "--data", data], network),
      (["sweep", network, "--vary", "alpha", "--values", "1"], network),
      (["newton", "compare", solver, "--data", newton], solver),
      (["newton", "compare", network, network, "--data", newton], network),
      (["solve", "diffusion", "--nodes", "9", "--method", solver], solver),
    ] {
      let result = try Command.run(arguments)
      #expect(result.status == 1, "\(arguments)")
      #expect(
        result.messages.hasPrefix("bvp: \(path): "), "\(result.messages)")
      #expect(!result.messages.contains("--equation"))
    }
  }

  @Test func whatDoesNotFitIntoMemoryIsRefusedBeforeWorkStarts() throws {
    let folder = try TemporaryFolder()
    for arguments in [
      ["bench", "solve", "--nodes", "4096", "--batch", "1000000"],
      ["bench", "transform", "--nodes", "4096", "--batch", "1000000"],
      ["bench", "infer", "--nodes", "4096", "--batch", "1000000"],
      [
        "newton", "generate", "--problems", "1", "--rows", "10000000",
        "--columns", "4096", "--output", folder.path("x"),
      ],
    ] {
      let result = try Command.run(arguments)
      #expect(result.status == 1, "\(arguments)")
      #expect(result.messages.contains(" of memory; there are "))
      #expect(result.messages.count(where: { $0 == "\n" }) == 1)
    }
    #expect(try folder.content.isEmpty)
  }

  /// `taskset` is util-linux's, which every Debian has.
  @Test func processorsAreThoseOfTheAffinity() throws {
    let path = "/usr/bin/taskset"
    guard FileManager.default.isExecutableFile(atPath: path) else { return }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments =
      ["-c", "0", Command.executable.path]
      + ["bench", "solve", "--nodes", "8", "--batch", "4", "--repeats", "1"]
      + ["--csv"]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    let threads = lines.last?.split(
      separator: ",", omittingEmptySubsequences: false)[5]
    #expect(process.terminationStatus == 0 && threads == "1")
  }

  @Test(arguments: [
    "demo", "reproduce", "setup", "test", "docs", "modules", "bench-peers",
    "evaluate-checkpoints", "sharing", "efficiency", "two-hosts",
  ])
  func everyScriptExplainsItself(_ name: String) throws {
    for flag in ["-h", "--help"] {
      let process = Process()
      process.executableURL = URL(
        fileURLWithPath: Repository.path("scripts/\(name)"))
      process.arguments = [flag]
      let pipe = Pipe()
      process.standardOutput = pipe
      try process.run()
      let data = pipe.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      let text = String(decoding: data, as: UTF8.self)
      #expect(process.terminationStatus == 0)
      #expect(text.contains("scripts/\(name)"))
      #expect(!text.contains("set -euo"))
    }
  }

  /// What solve prints is drawn, by the report and by matplotlib if it is there.
  @Test func aSolutionIsDrawn() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path("runs"), withIntermediateDirectories: true)
    for equation in ["diffusion", "advection-reaction-diffusion"] {
      let solved = try Command.run("solve", equation, "--nodes", "16", "-q")
      try folder.write(solved.output, to: "runs/\(equation).csv")
    }
    let page = folder.path("page.html")
    let report = try Command.run(
      "report", folder.path("runs"), "--output", page)
    #expect(report.status == 0, "\(report.messages)")
    #expect(
      try folder.text("page.html").components(separatedBy: "<svg").count
        == 1 + 3 + 5)
    func python(_ arguments: [String]) throws -> Int32 {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = ["python3"] + arguments
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      return process.terminationStatus
    }
    guard try python(["-c", "import matplotlib"]) == 0 else { return }
    let image = folder.path("image.png")
    #expect(
      try python([
        Repository.path("scripts/plot/plot.py"), "samples",
        folder.path("runs/diffusion.csv"), "-o", image,
      ]) == 0)
    #expect(FileManager.default.fileExists(atPath: image))
  }
}
