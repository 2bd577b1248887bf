import ArgumentParser
import Equations
import Experiments
import Foundation
import Networks
import TensorFiles
import Training

struct TransferCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transfer",
    abstract: "Compare fine-tuning with training from scratch on few samples.",
    discussion: """
      For every number of samples and every seed the checkpoint is fine-tuned,
      and a network of its shape is trained from scratch for twice the epochs,
      on the same samples; both are tested on the same systems about twenty
      times. The folder receives a run for each and transfer.csv; a comparison
      that was stopped goes on when the same command is given again.

      EXAMPLE: the paper's figure 2, left

        bvp transfer reaction-diffusion --samples 250 \\
          --from checkpoints/diffusion.safetensors --output runs/transfer
      """)

  @Argument(help: "An equation file, or the name of a shipped equation.")
  var equation: String

  @Option(help: "The pretrained checkpoint.")
  var from: String

  @Option(help: "Numbers of training samples, one or many.")
  var samples = CommaList([250])

  @Option(help: "Seeds, one or many.")
  var seeds = CommaList<UInt64>([0])

  @Option(help: "Where the hyper-parameters come from: compact, paper, smoke.")
  var preset: Recipe.Preset = .compact

  @Option(help: "Epochs of fine-tuning; scratch has twice as many.")
  var epochs: Int?

  @Option(help: "Samples of the test set.")
  var testSamples: Int?

  @Option(help: "Dataset to test on. (default: made from the equation)")
  var testData: String?

  @Option(help: "auto, f32 or bf16.")
  var precision = PrecisionChoice.auto

  @Option(name: .shortAndLong, help: "The comparison's folder.")
  var output: String

  @Flag(name: .shortAndLong, help: "Begin anew in a folder that is in use.")
  var force = false

  @OptionGroup var format: FormatOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var messages: OutputOptions

  func validate() throws {
    try samples.check("--samples", "positive") { $0 > 0 }
    try samples.checkDistinct("--samples")
    try seeds.checkDistinct("--seeds")
    guard (epochs ?? 1) >= 1 else {
      throw ValidationError("--epochs must be positive")
    }
    guard (testSamples ?? 1) >= 1 else {
      throw ValidationError("--test-samples must be positive")
    }
  }

  func run() throws {
    let experiment = try experiment()
    try prepareFolder(experiment)
    Interrupt.watch()
    var lines = ProgressLines(messages.quiet)
    let rows = try experiment.run(
      isInterrupted: { Interrupt.isRequested },
      report: { lines.show($0, $1, $2) })
    lines.clear()
    guard let rows else {
      Console.notice("interrupted; the same command goes on")
      throw ExitCode(130)
    }
    let csv = Self.csv(rows)
    try writeTable(csv, to: output + "/transfer.csv")
    let comparisons = Transfer.compare(rows)
    switch format.choice {
    case .csv: for line in csv { Console.print(line) }
    case .json: try printJSON(comparisons.map(Summary.init))
    case .table: Self.show(comparisons)
    }
    guard !messages.quiet else { return }
    for comparison in comparisons { Console.notice(comparison.sentence) }
  }

  private func experiment() throws -> Transfer {
    var recipe = try fineTuningRecipe(preset, equation: equation, from: from)
    recipe.epochs = epochs ?? recipe.epochs
    recipe.testSamples = testSamples ?? max(1000, recipe.testSamples)
    recipe.testData = testData
    recipe.precision = precision.precision.rawValue
    recipe.threads = threads.count
    var scratch = recipe
    if preset == .paper {
      // The paper's scratch runs are its pretraining, on few samples.
      let paper = Recipe.pretraining(
        preset, equation: recipe.equation,
        model: try recipe.configuration().model)
      scratch.learningRate = paper.learningRate
      scratch.schedule = paper.schedule
    }
    scratch.from = nil
    scratch.epochs = 2 * recipe.epochs
    try recipe.validate()
    return Transfer(
      finetuned: recipe, scratch: scratch, samples: samples.values,
      seeds: seeds.values, folder: output)
  }

  /// A folder holds nothing, or a comparison of the same recipes.
  private func prepareFolder(_ experiment: Transfer) throws {
    let manager = FileManager.default
    var isFolder: ObjCBool = false
    if manager.fileExists(atPath: output, isDirectory: &isFolder) {
      guard isFolder.boolValue else {
        throw CommandFailure("\(output): is a file; a folder is needed")
      }
      let runs = experiment.runs.filter {
        manager.fileExists(atPath: "\(output)/\($0.name)")
      }
      if force {
        for run in runs {
          try manager.removeItem(atPath: "\(output)/\(run.name)")
        }
      } else {
        for run in runs {
          let path = "\(output)/\(run.name)/recipe.yaml"
          guard let text = try? String(contentsOfFile: path, encoding: .utf8)
          else { continue }
          guard try text == experiment.recipe(run).yaml() else {
            throw CommandFailure(
              "\(output): holds a comparison by another recipe; --force "
                + "begins anew")
          }
        }
      }
    }
    do {
      try manager.createDirectory(
        atPath: output, withIntermediateDirectories: true)
    } catch {
      throw CommandFailure("\(output): the folder cannot be created")
    }
  }
}

