import Foundation
import TestSupport
import Testing

/// Files, folders and streams that are not as a command would have them.
struct OutputTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  static let smoke = [
    "--preset", "smoke", "--nodes", "12", "--width", "16", "--test-samples",
    "8", "--threads", "1", "-q",
  ]

  private func wait(until condition: () -> Bool) {
    for _ in 0..<4000 where !condition() { usleep(5000) }
  }

  private func start(_ arguments: [String]) throws -> Process {
    let process = Command.process(arguments)
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    return process
  }

  private func refused(
    _ arguments: [String], _ expected: String,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let result = try Command.run(arguments, in: folder)
    let lines = result.messages.split(separator: "\n")
    #expect(result.status == 1, "\(arguments)", sourceLocation: location)
    #expect(
      lines.count == 1 && result.messages.contains(expected)
        && !result.messages.contains("Error Domain"),
      "\(arguments): \(result.messages)", sourceLocation: location)
  }

  @Test func twoCannotWriteOneFile() throws {
    let path = folder.path("data")
    let generate = ["generate", "diffusion", "-q", "--output", path]
    let process = try start(
      generate + ["--samples", "40000", "--nodes", "256", "--threads", "1"])
    wait { ((try? folder.content) ?? []).count == 1 }
    let busy = "another process (pid \(process.processIdentifier))"
    try refused(generate + ["--samples", "4"], busy)
    try refused(generate + ["--samples", "4", "--force"], busy)
    // What is left of a process that was killed goes with the next one.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(try folder.content.first?.hasSuffix(".tmp") == true)
    #expect(try Command.run(generate + ["--samples", "4"]).status == 0)
    #expect(try folder.content == ["data"])
  }

  @Test func twoCannotTrainInOneFolder() throws {
    let run = folder.path("run")
    let pretrain =
      ["pretrain", "diffusion", "--output", run] + Self.smoke
    let process = try start(pretrain + ["--steps", "1000000"])
    wait { FileManager.default.fileExists(atPath: run + "/state.safetensors") }
    let busy = "\(run): another process (pid \(process.processIdentifier))"
    for flags in [[], ["--force"], ["--resume"]] {
      try refused(pretrain + flags, busy)
    }
    // A terminal that is closed ends a run as SIGTERM does.
    kill(process.processIdentifier, SIGHUP)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 130)
    #expect(try !folder.content.contains("run/.lock"))
    let state = try #require(
      try FileManager.default.attributesOfItem(
        atPath: run + "/state.safetensors")[.size] as? Int)
    #expect(state > 0)
    try refused(pretrain, "is not empty")
  }

  @Test func everyVerbRefusesWhatItCannotWrite() throws {
    let model = Repository.checkpoint("diffusion")
    #expect(
      try Command.run(
        ["generate", "diffusion", "--samples", "2", "-o", "d", "-q"],
        in: folder
      ).status == 0)
    #expect(
      try Command.shell("bvp solve diffusion -q > s.csv", in: folder).status
        == 0)
    try folder.write(
      "base: {equation: diffusion, preset: smoke}", to: "y.yaml")
    let long = String(repeating: "n", count: 300)
    let files: [[String]] = [
      ["generate", "diffusion", "--samples", "2", "-q", "--force"],
      ["join", "d", "-q", "--force"],
      ["predict", model, "--data", "d", "-q", "--force"],
      ["robustness", "--data", "d", "--levels", "0.1", "-q", "--force"],
      [
        "sweep", model, "--vary", "omega", "--values", "1", "--samples", "2",
        "-q", "--force",
      ],
      [
        "newton", "generate", "--problems", "1", "--rows", "20", "--columns",
        "4", "-q", "--force",
      ],
      ["report", "s.csv", "--force"],
    ]
    for verb in files {
      for (path, reason) in [
        ("", "must not be empty"), ("/dev/null", "is a device"),
        ("/proc/nothing", "/proc/nothing: cannot create"),
        ("d/x", "d/x: cannot create"), (long, "too long"), (".", "a folder"),
      ] {
        try refused(verb + ["-o", path], reason)
      }
    }
    for verb in [
      ["pretrain", "diffusion", "-o"], ["study", "y.yaml", "-o"],
      ["export", "d", "--folder"],
    ] {
      for (path, reason) in [
        ("", "must not be empty"), ("/proc/nothing", "/proc/nothing: cannot"),
        ("d/x", "d/x: cannot"), (long, "too long"), ("d", "d: "),
      ] {
        try refused(verb + [path], reason)
      }
    }
    #expect(try folder.content.sorted() == ["d", "s.csv", "y.yaml"])
  }

  // MARK: Streams

  @Test(arguments: [
    ("bvp solve diffusion >/dev/full", 1), ("bvp --help >/dev/full", 1),
    ("bvp solve diffusion >&-", 1), ("bvp --version >&-", 1),
    ("bvp export d >/dev/full", 1), ("bvp inspect d >&-", 1),
    ("bvp solve diffusion 2>/dev/full", 0), ("bvp solve diffusion 2>&-", 0),
    ("bvp nothing 2>/dev/full", 64), ("bvp nothing 2>&-", 64),
    ("bvp inspect none 2>/dev/full", 1), ("bvp inspect none 2>&-", 1),
    ("bvp generate diffusion --samples 2 -o e >&- 2>&- <&-", 0),
    ("bvp generate diffusion --samples 2 -o f 2>/dev/full", 0),
    ("set -o pipefail; bvp generate diffusion --samples 2 -o g 2>&1 | :", 0),
    ("set -o pipefail; bvp export d --points 9999 | head -n 1", 141),
  ])
  func aStreamThatIsGone(_ script: String, _ status: Int32) throws {
    let generated = try Command.shell(
      "bvp generate diffusion --samples 2 -o d -q", in: folder)
    #expect(generated.status == 0)
    let result = try Command.shell(script, in: folder)
    #expect(result.status == status, "\(result.messages)")
    // What is written is what it would be, and holds no message.
    for name in ["e", "f", "g"] where try folder.content.contains(name) {
      #expect(try folder.bytes(name) == folder.bytes("d"))
    }
  }

  @Test func aDumbTerminalGetsPlainLines() throws {
    // script(1) gives the command a terminal, where the system has any.
    let job =
      "bvp generate diffusion --samples 20000 --threads 1 --force -o d"
    for (terminal, isDrawn) in [("xterm", true), ("dumb", false)] {
      let result = try Command.shell(
        """
        export TERM=\(terminal)
        script -qec true /dev/null >/dev/null 2>&1 || exit 99
        script -qec '"$BVP" \(job.dropFirst(4))' /dev/null
        """, in: folder)
      if result.status == 99 { return }
      #expect(result.output.contains("\u{1b}") == isDrawn, "\(terminal)")
    }
  }

  @Test func aTerminalThatIsGoneStopsNothing() throws {
    let result = try Command.shell(
      """
      script -qec true /dev/null >/dev/null 2>&1 || exit 99
      cat >job <<'END'
      trap '' HUP
      echo $$ >pid
      "$BVP" generate diffusion --samples 50000 --threads 1 -o d
      echo $? >status
      END
      script -qec 'bash job' /dev/null & terminal=$!
      for i in $(seq 3000); do
        [ -s pid ] && ls d.*.tmp >/dev/null 2>&1 && break
        sleep 0.01
      done
      kill -9 $terminal
      for i in $(seq 3000); do [ -s status ] && break; sleep 0.02; done
      exit $(cat status)
      """, in: folder)
    #expect([0, 99].contains(result.status), "\(result.messages)")
  }

  // MARK: Signals

  /// Verbs that wait for somebody to read their results, from a pipe that is
  /// full.
  @Test(arguments: ["INT", "TERM", "HUP"])
  func aVerbThatWaitsIsInterrupted(_ signal: String) throws {
    #expect(
      try Command.run(
        ["generate", "diffusion", "--samples", "2", "-o", "d", "-q"],
        in: folder
      ).status == 0)
    for verb in [
      "equations", "solve diffusion", "inspect d", "export d", "--help",
      "bench transform --repeats 1 --batch 1",
      "robustness --data d --levels 0.1",
    ] {
      let result = try Command.shell(
        """
        [ -p full ] || mkfifo full
        exec 3<>full
        head -c 65536 /dev/zero >&3
        "$BVP" \(verb) >&3 & bvp=$!
        sleep 1
        kill -\(signal) $bvp
        wait $bvp
        """, in: folder)
      #expect(
        result.status == 130,
        "\(verb), \(signal): \(result.status) \(result.messages)")
    }
  }

  @Test(arguments: ["INT", "TERM", "HUP"])
  func aVerbWithALoopIsInterrupted(_ signal: String) throws {
    for verb in [
      "generate diffusion --samples 40000 --nodes 256 --threads 1 -o g",
      "newton generate --problems 1000000 -o n",
      "bench generate --repeats 10000 --batch 1000000",
      "bench solve --repeats 10000",
      "evaluate \(Repository.checkpoint("diffusion")) --samples 100000000",
    ] {
      let result = try Command.shell(
        """
        "$BVP" \(verb) & bvp=$!
        sleep 0.7
        kill -\(signal) $bvp
        wait $bvp
        """, in: folder)
      #expect(
        result.status == 130, "\(verb), \(signal): \(result.messages)")
    }
    #expect(try folder.content.isEmpty)
  }

  @Test func nohupIsHeeded() throws {
    let result = try Command.shell(
      """
      trap '' HUP
      "$BVP" generate diffusion --samples 20000 -q -o d & bvp=$!
      sleep 0.3
      kill -HUP $bvp
      wait $bvp
      """, in: folder)
    #expect(result.status == 0, "\(result.messages)")
    #expect(try folder.content == ["d"])
  }
}
