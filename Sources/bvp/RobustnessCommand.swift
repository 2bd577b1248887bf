import ArgumentParser

struct RobustnessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "robustness")
}
