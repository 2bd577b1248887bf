import Foundation
import Tables
import TestSupport
import Testing

struct ExperimentVerbTests {
  private func base(_ folder: TemporaryFolder, model: String = "algebraformer")
    throws
    -> String
  {
    let run = folder.path("base-\(model)")
    let trained = try Command.run(
      "pretrain", "diffusion", "--model", model, "--preset", "smoke",
      "--nodes", "12", "--width", "16", "--steps", "20", "--test-samples", "16",
      "--threads", "1", "-q", "--output", run)
    #expect(trained.status == 0, "\(trained.messages)")
    return run + "/model.safetensors"
  }

  /// A study with a baseline says what a pretrained start is worth: its error over
  /// that of the baseline of the same seed, and when the baseline's end is reached.
  @Test func aStudyComparesItsStartsWithTheBaseline() throws {
    let folder = try TemporaryFolder()
    let model = try base(folder)
    try folder.write(
      """
      base:
        equation: reaction-diffusion
        preset: smoke
        network: {nodes: 12, width: 16}
        data.test.samples: 16
        precision.products: f32
      axes:
        start:
          tuned: {from: \(model), schedule.epochs: 10}
          scratch: {schedule.epochs: 20}
        data.samples: [16, 32]
      seeds: [0, 1]
      baseline: {start: scratch}
      """, to: "s.yaml")
    func study(_ rest: String...) throws -> Command {
      try Command.run(
        ["study", folder.path("s.yaml"), "--output", folder.path("s")] + rest)
    }
    let first = try study("--csv")
    #expect(first.status == 0, "\(first.messages)")
    #expect(first.messages.contains("the baseline is start scratch"))
    let table = try CSVTable(path: folder.path("s/study.csv"))
    func place(_ name: String) throws -> Int {
      try #require(table.header.firstIndex(of: name), "\(name)")
    }
    let (ratio, share) = try (place("baseline_ratio"), place("baseline_share"))
    func curve(_ run: String) throws -> [TrainingRow] {
      try TrainingRow.rows(
        of: CSVTable(path: folder.path("s/\(run)/metrics.csv")))
    }
    for row in table.rows {
      guard row[1] == "tuned" else {
        #expect(row[ratio] == "1", "\(row)")
        continue
      }
      let own = try curve(row[0])
      let other = try #require(
        curve(row[0].replacing("tuned", with: "scratch")).last)
      let last = try #require(own.last)
      #expect(Double(row[ratio]) == last.testMSE / other.testMSE)
      let reached = own.first { $0.testMSE <= other.testMSE }
      #expect(
        Double(row[share])
          == reached.map { Double($0.samples) / Double(other.samples) })
    }
    // The other way round, from what there is.
    let turned = try study("--table", "--set", "baseline.start=tuned")
    #expect(turned.status == 0, "\(turned.messages)")
    #expect(turned.output.contains("× baseline"))
    // All of it, or none, and in any order with its axis.
    for (settings, title) in [
      (["baseline={samples: 16}"], "the baseline is samples 16:"),
      (["baseline={}"], "the baseline is"),
      (
        ["baseline.start=new", "axes.start={new: {schedule.epochs: 1}}"],
        "the baseline is start new:"
      ),
    ] {
      let planned = try Command.run(
        ["study", folder.path("s.yaml"), "--output", folder.path("s")]
          + ["--dry-run"] + settings.flatMap { ["--set", $0] })
      #expect(planned.status == 0, "\(planned.messages)")
      #expect(
        planned.messages.contains(title)
          == (settings != ["baseline={}"]), "\(planned.messages)")
    }
    let shares = try study("--by", "baseline_share")
    #expect(shares.status == 1)
    for (setting, message) in [
      ("baseline.start=none", "there is no 'none' on this axis"),
      ("baseline.width=16", "is no axis; there are: start, samples"),
      ("axes.start={tuned: {}}", "there is no 'scratch' on this axis"),
    ] {
      let refused = try study("--set", setting)
      #expect(refused.status == 1)
      #expect(refused.messages.contains(message), "\(refused.messages)")
    }
    // The checkpoint is known by its bytes.
    var bytes = try folder.bytes("base-algebraformer/model.safetensors")
    bytes[bytes.count - 1] ^= 1
    try folder.write(bytes, to: "base-algebraformer/model.safetensors")
    let changed = try study()
    #expect(changed.status == 1)
    #expect(changed.messages.contains("is another checkpoint by now"))
  }

  @Test func sweepGoesBeyondTheLawAndToOtherGrids() throws {
    let folder = try TemporaryFolder()
    let model = try base(folder, model: "gru")
    let csv = folder.path("omega.csv")
    let omega = try Command.run(
      "sweep", model, "--vary", "omega", "--values", "0.5,2", "--samples", "8",
      "--csv", "--output", csv)
    #expect(omega.status == 0, "\(omega.messages)")
    #expect(
      omega.lines.first
        == "variable,value,network,samples,mse,mean,median,p10,p90,condition,"
        + "zeros,failures")
    #expect(omega.lines.count == 3)
    #expect(
      try String(decoding: folder.bytes("omega.csv.command"), as: UTF8.self)
        .hasPrefix("bvp sweep "))
    let nodes = try Command.run(
      "sweep", model, "--vary", "nodes", "--values", "12,24", "--samples", "8",
      "--json")
    #expect(nodes.status == 0, "\(nodes.messages)")
    let rows = try #require(
      try JSONSerialization.jsonObject(with: Data(nodes.output.utf8))
        as? [[String: Any]])
    // κ₂ of the collocation matrix grows as n⁴.
    let conditions = rows.compactMap { $0["condition"] as? Double }
    #expect(conditions.count == 2 && conditions[1] > 8 * conditions[0])
    let length = try Command.run(
      "sweep", model, "--vary", "length", "--values", "0.5,2", "--samples", "8",
      "--table")
    #expect(length.status == 0, "\(length.messages)")
    for (arguments, expected) in [
      (["--vary", "omga", "--values", "1"], "did you mean 'omega'"),
      (["--vary", "length", "--values", "-1"], "must be at least"),
      (["--vary", "alpha", "--values", "1,1"], "more than once"),
      (["--vary", "nodes", "--values", "2.5"], "whole numbers"),
    ] {
      let refused = try Command.run(["sweep", model] + arguments)
      #expect(refused.status != 0)
      #expect(refused.messages.contains(expected), "\(refused.messages)")
    }
  }

  @Test func oneSampleHasManyDrawsOfNoise() throws {
    let folder = try TemporaryFolder()
    let data = folder.path("data")
    try Command.run(
      "generate", "diffusion", "--samples", "3", "--nodes", "12", "--seed", "3",
      "--output", data)
    func row(_ arguments: String...) throws -> [String] {
      let found = try Command.run(
        ["robustness", "--data", data, "--levels", "1e-3", "--solvers", "lu"]
          + arguments)
      #expect(found.status == 0, "\(found.messages)")
      let lines = found.lines.map { $0.split(separator: ",").map(String.init) }
      return try #require(lines.last)
    }
    let first = try row("--samples", "1")
    // The first draw is that of the first sample.
    #expect(try row("--sample", "0")[5] == first[5])
    #expect(try row("--sample", "1")[5] != first[5])
    let many = try row("--sample", "0", "--draws", "40")
    #expect(many[4] == "40")
    // Percentiles over draws: p10 < median < p90.
    let figures = many[6...8].compactMap { Double($0) }
    #expect(figures[1] < figures[0] && figures[0] < figures[2])
    for (arguments, expected) in [
      (["--sample", "3"], "there is no sample 3; it holds 3"),
      (["--draws", "3"], "--draws needs --sample"),
      (["--sample", "1", "--samples", "1"], "exclude each other"),
      (["--sample", "1", "--draws", "0"], "--draws"),
    ] {
      let refused = try Command.run(["robustness", "--data", data] + arguments)
      #expect(refused.status != 0)
      #expect(refused.messages.contains(expected), "\(refused.messages)")
    }
  }

  @Test func aReportHoldsRunsAndTables() throws {
    let folder = try TemporaryFolder()
    let model = try base(folder, model: "lstm")
    let data = folder.path("data")
    try Command.run(
      "generate", "diffusion", "--samples", "8", "--nodes", "12", "--seed", "3",
      "--output", data)
    let noise = try Command.run(
      "robustness", model, "--data", data, "--levels", "1e-3,1e-2",
      "--solvers", "all", "--output", folder.path("noise.csv"))
    #expect(noise.status == 0, "\(noise.messages)")
    #expect(noise.lines.count == 1 + 2 * 11)
    let page = folder.path("report.html")
    let report = try Command.run(
      "report", folder.path("base-lstm"), folder.path("noise.csv"),
      "--output", page)
    #expect(report.status == 0, "\(report.messages)")
    let html = String(decoding: try folder.bytes("report.html"), as: UTF8.self)
    for text in ["base-lstm", "projection", "bvp robustness", "<td>lstm</td>"] {
      #expect(html.contains(text), "\(text)")
    }
    let refused = try Command.run("report", model, "--output", page)
    #expect(refused.status == 1)
    #expect(refused.messages.contains("--force"))
    let wrong = try Command.run(
      "report", data, "--output", folder.path("other.html"))
    #expect(wrong.status == 1)
    #expect(wrong.messages.split(separator: "\n").count == 1)
  }

  @Test func exportKnowsRunsAndPredictions() throws {
    let folder = try TemporaryFolder()
    let model = try base(folder)
    let run = try Command.run("export", folder.path("base-algebraformer"))
    #expect(run.lines.first?.hasPrefix("epoch,step,samples") == true)
    let data = folder.path("data")
    try Command.run(
      "generate", "diffusion", "--samples", "3", "--nodes", "12", "--output",
      data)
    let predicted = folder.path("predicted")
    try Command.run("predict", model, "--data", data, "--output", predicted)
    let prediction = try Command.run("export", predicted, "--first", "1")
    #expect(prediction.lines.first == "sample,x,u_network")
    #expect(prediction.lines.count == 1 + 2 * 12)
    #expect(prediction.lines[1].hasPrefix("1,0,"))
    let both = try Command.run("export", data, "--checkpoint", model)
    let columns = both.lines.dropFirst(13).map {
      $0.split(separator: ",").last.flatMap { Float(String($0)) }
    }
    let alone = prediction.lines.dropFirst().map {
      $0.split(separator: ",").last.flatMap { Float(String($0)) }
    }
    #expect(columns == alone)
    let refused = try Command.run("export", predicted, "--points", "5")
    #expect(refused.status == 1)
    #expect(refused.messages.contains("--points goes with datasets"))
  }

  @Test func trainingNoiseIsPartOfTheRecipe() throws {
    let folder = try TemporaryFolder()
    let run = folder.path("noisy")
    let arguments = [
      "pretrain", "diffusion", "--preset", "smoke", "--nodes", "12", "--width",
      "16", "--steps", "12", "--test-samples", "8", "--threads", "1", "-q",
      "--precision", "f32",
      "--train-noise", "0.1", "--train-noise-model", "rms",
    ]
    #expect(try Command.run(arguments + ["--output", run]).status == 0)
    let recipe = String(
      decoding: try folder.bytes("noisy/recipe.yaml"), as: UTF8.self)
    #expect(recipe.contains("noise:\n    model: rms"))
    #expect(recipe.contains("rms"))
    #expect(
      try Command.run(arguments + ["--output", folder.path("again")]).status
        == 0)
    #expect(
      try folder.bytes("noisy/model.safetensors")
        == folder.bytes("again/model.safetensors"))
    let refused = try Command.run(
      arguments + ["--train-noise=-1", "--output", folder.path("no")])
    #expect(refused.status == 1)
    #expect(refused.messages.contains("bvp: --train-noise: must be"))
  }

  @Test func newtonFromTrajectoriesToTheComparison() throws {
    let folder = try TemporaryFolder()
    let sizes = ["--rows", "200", "--columns", "6"]
    let data = folder.path("train")
    let test = folder.path("test")
    let made = try Command.run(
      ["newton", "generate", "--problems", "20", "--output", data] + sizes)
    #expect(made.status == 0, "\(made.messages)")
    #expect(made.messages.contains("20 problems"))
    let others = try Command.run(
      ["newton", "generate", "--problems", "4", "--seed", "1"]
        + ["--output", test] + sizes)
    #expect(others.status == 0, "\(others.messages)")
    let run = folder.path("run")
    let trained = try Command.run(
      "newton", "train", "--data", data, "--test-data", test, "--preset",
      "smoke", "--threads", "1", "--output", run)
    #expect(trained.status == 0, "\(trained.messages)")
    let model = run + "/model.safetensors"
    let csv = try Command.run(
      "newton", "compare", model, "--data", test, "--csv", "--output",
      folder.path("newton.csv"))
    #expect(csv.status == 0, "\(csv.messages)")
    #expect(csv.lines.first == "problem,method,step,seconds,objective")
    for method in [",newton,", ",run,", ",run + newton,"] {
      #expect(csv.lines.contains { $0.contains(method) }, "\(method)")
    }
    let json = try Command.run(
      "newton", "compare", model, "--data", test, "--json")
    let rows = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8))
        as? [[String: Any]])
    #expect(rows.count == 3)
    // The hybrid ends where Newton's method does.
    let hybrid = try #require(rows.last?["excess"] as? Double)
    #expect(abs(hybrid) < 1e-6)
    let page = folder.path("page.html")
    #expect(
      try Command.run(
        "report", folder.path("newton.csv"), run, "--output", page
      ).status == 0)

    // Problems of another law, and steps that are no numbers.
    let unscaled = folder.path("unscaled")
    _ = try Command.run(
      ["newton", "generate", "--problems", "2", "--seed", "2"]
        + ["--scaling", "none", "--output", unscaled] + sizes)
    for verb in ["evaluate", "compare"] {
      let warned = try Command.run("newton", verb, model, "--data", unscaled)
      #expect(warned.status == 0, "\(warned.messages)")
      #expect(warned.messages.contains("learned the steps of newton"))
      let quiet = try Command.run("newton", verb, model, "--data", test)
      #expect(!quiet.messages.contains("learned the steps"))
    }
    let broken = folder.path("broken")
    try FileManager.default.copyItem(atPath: model, toPath: broken)
    try rewrite(
      broken,
      values: { _, numbers in
        for i in numbers.indices { numbers[i] = 1e30 }
      })
    let wild = try Command.run("newton", "evaluate", broken, "--data", test)
    #expect(wild.status == 1)
    #expect(wild.messages.contains("steps are not finite"), "\(wild.messages)")

    // What learned one thing is not taken for another.
    let bvp = folder.path("bvp")
    try Command.run(
      "generate", "diffusion", "--samples", "2", "--nodes", "6", "--output",
      bvp)
    for arguments in [
      ["evaluate", model, "--data", bvp],
      ["finetune", "diffusion", "--from", model, "--output", folder.path("x")],
      ["newton", "compare", try base(folder), "--data", test],
      [
        "newton", "train", "--data", bvp, "--test-data", test, "--output",
        folder.path("y"),
      ],
    ] {
      let refused = try Command.run(arguments)
      #expect(refused.status == 1, "\(arguments)")
      #expect(refused.messages.split(separator: "\n").count == 1)
    }
  }

  @Test func solveDoubtsANetworkOutsideOfItsTraining() throws {
    let folder = try TemporaryFolder()
    let model = try base(folder)
    let inside = try Command.run(
      "solve", "diffusion", "--nodes", "12", "--method", model, "--refine")
    #expect(inside.status == 0, "\(inside.messages)")
    #expect(inside.messages.contains("refinement, relative residual"))
    #expect(!inside.messages.contains("outside of"))
    let outside = try Command.run(
      "solve", "advection-diffusion", "--nodes", "12", "--method", model)
    #expect(outside.status == 0)
    #expect(outside.messages.contains("coefficient v, which no training"))
    let refused = try Command.run("solve", "diffusion", "--refine")
    #expect(refused.status == 64)
  }
}
