import ArgumentParser

@main
struct BVP: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bvp",
    abstract:
      "A workbench for learned solvers of ill-conditioned linear systems.")
}
