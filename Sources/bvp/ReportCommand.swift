import ArgumentParser
import Foundation
import Reports
import TensorFiles

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Make an HTML page of runs: tables and figures in one file.",
    discussion: """
      A run is the folder of a training or of a transfer, the CSV of
      robustness, sweep or export, or a folder that holds such things. Where
      the paper has a number, it stands beside ours; the command that made
      each part is shown where it was recorded.

      EXAMPLE:

        bvp report runs/diffusion noise.csv --output report.html
      """)

  @Argument(help: "Folders of runs, and CSV files.")
  var runs: [String]

  @Option(name: .shortAndLong, help: "The page.")
  var output: String

  @Option(help: "Its title.")
  var title = "Learned solvers of ill-conditioned linear systems"

  @OptionGroup var force: ForceOptions

  func run() throws {
    try force.check(output)
    let report = try Report(title, sources: ReportSources(runs))
    try writeAtomically(report.html, to: output)
  }
}
