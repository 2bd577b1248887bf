import Foundation
import TestSupport
import Testing

struct NetworkVerbTests {
  /// Mere names of one character, which some parsers of paths cannot take.
  @Test func theShortestNamesAreNames() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "base: {equation: diffusion, preset: smoke, schedule.steps: 2}", to: "y")
    for line in [
      "generate diffusion --samples 4 --output d", "inspect d", "export d",
      "join d --output j",
      "pretrain diffusion --preset smoke --nodes 12 --width 16 --output r",
      "generate diffusion --samples 4 --nodes 12 --seed 1 --output e",
      "predict r/model.safetensors --data e --output p", "export p",
      "robustness r/model.safetensors --data e --levels 0.1 --output t",
      "sweep r/model.safetensors --vary omega --values 0.5 --samples 4 "
        + "--output s",
      "newton generate --problems 2 --rows 40 --columns 6 --output n",
      "study y --output c", "report r t s c/study.csv --output h",
    ] {
      let result = try Command.run(
        line.split(separator: " ").map(String.init), in: folder)
      #expect(result.status == 0, "\(line): \(result.messages)")
    }
  }

  /// A network of order 12 that trains in a second or two.
  private func arguments(_ run: String, steps: Int = 60) -> [String] {
    [
      "pretrain", "diffusion", "--preset", "smoke", "--nodes", "12", "--width",
      "16", "--steps", "\(steps)", "--evaluate-every", "20", "--test-samples",
      "16", "--threads", "1", "--precision", "f32", "--output", run,
    ]
  }

  /// A band holds the solution as often as it says, and in the share of the other
  /// systems that is reported.
  @Test func aBandHoldsTheSolution() throws {
    let folder = try TemporaryFolder()
    func bvp(_ line: String) throws -> Command {
      try Command.run(line.split(separator: " ").map(String.init), in: folder)
    }
    let trained = try Command.run(arguments(folder.path("run"), steps: 200))
    #expect(trained.status == 0)
    let made = try bvp(
      "calibrate run/model.safetensors --seed 5 --samples 600 --coverage 0.8 "
        + "--output c.st --precision f32")
    #expect(made.status == 0, "\(made.messages)")
    #expect(made.messages.contains("80 % of such systems"))
    let json = try bvp("evaluate c.st --seed 6 --samples 800 --json")
    let row = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8))
        as? [String: Any], "\(json.output)")
    let covered = try #require(row["covered"] as? Double)
    // Three standard deviations of 300 and of 800 samples.
    #expect(abs(covered - 0.8) < 0.08, "\(covered)")
    _ = try bvp("generate diffusion --samples 60 --nodes 12 --seed 7 -o d -q")
    let noisy = try bvp(
      "robustness c.st run/model.safetensors --data d --levels 0,0.3 --csv "
        + "--solvers none --noise rms")
    #expect(noisy.status == 0, "\(noisy.messages)")
    let shares = noisy.lines.map {
      $0.split(separator: ",", omittingEmptySubsequences: false).last ?? ""
    }
    #expect(shares.count == 5 && shares[0] == "covered")
    let (clean, worse) = (Double(shares[1]) ?? -1, Double(shares[3]) ?? -1)
    #expect(clean > 0.6 && worse < clean, "\(shares)")
    #expect(shares[2] == "" && shares[4] == "")
    let solved = try bvp("solve diffusion --method c.st --seed 8 --plot u.svg")
    #expect(solved.status == 0, "\(solved.messages)")
    #expect(solved.lines.first == "x,K,f,u,u_low,u_high")
    for line in solved.lines.dropFirst() {
      let values = line.split(separator: ",").compactMap { Double($0) }
      #expect(values[4] <= values[3] && values[3] <= values[5])
    }
    for (line, reason) in [
      ("evaluate c.st --seed 5 --samples 10", "trained or calibrated on"),
      (
        "calibrate run/model.safetensors --samples 10 --coverage 0.95 -o e",
        "are too few"
      ), ("calibrate c.st --coverage 1 -o e", "--coverage must lie"),
      ("calibrate c.st --seed 9 -o c.st --force", "is also an input"),
      ("calibrate c.st --seed 9 --samples 20 -o d", "d: exists"),
    ] {
      let refused = try bvp(line)
      #expect(refused.status != 0)
      #expect(refused.messages.contains(reason), "\(refused.messages)")
    }
    try rewrite(folder.path("c.st")) { $0["conformal_band"] = "{}" }
    let damaged = try bvp("evaluate c.st --seed 6 --samples 10")
    #expect(damaged.status == 1)
    #expect(damaged.messages.contains("c.st: 'conformal_band' is damaged"))
  }

  private func wait(until condition: () -> Bool) {
    for _ in 0..<2000 where !condition() { usleep(5000) }
  }

  @Test func aKilledRunResumesToTheSameBytes() throws {
    let folder = try TemporaryFolder()
    let steps = 3000
    let whole = try Command.run(arguments(folder.path("whole"), steps: steps))
    #expect(whole.status == 0, "\(whole.messages)")
    let broken = folder.path("broken")
    var kills = 0
    var resume: [String] = []
    while kills < 3 {
      let process = Command.process(
        arguments(broken, steps: steps) + resume + ["-q"])
      try process.run()
      let metrics = broken + "/metrics.csv"
      func rows() -> Int {
        let text = (try? String(contentsOfFile: metrics, encoding: .utf8)) ?? ""
        return text.count(where: { $0 == "\n" })
      }
      let before = rows()
      wait { rows() > before + 5 || !process.isRunning }
      guard process.isRunning else { break }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      kills += 1
      resume = ["--resume"]
    }
    #expect(kills == 3)
    let last = try Command.run(arguments(broken, steps: steps) + ["--resume"])
    #expect(last.status == 0, "\(last.messages)")
    #expect(last.messages.contains("resuming after step"))
    #expect(
      try folder.bytes("whole/model.safetensors")
        == folder.bytes("broken/model.safetensors"))
    // The seconds differ, nothing else.
    func metrics(_ run: String) throws -> [String] {
      String(decoding: try folder.bytes(run + "/metrics.csv"), as: UTF8.self)
        .split(separator: "\n")
        .map { $0.split(separator: ",").dropLast().joined(separator: ",") }
    }
    #expect(try metrics("whole") == metrics("broken"))
  }

  @Test func anInterruptSavesAndSaysHowToGoOn() throws {
    let folder = try TemporaryFolder()
    let run = folder.path("run")
    let process = Command.process(arguments(run, steps: 1_000_000))
    let messages = try folder.write("", to: "messages")
    process.standardError = FileHandle(forWritingAtPath: messages)
    try process.run()
    wait { FileManager.default.fileExists(atPath: run + "/model.safetensors") }
    process.interrupt()
    process.waitUntilExit()
    let text = String(decoding: try folder.bytes("messages"), as: UTF8.self)
    #expect(process.terminationStatus == 130)
    #expect(text.contains("interrupted at step"))
    #expect(text.contains("--resume"))
    let refused = try Command.run(arguments(run))
    #expect(refused.status == 1)
    #expect(refused.messages.contains("--resume goes on, --force begins anew"))
  }

  @Test func fromPretrainingToTheRobustnessTable() throws {
    let folder = try TemporaryFolder()
    #expect(
      try Command.run(arguments(folder.path("base")) + ["-q"]).status == 0)
    let model = folder.path("base/model.safetensors")
    let tuned = try Command.run(
      "finetune", "reaction-diffusion", "--from", model, "--preset", "smoke",
      "--samples", "32", "--epochs", "2", "--test-samples", "16",
      "--precision", "f32", "--output", folder.path("tuned"))
    #expect(tuned.status == 0, "\(tuned.messages)")
    let metrics = String(
      decoding: try folder.bytes("tuned/metrics.csv"), as: UTF8.self
    ).split(separator: "\n")
    #expect(
      metrics[0]
        == "epoch,step,samples,lr,train_mse,test_mse,test_relative_mse,seconds")
    #expect(metrics[1].hasPrefix("0,0,0,"))

    // Two passes over as many samples, and as many that are never repeated.
    let online = try Command.run(
      "finetune", "reaction-diffusion", "--from", model, "--preset", "smoke",
      "--samples", "32", "--epochs", "2", "--test-samples", "16", "--online",
      "--precision", "f32", "--output", folder.path("online"), "-q")
    #expect(online.status == 0, "\(online.messages)")
    let fresh = String(
      decoding: try folder.bytes("online/metrics.csv"), as: UTF8.self
    ).split(separator: "\n")
    #expect(fresh.count == metrics.count)
    #expect(
      fresh[1].split(separator: ",")[5] == metrics[1].split(separator: ",")[5])
    #expect(
      fresh.last?.split(separator: ",")[5]
        != metrics.last?.split(separator: ",")[5])

    let data = folder.path("data")
    try Command.run(
      "generate", "reaction-diffusion", "--samples", "40", "--nodes", "12",
      "--seed", "3", "--output", data)
    let json = try Command.run("evaluate", model, "--data", data, "--json")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8))
        as? [String: Any])
    #expect(
      Set(object.keys) == [
        "mse", "relative_mse", "samples", "label_median", "label_p90",
        "mean_mse",
      ])
    let relative = try #require(object["relative_mse"] as? [String: Double])
    #expect(Set(relative.keys) == ["mean", "median", "p10", "p90"])

    // Fresh samples are those of a dataset of the same seed.
    let same = folder.path("same")
    try Command.run(
      "generate", "diffusion", "--samples", "20", "--nodes", "12", "--seed",
      "9", "--output", same)
    let measured = try Command.run(
      "evaluate", model, "--seed", "9", "--samples", "20", "--csv")
    #expect(measured.lines.count == 2)
    #expect(
      try Command.run("evaluate", model, "--data", same, "--csv").output
        == measured.output)
    let other = try Command.run(
      "evaluate", model, "--equation", "reaction-diffusion", "--seed", "9",
      "--samples", "20", "--csv")
    #expect(other.status == 0 && other.output != measured.output)
    let seen = try Command.run("evaluate", model, "--seed", "0")
    #expect(seen.status == 1)
    #expect(
      seen.messages.contains("was trained on samples of diffusion, seed 0"))
    #expect(
      try Command.run("evaluate", model, "--data", data, "--seed", "1").status
        == 64)

    let predicted = folder.path("predicted")
    let prediction = try Command.run(
      "predict", model, "--data", data, "--output", predicted, "--with-tokens")
    #expect(prediction.status == 0)
    let inspected = try Command.run("inspect", predicted)
    #expect(inspected.output.contains("40 × 12 × 13"))

    let table = try Command.run(
      "robustness", model, folder.path("tuned/model.safetensors"), "--data",
      data, "--levels", "0,1e-3", "--solvers", "lu,qr,svd,tikhonov,tsvd")
    #expect(
      table.lines.first
        == "noise,target,level,solver,samples,mean,median,p10,p90,failures,"
        + "microseconds_per_system,residual,low,middle,high,boundary,knows,"
        + "zeros,law,covered")
    #expect(table.lines.count == 1 + 2 * 7)
    #expect(
      table.lines.dropFirst().prefix(7).map { $0.split(separator: ",")[3] }
        == ["lu", "qr", "svd", "tikhonov", "tsvd", "base", "tuned"])
    let mismatch = folder.path("other")
    try Command.run(
      "generate", "diffusion", "--samples", "2", "--nodes", "16", "--seed", "3",
      "--output", mismatch)
    let refused = try Command.run("evaluate", model, "--data", mismatch)
    #expect(refused.status == 1)
    #expect(refused.messages.contains("order 12"))
  }

  /// Whatever number of threads the system grants, the result is right.
  @Test(arguments: [["OMP_THREAD_LIMIT": "1"], ["OMP_DYNAMIC": "true"]])
  func aShortTeamOfThreadsGivesTheSameAnswers(_ environment: [String: String])
    throws
  {
    let arguments = [
      "evaluate", Repository.checkpoint("diffusion"), "--samples", "4",
      "--threads", "3", "--json",
    ]
    let whole = try Command.run(arguments)
    #expect(whole.status == 0, "\(whole.messages)")
    let short = try Command.run(arguments, environment: environment)
    #expect(short.status == 0, "\(short.messages)")
    func mse(_ command: Command) throws -> Double {
      let object = try JSONSerialization.jsonObject(
        with: Data(command.output.utf8))
      return try #require((object as? [String: Any])?["mse"] as? Double)
    }
    #expect(abs(try mse(short) / mse(whole) - 1) < 1e-3)
  }

  @Test func benchReportsUnderTheKeysOfScripts() throws {
    let run = try Command.run(
      "bench", "train", "--nodes", "8", "--batch", "2", "--repeats", "1",
      "--precision", "f32", "--threads", "1", "--json")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8))
        as? [String: Any])
    #expect(
      Set(object.keys) == [
        "job", "model", "parameters", "precision", "optimizer", "batch",
        "threads",
        "milliseconds_per_step", "samples_per_second", "gflops",
        "share_of_limit",
      ])
    let milliseconds = try #require(object["milliseconds_per_step"] as? Double)
    let rate = try #require(object["samples_per_second"] as? Double)
    #expect(abs(rate * milliseconds / 2000 - 1) < 1e-9)
    #expect(object["optimizer"] as? String == "muon")
    for job in ["infer", "generate", "solve", "transform"] {
      let other = try Command.run(
        "bench", job, "--nodes", "8", "--batch", "16", "--repeats", "1",
        "--csv")
      #expect(other.status == 0, "\(other.messages)")
      #expect(other.lines.count == (job == "solve" ? 4 : 2))
    }
  }

  /// What is measured is what the preset of a model would run.
  @Test(arguments: [
    ("compact", "muon"), ("polya", "muon"), ("greens", "muon"),
    ("algebraformer", "adamw"), ("lstm", "adamw"), ("gru", "adamw"),
  ])
  func benchTrainsAsThePresetDoes(model: String, optimizer: String) throws {
    func row(_ job: String, _ options: String...) throws -> [String: Any] {
      let run = try Command.run(
        ["bench", job, "--model", model, "--nodes", "8", "--batch", "2"]
          + ["--repeats", "1", "--precision", "f32", "--json"] + options)
      #expect(run.status == 0, "\(run.messages)")
      return try #require(
        try JSONSerialization.jsonObject(with: Data(run.output.utf8))
          as? [String: Any])
    }
    #expect(try row("train")["optimizer"] as? String == optimizer)
    #expect(try row("infer")["optimizer"] == nil)
    let other = optimizer == "muon" ? "adamw" : "muon"
    #expect(
      try row("train", "--optimizer", other)["optimizer"] as? String == other)
  }
}