// MARK: Output

/// A bar for the run under way, and a line for each that is done.
private struct ProgressLines {
  private let isQuiet: Bool
  private var name = ""
  private var bar: ProgressBar?

  init(_ isQuiet: Bool) { self.isQuiet = isQuiet }

  mutating func show(
    _ run: Transfer.Run, _ training: TrainingRun, _ event: TrainingRun.Event
  ) {
    if run.name != name {
      bar?.clear()
      name = run.name
      bar = ProgressBar(
        run.name, total: training.totalSteps * training.recipe.batch,
        unit: "samples", isQuiet: isQuiet)
    }
    switch event {
    case .progress(let progress):
      bar?.update(
        progress.step * training.recipe.batch,
        rate: progress.samplesPerSecond,
        note: String(format: "loss %.2e", progress.loss))
    case .evaluation(let evaluation):
      guard evaluation.step == training.totalSteps, !isQuiet else { return }
      bar?.clear()
      Console.notice(
        "\(run.name): test mse \(short(evaluation.test.mse)) after "
          + "\(evaluation.epoch) epochs, \(ProgressBar.time(evaluation.seconds))"
      )
    }
  }

  func clear() { bar?.clear() }
}

extension TransferCommand {
  /// The keys are a contract with scripts.
  private struct Summary: Encodable {
    let samples: Int
    let finetuned_mse: Double
    let scratch_mse: Double
    let finetuned_epochs: Int
    let scratch_epochs: Int
    let finetuned_epochs_to_scratch: Int?
    let scratch_epochs_to_finetuned: Int?

    init(_ comparison: Transfer.Comparison) {
      samples = comparison.samples
      finetuned_mse = comparison.finetuned
      scratch_mse = comparison.scratch
      finetuned_epochs = comparison.epochs.finetuned
      scratch_epochs = comparison.epochs.scratch
      finetuned_epochs_to_scratch = comparison.finetunedEpochs
      scratch_epochs_to_finetuned = comparison.scratchEpochs
    }
  }

  private static func csv(_ rows: [Transfer.Row]) -> [String] {
    ["start,samples,seed,epoch,step,test_mse,test_relative_mse,seconds"]
      + rows.map { row in
        [
          row.run.start.rawValue, "\(row.run.samples)", "\(row.run.seed)",
          "\(row.epoch)", "\(row.step)", csvNumber(row.testMSE),
          csvNumber(row.relativeMSE), csvNumber(row.seconds),
        ].joined(separator: ",")
      }
  }

  private static func show(_ comparisons: [Transfer.Comparison]) {
    var table = Table(
      [
        "samples", "fine-tuned", "scratch", "ratio", "reaches scratch",
        "scratch reaches it",
      ], leading: 0)
    func epoch(_ value: Int?) -> String {
      value.map { "epoch \($0)" } ?? "never"
    }
    for row in comparisons {
      table.add([
        "\(row.samples)", short(row.finetuned), short(row.scratch),
        short(row.scratch / row.finetuned), epoch(row.finetunedEpochs),
        epoch(row.scratchEpochs),
      ])
    }
    table.print()
  }
}
