import ArgumentParser
import Networks
import Newton
import Parallel
import Systems
import Tables
import Training

struct NewtonEvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure how well Newton's steps are predicted, by their number.",
    discussion: """
      Beside the network's mean squared error stands that of the mean step of the
      same number over all problems of the data, which knows nothing of a
      problem. The skill is 1 less the first over the second. Step 0 is all of
      them.

      EXAMPLE:

        bvp newton evaluate runs/newton/model.safetensors \\
          --data test.safetensors --table
      """)

  @Argument(
    help: "A checkpoint that learned Newton steps.",
    completion: .file(extensions: ["safetensors"]))
  var checkpoint: String

  @Option(
    help: "The test problems.", completion: .file(extensions: ["safetensors"]))
  var data: String

  @OptionGroup var inference: InferenceOptions
  @OptionGroup var table: TableOptions
  @OptionGroup var messages: MessageOptions

  func run() throws {
    let file = try table.open()
    let cancellation = Interrupt.watch()
    let dataset = try NewtonDataset(path: data)
    let network = try newtonCheckpoint(checkpoint, for: dataset, messages)
    let predictor = try Predictor(
      network.makeNetwork(
        engine: inference.engine(),
        precision: inference.toAnswer(network, messages.notice),
        capacity: 64), encoding: network.encoding, n: dataset.n)
    let rows = try messages.progress(
      "evaluate", total: dataset.count, unit: "steps"
    ) { bar in
      try dataset.stepErrors(of: predictor, cancellation: cancellation) {
        bar.update($0)
      }
    }
    guard rows.allSatisfy(\.mse.isFinite) else {
      throw CommandFailure("\(checkpoint): the network's steps are not finite")
    }
    try table.show(ResultTable(rows), in: file)
  }
}

/// Reads a checkpoint that learned the steps of problems like a dataset's, and of
/// none of them; warns if its problems had another law.
func newtonCheckpoint(
  _ path: String, for dataset: NewtonDataset, _ messages: MessageOptions
) throws -> Checkpoint {
  let checkpoint = try Checkpoint(path: path)
  guard !checkpoint.encoding.kind.isOfSystems else {
    throw CommandFailure(
      "\(path): learned to solve linear systems, not Newton's steps")
  }
  guard checkpoint.configuration.n == dataset.n else {
    throw CommandFailure(
      "\(path): has n = \(checkpoint.configuration.n), the problems have "
        + "\(dataset.n)")
  }
  let origin = dataset.origin()
  try checkpoint.refuseTrainedSamples(
    origin, name: path, identity: dataset.path)
  let laws = checkpoint.trainedSamples.map(\.law)
  if let law = laws.last, !laws.contains(origin.law), !messages.quiet {
    Console.warning(
      "\(path): learned the steps of \(law); these are of \(origin.law)")
  }
  return checkpoint
}
