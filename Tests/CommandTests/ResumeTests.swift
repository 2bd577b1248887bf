import Foundation
import TestSupport
import Testing

/// What a run that goes on accepts and refuses.
@Suite struct ResumeTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let toy = [
    "--preset", "smoke", "--nodes", "12", "--width", "16", "--quiet",
  ]

  private func pretrain(_ arguments: [String]) throws -> Command {
    try Command.run(["pretrain"] + arguments, in: folder)
  }

  @Test func nothingIsIgnored() throws {
    let begin = ["diffusion", "--output", "run", "--steps", "4"]
    #expect(try pretrain(begin + Self.toy).status == 0)
    let state = try folder.bytes("run/state.safetensors")
    // The command that began it may be repeated in full.
    #expect(try pretrain(begin + Self.toy + ["--resume"]).status == 0)
    for (arguments, culprit) in [
      (["--batch", "64"], "schedule.batch 16, not 64"),
      (["--learning-rate", "0.5"], "optimizer.learning_rate"),
      (["--model", "gru"], "network.model algebraformer, not gru"),
      (["--nodes", "13"], "network.nodes 12, not 13"),
      (["--width", "8"], "network.width 16, not 8"),
      (["--encoding", "raw"], "network.encoding equilibrated, not raw"),
      (["--causal"], "network.causal false, not true"),
      (["--online"], "data.online false, not true"),
      (["--samples", "9"], "data.samples"),
      (["--seed", "5"], "seed 0, not 5"),
      (["--chunk", "3"], "schedule.chunk 8, not 3"),
      (["--optimizer", "adamw"], "optimizer.kind muon, not adamw"),
      (["--train-noise", "0.1"], "data.noise"),
      (["--test-seed", "77"], "data.test.seed"),
      (["--test-samples", "7"], "data.test.samples 64, not 7"),
      (["--evaluate-every", "3"], "schedule.evaluate_every"),
      (["--warmup", "1"], "schedule.warmup"),
      (["--f32-share", "0.9"], "precision.f32_share"),
      (["--preset", "paper"], "--preset paper"),
      (["--steps", "3"], "schedule.steps 4, not 3"),
      (["--epochs", "1"], "counts its 4 steps"),
      (["--force"], "--force"),
    ] {
      let refused = try pretrain(
        ["diffusion", "--output", "run", "--resume"] + arguments)
      #expect(refused.status != 0, "\(arguments)")
      #expect(refused.messages.contains(culprit), "\(refused.messages)")
    }
    let threads = try pretrain(
      ["diffusion", "--output", "run", "--resume", "--threads", "1"])
    #expect(threads.status == 0, "\(threads.messages)")
    let other = try pretrain(
      ["reaction-diffusion", "--output", "run", "--resume"])
    #expect(other.status == 1)
    #expect(other.messages.contains("'diffusion', not 'reaction-diffusion'"))
    #expect(try folder.bytes("run/state.safetensors") == state)
  }

  @Test func aRecipeThatWasEditedIsNamed() throws {
    let begin = ["diffusion", "--output", "run", "--steps", "4"]
    #expect(try pretrain(begin + Self.toy).status == 0)
    let text = try folder.text("run/recipe.yaml")
    try folder.write(
      text.replacing("batch: 16", with: "batch: 8"), to: "run/recipe.yaml")
    let refused = try pretrain(["diffusion", "--output", "run", "--resume"])
    #expect(refused.status == 1)
    #expect(refused.messages.contains("recipe.yaml: was changed"))
    #expect(refused.messages.contains("schedule.batch 8, not 16"))
    try folder.write(
      text.replacing("steps: 4", with: "steps: 5"), to: "run/recipe.yaml")
    let longer = try pretrain(["diffusion", "--output", "run", "--resume"])
    #expect(longer.status == 1)
    #expect(longer.messages.contains("--steps and --epochs extend a run"))
  }

  @Test func aFinishedRunIsExtendedWhereverItIsStopped() throws {
    let begin = ["diffusion", "--output", "run", "--steps", "6"] + Self.toy
    #expect(try pretrain(begin).status == 0)
    let longer = ["diffusion", "--output", "run", "--resume", "--steps", "14"]
    let extended = try pretrain(longer)
    #expect(extended.status == 0)
    #expect(extended.messages.contains("the run is extended"))
    // Its recipe alone repeats all of it.
    let recipe = try folder.text("run/recipe.yaml")
    #expect(recipe.contains("earlier_ends:\n  - 6\n"))
    #expect(try pretrain(longer).status == 0, "it is as long as that")
  }

  @Test func dataAreThoseTheRunHad() throws {
    for (name, seed) in [("a", "3"), ("b", "4"), ("test", "5")] {
      let made = try Command.run(
        [
          "generate", "diffusion", "--samples", "20", "--nodes", "12", "--seed",
          seed, "--output", name + ".st",
        ], in: folder)
      #expect(made.status == 0)
    }
    let begin =
      [
        "diffusion", "--output", "run", "--steps", "2", "--data", "a.st",
        "--test-data", "test.st",
      ] + Self.toy
    #expect(try pretrain(begin).status == 0)
    let longer = ["diffusion", "--output", "../run", "--resume", "--steps"]
    try FileManager.default.createDirectory(
      atPath: folder.path("elsewhere"), withIntermediateDirectories: true)
    func goOn(_ arguments: [String]) throws -> Command {
      try Command.run(
        ["pretrain"] + longer + arguments, in: folder, subfolder: "elsewhere")
    }
    // Another working directory finds them; the same name with another content
    // is no replacement; where they went can be said.
    #expect(try goOn(["3"]).status == 0)
    let files = FileManager.default
    try files.moveItem(atPath: folder.path("a.st"), toPath: folder.path("c.st"))
    #expect(try goOn(["4"]).status == 1)
    try files.copyItem(atPath: folder.path("b.st"), toPath: folder.path("a.st"))
    let other = try goOn(["4"])
    #expect(other.status == 1)
    #expect(other.messages.contains("the run's training data were diffusion"))
    #expect(try goOn(["4", "--data", "../c.st"]).status == 0)
  }

  @Test func aFineTuningNeedsItsStartNoMore() throws {
    let begin = ["diffusion", "--output", "base", "--steps", "2"] + Self.toy
    #expect(try pretrain(begin).status == 0)
    func finetune(_ arguments: [String]) throws -> Command {
      try Command.run(
        ["finetune", "reaction-diffusion", "--output", "run", "--quiet"]
          + arguments, in: folder)
    }
    #expect(
      try finetune([
        "--preset", "smoke", "--steps", "2", "--from", "base/model.safetensors",
      ]).status == 0)
    let files = FileManager.default
    try files.moveItem(
      atPath: folder.path("base/model.safetensors"),
      toPath: folder.path("moved.st"))
    #expect(try finetune(["--resume", "--steps", "3"]).status == 0)
    #expect(
      try finetune(["--resume", "--steps", "4", "--from", "moved.st"]).status
        == 0)
    let other = try finetune([
      "--resume", "--steps", "5", "--from", "run/model.safetensors",
    ])
    #expect(other.status == 1)
    #expect(other.messages.contains("is another checkpoint"))
    #expect(try finetune(["--steps", "2"]).messages.contains("--from"))
  }

  @Test func flagsThatMeanNothingAreRefused() throws {
    for (arguments, culprit) in [
      (["--epochs", "2", "--steps", "4"], "--epochs and --steps"),
      (["--model", "lstm", "--causal"], "--causal"),
      (["--model", "gru", "--heads", "2"], "--heads"),
      (["--train-noise-target", "both"], "--train-noise"),
      (["--schedule", "constant", "--floor", "0.1"], "--floor"),
      (["--test-data", "x", "--test-seed", "2"], "--test-seed"),
      (["--online", "--data", "x"], "--online"),
    ] {
      let refused = try pretrain(["diffusion", "--output", "run"] + arguments)
      #expect(refused.status == 64, "\(arguments)")
      #expect(refused.messages.contains(culprit), "\(refused.messages)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path("run")))
  }

  /// All of a file is used, or what was asked for; never less in silence.
  @Test func aFileIsUsedWhole() throws {
    for (name, equation, seed) in [
      ("a", "diffusion", "3"), ("b", "diffusion", "4"),
      ("other", "reaction-diffusion", "3"),
    ] {
      let made = try Command.run(
        [
          "generate", equation, "--samples", "300", "--nodes", "12", "--seed",
          seed, "--output", name + ".st", "--quiet",
        ], in: folder)
      #expect(made.status == 0)
    }
    func begin(_ arguments: [String]) throws -> Command {
      try pretrain(
        ["diffusion", "--output", "run", "--force", "--steps", "1"] + arguments
          + Self.toy)
    }
    #expect(try begin(["--data", "a.st", "--test-data", "b.st"]).status == 0)
    let recipe = try folder.text("run/recipe.yaml")
    #expect(recipe.ranges(of: "samples: 300\n").count == 2)
    for (arguments, culprit) in [
      (
        ["--data", "a.st", "--samples", "301"],
        "a.st: holds 300 samples, --samples asks for 301"
      ),
      (
        ["--test-data", "b.st", "--test-samples", "301"],
        "b.st: holds 300 samples, --test-samples asks for 301"
      ),
      (
        ["--data", "other.st"],
        "other.st: holds samples of 'reaction-diffusion'"
      ),
      (["--data", "a.st", "--test-data", "a.st"], "--test-data: the test"),
      (["--data", "a.st", "--test-seed", "3"], "--test-seed: the test"),
      (["--seed", "4", "--test-data", "b.st"], "--test-data: the test"),
    ] {
      let refused = try begin(arguments)
      #expect(refused.status == 1, "\(arguments)")
      #expect(refused.messages.contains(culprit), "\(refused.messages)")
    }
    // What it learned from is no test, under whatever name.
    #expect(try begin(["--data", "a.st", "--test-data", "b.st"]).status == 0)
    for arguments in [
      ["evaluate", "run/model.safetensors", "--data", "a.st"],
      ["evaluate", "run/model.safetensors", "--seed", "3", "--samples", "5"],
      ["robustness", "run/model.safetensors", "--data", "a.st"],
      [
        "sweep", "run/model.safetensors", "--vary", "alpha", "--values", "0.5",
        "--seed", "3", "--samples", "5",
      ],
    ] {
      let refused = try Command.run(arguments, in: folder)
      #expect(refused.status == 1, "\(arguments)")
      #expect(refused.messages.contains("was trained on"))
    }
    #expect(
      try Command.run(
        ["evaluate", "run/model.safetensors", "--data", "b.st"], in: folder
      ).status == 0)
  }
}
