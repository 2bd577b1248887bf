import ArgumentParser
import Experiments
import Networks
import Systems

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Write a network's solutions of a dataset's systems.",
    discussion: """
      The file holds `solutions` [samples, n] and, with --with-tokens, the
      encoded `tokens` [samples, n, features], so that any framework can be fed
      the same input; both are Float32. With --right-hand-sides each matrix is
      also solved for those of a safetensors file, a tensor `b` of [count, n], the
      same for all, or [samples, count, n]: `right_hand_side_solutions`
      [samples, count, n]. A network that is linear in b, greens or polya, looks
      at a matrix once for all of them.

      EXAMPLE:

        bvp predict checkpoints/diffusion.safetensors \\
          --data test.safetensors --output predicted.safetensors
      """)

  @Argument(
    help: "A checkpoint.", completion: .file(extensions: ["safetensors"]))
  var checkpoint: String

  @Option(help: "The dataset.", completion: .file(extensions: ["safetensors"]))
  var data: String

  @Option(name: .shortAndLong, help: "The file to write.", completion: .file())
  var output: String

  @Flag(help: "Write the tokens as well.")
  var withTokens = false

  @Option(
    help: ArgumentHelp(
      "Solve each matrix also for the right-hand sides in this file.",
      valueName: "file"), completion: .file())
  var rightHandSides: String?

  @OptionGroup var inference: InferenceOptions
  @OptionGroup var force: ForceOptions
  @OptionGroup var messages: MessageOptions

  func run() throws {
    try force.check(output)
    let cancellation = Interrupt.watch()
    let systems = try SystemFile(path: data)
    try requireSamples(systems.count, in: data)
    let source = try systems.source()
    let others = try rightHandSides.map {
      try GivenRightHandSides(path: $0, n: systems.n, samples: systems.count)
    }
    let network = try Checkpoint(path: checkpoint)
    let predictor = try inference.predictor(
      network, checkpoint, n: systems.n, report: messages.notice)
    let tally = try domainTally(network, predictor, source)
    var failures = 0
    try messages.progress("predict", total: systems.count, unit: "samples") {
      bar in
      try PredictionFile.write(
        to: output, predictor, on: source, nodes: nodes(systems),
        notes: ["checkpoint": checkpoint, "data": data],
        replaces: force.force, withTokens: withTokens, rightHandSides: others,
        cancellation: cancellation,
        progress: { done, answer in
          if !answer.allSatisfy(\.isFinite) { failures += 1 }
          try tally?.add(done - 1, answer: answer)
          bar.update(done)
        })
    }
    if failures > 0, !messages.quiet {
      Console.warning(
        "\(failures) of \(systems.count) solutions are not finite")
    }
    if !messages.quiet { tally?.remarks.forEach(Console.warning) }
  }

  /// The nodes, or the numbers of the entries where there are none.
  private func nodes(_ systems: SystemFile) -> [Double] {
    systems.dataset?.nodes ?? (0..<systems.n).map(Double.init)
  }
}
