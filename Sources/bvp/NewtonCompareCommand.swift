import ArgumentParser
import Networks
import Newton
import Tables
import Training

struct NewtonCompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Set learned steps beside classical ones: objective and time.",
    discussion: """
      Every method runs from x₀ until |f_k − f_{k+1}| ≤ the dataset's tolerance;
      what it takes to know f is part of its time. NAME + newton is the hybrid
      that finishes with classical steps when a learned one lowers f by less
      than one per cent. The CSV has every iterate: problem,method,step,seconds,
      objective; the table is the means, beside the time of a step when all
      problems go through the network at once.

      EXAMPLE:

        bvp newton compare runs/newton/model.safetensors \\
          --data test.safetensors --table
      """)

  @Argument(
    help: "Checkpoints that learned Newton steps.",
    completion: .file(extensions: ["safetensors"]))
  var checkpoints: [String] = []

  @Option(
    help: "The test problems.", completion: .file(extensions: ["safetensors"]))
  var data: String

  @Option(
    parsing: .unconditional, help: "Use the first problems only. (default: all)"
  )
  var problems: Int?

  @Option(parsing: .unconditional, help: "The most steps.")
  var limit = 50

  @OptionGroup var inference: InferenceOptions
  @OptionGroup var table: TableOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    try validatePositive(problems, "--problems")
    try validatePositive(limit, "--limit")
    if checkpoints.isEmpty {
      try inference.refuse(without: "a checkpoint", threads: false)
    }
  }

  func run() throws {
    let file = try table.open()
    let cancellation = Interrupt.watch()
    let dataset = try NewtonDataset(path: data)
    try requireCount(
      problems, "--problems", of: dataset.problems, in: data, unit: "problems")
    let count = problems ?? dataset.problems
    let comparison = NewtonComparison(
      dataset, networks: try contestants(dataset, count),
      threads: inference.threads.count, limit: limit)
    let result = try messages.progress(
      "compare", total: count, unit: "problems"
    ) { bar in
      try comparison.run(
        count: count, cancellation: cancellation, progress: { bar.update($0) })
    }
    try table.show(
      ResultTable(result.rows), summary: ResultTable(result.summaries),
      in: file)
  }

  private func contestants(_ dataset: NewtonDataset, _ count: Int) throws
    -> [NewtonComparison.Contestant]
  {
    let engine = try inference.engine()
    let names = try checkpointNames(
      checkpoints, besides: [DescentSummary.classical])
    return try zip(checkpoints, names).map { path, name in
      let checkpoint = try newtonCheckpoint(path, for: dataset, messages)
      return try NewtonComparison.Contestant(
        name, checkpoint, engine: engine,
        precision: inference.toAnswer(checkpoint, messages.notice),
        capacity: count)
    }
  }
}
