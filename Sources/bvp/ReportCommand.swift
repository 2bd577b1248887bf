import ArgumentParser
import Equations
import Foundation
import Networks
import Reports
import TensorFiles
import Training

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Make an HTML page of runs: tables and figures in one file.",
    discussion: """
      A run is the folder of a training or a study, the CSV of robustness, sweep,
      newton compare, solve or export, or a folder that holds such things. Where the paper has a number, it stands beside ours; the
      command that made each part is shown where it was recorded.

      EXAMPLE:

        bvp report runs/diffusion noise.csv --output report.html
      """)

  @Argument(help: "Folders of runs, and CSV files.", completion: .file())
  var runs: [String]

  @Option(name: .shortAndLong, help: "The page.", completion: .file())
  var output: String

  @Option(help: "Its title.")
  var title = "Learned solvers of ill-conditioned linear systems"

  @OptionGroup var force: ForceOptions

  func run() throws {
    try force.check(output)
    let sources = try ReportSources(runs, describe: Self.describe)
    try force.open(output).commit(Report(title, sources: sources).html)
  }

  /// What the training of a recipe.yaml is.
  private static func describe(_ path: String, _ text: String) throws
    -> ReportSources.TrainingDescription
  {
    let recipe = try Recipe(path: path, text: text)
    return try ReportSources.TrainingDescription(
      model: recipe.network.model.rawValue,
      subject: recipe.network.encoding.isOfSystems
        ? equationName(recipe) ?? "?" : "Newton's steps",
      parameters: recipe.configuration().layout.parameterCount,
      isFromScratch: recipe.network.from == nil,
      solvesSystems: recipe.network.encoding.isOfSystems,
      settings: recipe.comparableSettings())
  }

  private static func equationName(_ recipe: Recipe) -> String? {
    guard let text = recipe.data.equation else { return nil }
    // That of another version may have what this one does not know.
    return (try? Equation(yaml: text, path: "recipe.yaml"))?.name
  }
}
