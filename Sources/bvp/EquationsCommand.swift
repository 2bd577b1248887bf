import ArgumentParser

struct EquationsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "equations")
}
