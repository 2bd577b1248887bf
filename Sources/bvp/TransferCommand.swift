import ArgumentParser
import Equations
import Experiments
import Parallel
import Systems
import Tables
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

  @OptionGroup var equation: EquationArgument

  @Option(
    help: "The pretrained checkpoint.",
    completion: .file(extensions: ["safetensors"]))
  var from: String

  @Option(
    parsing: .unconditional, help: "Numbers of training samples, one or many.")
  var samples = CommaList([250])

  @Option(parsing: .unconditional, help: "Seeds, one or many.")
  var seeds = CommaList<UInt64>([0])

  @OptionGroup var presets: PresetOptions

  @Option(
    parsing: .unconditional,
    help: "Epochs of fine-tuning; scratch has twice as many.")
  var epochs: Int?

  @OptionGroup var test: TestSetOptions

  @Option(
    name: .shortAndLong, help: "The comparison's folder.",
    completion: .directory)
  var output: String

  @Flag(name: .shortAndLong, help: "Begin anew in a folder that is in use.")
  var force = false

  @OptionGroup var format: FormatOptions
  @OptionGroup var precision: PrecisionOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    let counts = 1...Recipe.largestCount
    try samples.check(
      "--samples", "between 1 and \(counts.upperBound)", counts.contains)
    try samples.checkDistinct("--samples")
    try seeds.checkDistinct("--seeds")
    try validatePositive(epochs, "--epochs")
  }

  func run() throws {
    let place = TransferFolder(path: output)
    var remarks: [String] = []
    let experiment = try experiment { remarks.append($0) }
    try refuseFile(at: output)
    let lock = try FolderLock(output)
    defer { withExtendedLifetime(lock) {} }
    let free = precision.isFixed ? [] : ["precision.products"]
    try place.prepare(
      experiment, checkpoint: from, free: free, force: force)
    try checkRecord(beside: output + "/transfer.csv")
    remarks.forEach(messages.notice)
    let cancellation = Interrupt.watch()
    var lines = TransferProgress(messages)
    let rows: [TransferRow]
    do {
      rows = try experiment.run(
        threads: threads.count, cancellation: cancellation,
        report: { lines.show($0, $1, $2) })
    } catch is Cancelled {
      lines.clear()
      Console.notice("interrupted; the same command goes on")
      throw ExitCode(Interrupt.status)
    }
    lines.clear()
    try writeTable(
      ResultTable(rows), to: AtomicFile(path: output + "/transfer.csv"))
    let comparisons = TransferComparison.compare(rows)
    try format.show(ResultTable(rows), summary: ResultTable(comparisons))
    for comparison in comparisons { messages.notice(comparison.sentence) }
  }

  private func experiment(report: (String) -> Void) throws -> Transfer {
    var recipe = try Recipe.fineTuning(
      presets.chosen, equation: equation.load().source, from: from)
    recipe.schedule.epochs = epochs ?? recipe.schedule.epochs
    recipe.data.test.samples = max(1000, recipe.data.test.samples)
    try test.apply(to: &recipe.data.test, isNew: true)
    try recipe.validate()
    recipe.precision.products = try precision.toTrain(
      recipe.configuration(), chunk: recipe.schedule.chunk,
      threads: threads.count, report: report)
    return Transfer(
      finetuned: recipe,
      scratch: Transfer.scratch(beside: recipe, preset: presets.chosen),
      samples: samples.values, seeds: seeds.values, folder: output)
  }
}
