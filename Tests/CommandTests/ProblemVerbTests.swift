import Foundation
import TestSupport
import Testing

struct ProblemVerbTests {
  private static let verbs = [
    "equations", "generate", "join", "solve", "inspect", "export", "pretrain",
    "finetune", "evaluate", "predict", "calibrate", "robustness", "bench",
    "study", "compare", "sweep", "newton", "newton generate", "newton train",
    "newton compare",
    "report",
  ]

  @Test(arguments: verbs)
  func everyVerbExplainsItselfWithAnExample(verb: String) throws {
    let help = try Command.run(
      verb.split(separator: " ").map(String.init) + ["--help"])
    #expect(help.status == 0)
    #expect(help.output.contains("EXAMPLE"))
    #expect(help.output.contains("  bvp \(verb) "))
    let text = help.lines.filter { !$0.hasPrefix("USAGE: ") }
    #expect(text.allSatisfy { $0.count <= 80 })
    // Nothing looks like a value of a Swift type, or is for another verb.
    for raw in ["Optional(", "nil)", "[\"", "iterate)"] {
      #expect(!help.output.contains(raw), "\(raw)")
    }
    #expect(help.output.firstMatch(of: /default: \w+[(.][A-Za-z]/) == nil)
  }

  @Test func misuseIsToldInOneLineThatNamesTheCulprit() throws {
    let folder = try TemporaryFolder()
    let text = try folder.write("not a tensor file", to: "text")
    let cases: [([String], Int32, String)] = [
      (["solve", "difusion"], 1, "did you mean 'diffusion'?"),
      (["solve", "no/such.yaml"], 1, "no/such.yaml"),
      (["solve", "diffusion", "--set", "alfa=1"], 1, "'alfa'"),
      (
        ["solve", "diffusion", "--set", "omega=100", "--set", "alpha=2"], 1,
        "sample 0"
      ),
      (
        ["solve", "diffusion", "--method", "no.safetensors"], 1,
        "no.safetensors"
      ),
      (["inspect", text], 1, text),
      (["inspect", folder.path("none")], 1, "No such file"),
      (["evaluate", text, "--data", text], 1, text),
      (["export", text], 1, text),
      (["robustness", "--data", text], 1, text),
      (["join", text, "--output", folder.path("x")], 1, text),
      (
        [
          "generate", "diffusion", "--samples", "1", "--output",
          folder.path("a/b"),
        ],
        1, "there is no such folder"
      ),
      (
        ["pretrain", "diffusion", "--resume", "--output", folder.path("run")],
        1,
        "no run to resume"
      ),
      (
        [
          "finetune", "diffusion", "--from", text, "--output",
          folder.path("run"),
        ], 1, text
      ),
      (
        [
          "pretrain", "diffusion", "--heads", "3", "--output",
          folder.path("run"),
        ],
        1, "heads"
      ),
    ]
    for (arguments, status, culprit) in cases {
      let result = try Command.run(arguments)
      #expect(result.status == status, "\(arguments)")
      #expect(result.output.isEmpty, "\(arguments): \(result.output)")
      #expect(result.messages.contains(culprit), "\(result.messages)")
      #expect(result.messages.hasPrefix("bvp: "), "\(result.messages)")
      #expect(
        result.messages.count(where: { $0 == "\n" }) == 1, "\(result.messages)")
    }
    #expect(try folder.content == ["text"])
  }

  @Test func usageErrorsEndWith64() throws {
    let cases = [
      ["frobnicate"], ["generate", "diffusion"],
      ["generate", "diffusion", "--samples", "0", "--output", "x"],
      [
        "generate", "diffusion", "--samples", "9", "--shard", "6/5", "--output",
        "x",
      ],
      [
        "generate", "diffusion", "--samples", "999999999999999999", "--output",
        "x",
      ],
      ["solve", "diffusion", "--nodes", "2"],
      ["solve", "diffusion", "--points", "1"],
      ["solve", "diffusion", "--set", "alpha"],
      ["solve", "diffusion", "--method", "cg"],
      ["solve", "diffusion", "--index", "-1"],
      ["robustness", "--data", "x", "--levels", "1e-3,zero"],
      ["robustness", "--data", "x", "--levels", "1e-3,-1"],
      ["sweep", "x", "--vary", "omega", "--values", "1,inf"],
      ["study", "x", "--output", "x", "--seeds", "5,5"],
      ["study", "x", "--output", "x", "--seeds", "5,"],
      ["robustness", "--data", "x", "--solvers", "lu,lu"],
      ["robustness", "--data", "x", "--csv", "--json"],
      ["pretrain", "diffusion", "--online", "--data", "x", "--output", "y"],
    ]
    for arguments in cases {
      let result = try Command.run(arguments)
      #expect(result.status == 64, "\(arguments) gave \(result.status)")
      #expect(result.output.isEmpty)
      #expect(result.messages.hasPrefix("Error: "))
    }
  }

  @Test func solvePrintsAscendingColumnsThatRoundTrip() throws {
    let result = try Command.run(
      "solve", "advection-reaction-diffusion", "--nodes", "64", "-q")
    #expect(result.status == 0 && result.messages.isEmpty)
    #expect(result.lines.first == "x,K,f,q,v,u")
    let rows = result.lines.dropFirst().map {
      $0.split(separator: ",").compactMap { Double($0) }
    }
    #expect(rows.count == 64 && rows.allSatisfy { $0.count == 6 })
    #expect(zip(rows, rows.dropFirst()).allSatisfy { $0[0] < $1[0] })
    #expect(rows.first?[0] == 0 && rows.last?[0] == 7.5)
    #expect(abs(rows[0][5]) < 1e-11 && abs(rows[63][5]) < 1e-11)
  }

  @Test func solveAgreesWithAnAnalyticSolution() throws {
    // −(K u′)′ = f with K = 2, f = 1, u(0) = u(3) = 0: u = x(3 − x)/4.
    let folder = try TemporaryFolder()
    let file = try folder.write(
      """
      name: poisson
      description: a check
      domain: [0, 3]
      parameters:
        k: {uniform: [0.5, 1.5]}
      coefficients:
        K: 2 * k
        f: 1
      boundary:
        left: {dirichlet: 0}
        right: {dirichlet: 0}
      """, to: "poisson.yaml")
    for method in ["lu", "qr", "svd", "tikhonov", "tsvd"] {
      let result = try Command.run(
        "solve", file, "--set", "k=1", "--points", "7", "--method", method)
      #expect(result.lines.count == 8)
      for line in result.lines.dropFirst() {
        let row = line.split(separator: ",").compactMap { Double($0) }
        #expect(abs(row[3] - row[0] * (3 - row[0]) / 4) < 1e-11)
        #expect(abs(row[1] - 2) < 1e-14)
      }
      #expect(
        result.messages.contains(method == "lu" ? "65 nodes" : "κ₂(A)"))
      #expect(!result.messages.contains("warning"))
    }
  }

  @Test func anUnresolvedSolutionIsSaid() throws {
    let coarse = try Command.run("solve", "diffusion", "--nodes", "12")
    #expect(coarse.messages.contains("u is not resolved by 12 nodes"))
  }

  @Test func generateIsTheSameForAnyThreadsAndShards() throws {
    let folder = try TemporaryFolder()
    func generate(_ name: String, _ more: String...) throws {
      let result = try Command.run(
        [
          "generate", "reaction-diffusion", "--samples", "503", "--nodes", "16",
          "--seed", "5", "--output", folder.path(name),
        ] + more)
      #expect(result.status == 0, "\(result.messages)")
    }
    try generate("one", "--threads", "1")
    try generate("two", "--threads", "2")
    #expect(try folder.bytes("one") == folder.bytes("two"))
    for shard in 1...5 { try generate("s\(shard)", "--shard", "\(shard)/5") }
    let joined = try Command.run(
      ["join"] + (1...5).map { folder.path("s\($0)") }
        + ["--output", folder.path("joined")])
    #expect(joined.status == 0)
    #expect(try folder.bytes("one") == folder.bytes("joined"))
    // What exists is not overwritten unless that is wanted.
    let again = try Command.run(
      "generate", "diffusion", "--samples", "2", "--output", folder.path("one"))
    #expect(again.status == 1 && again.messages.contains("--force"))
    #expect(try folder.bytes("one") == folder.bytes("two"))
  }

  @Test func exportWritesWhatTheDatasetHolds() throws {
    let folder = try TemporaryFolder()
    let data = folder.path("data")
    try Command.run(
      "generate", "diffusion", "--samples", "4", "--seed", "3", "--output", data
    )
    let solved = try Command.run(
      "solve", "diffusion", "--seed", "3", "--index", "2", "--nodes", "64", "-q"
    )
    let long = try Command.run("export", data, "--first", "2", "--count", "1")
    #expect(long.lines.first == "sample,x,K,f,u")
    #expect(
      long.lines.dropFirst() == solved.lines.dropFirst().map { "2,\($0)" }[...])
    let files = try Command.run("export", data, "--folder", folder.path("csv"))
    #expect(files.status == 0)
    #expect(
      try String(decoding: folder.bytes("csv/sample-000002.csv"), as: UTF8.self)
        == solved.output)
    let parameters = try Command.run("export", data, "--parameters")
    #expect(parameters.lines.first == "sample,alpha,omega,beta")
    #expect(parameters.lines.count == 5)
  }

  @Test func inspectShowsMetadataAndTensors() throws {
    let folder = try TemporaryFolder()
    let data = folder.path("data")
    try Command.run("generate", "diffusion", "--samples", "9", "--output", data)
    let text = try Command.run("inspect", data)
    for part in ["−(K u′)′ = f", "κ₂(A)", "tail of u", "9 × 64"] {
      #expect(text.output.contains(part))
    }
    let json = try Command.run("inspect", data, "--json")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8))
        as? [String: Any])
    let condition = try #require(
      object["condition_number"] as? [String: Double])
    let median = try #require(condition["median"])
    #expect(median > 1e5 && median < 1e7)
  }

  @Test func equationsListsAndShows() throws {
    #expect(try Command.run("equations").output.contains("reaction-diffusion"))
    #expect(
      try Command.run("equations", "diffusion").output
        .contains("alpha ~ uniform [0.25, 0.75]"))
    let yaml = try Command.run("equations", "diffusion", "--yaml")
    let folder = try TemporaryFolder()
    let file = try folder.write(yaml.output, to: "mine.yaml")
    #expect(
      try Command.run("solve", file).output
        == Command.run("solve", "diffusion").output)
  }

  @Test func aReaderThatHasEnoughIsNoFailureAndAFullDiskIsOne() throws {
    let bvp = Command.executable.path
    func shell(_ script: String) throws -> (Int32, String) {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", script]
      let pipe = Pipe()
      process.standardError = pipe
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      let text = pipe.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return (process.terminationStatus, String(decoding: text, as: UTF8.self))
    }
    let head = try shell(
      "'\(bvp)' solve diffusion -q --points 900000 | head -n 1")
    #expect(head == (0, ""))
    let full = try shell("'\(bvp)' solve diffusion -q > /dev/full")
    #expect(full.0 == 1)
    #expect(full.1 == "bvp: standard output: No space left on device\n")
  }
}
