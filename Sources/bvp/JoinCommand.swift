import ArgumentParser
import Systems

struct JoinCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "join",
    abstract: "Join the shards of a dataset.",
    discussion: """
      The result is, to the byte, the file that generating the whole would have
      written.

      EXAMPLE:

        bvp join part-*.safetensors --output train.safetensors
      """)

  @Argument(
    help: "The shards, in any order.",
    completion: .file(extensions: ["safetensors"]))
  var shards: [String]

  @Option(name: .shortAndLong, help: "The file to write.", completion: .file())
  var output: String

  @OptionGroup var force: ForceOptions
  @OptionGroup var messages: MessageOptions

  func run() throws {
    try force.check(output)
    let count = try joinDatasets(
      shards, to: output, replaces: force.force,
      cancellation: Interrupt.watch())
    messages.notice("\(output): \(count) samples")
  }
}
