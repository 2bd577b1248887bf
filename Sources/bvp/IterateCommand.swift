import ArgumentParser
import DenseSolvers
import Experiments
import Foundation
import Networks
import Parallel
import Reports
import Systems
import Tables
import TensorFiles

struct IterateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "iterate",
    abstract: "Count the steps in which iterations come to the solution.",
    discussion: """
      A step applies an approximate inverse of A to the residual: a network, or
      one of laplacian, that of −D² with A's own boundary rows, and mean, that of
      the samples' mean matrix, and factors, by Pólya's factors of A itself, which
      polya networks learn. The steps are those to a relative error ‖x − u‖/‖u‖
      within --tolerance; u is LU's.

      EXAMPLE:

        bvp iterate checkpoints/diffusion-polya.safetensors --data test.safetensors

      EXAMPLE: what each inverse leaves of an error, as a picture

        bvp iterate checkpoints/diffusion-polya.safetensors --data test.safetensors \\
          --spectrum spectrum.svg
      """)

  @Argument(
    help: "Checkpoints.", completion: .file(extensions: ["safetensors"]))
  var checkpoints: [String] = []

  @Option(help: "The dataset.", completion: .file(extensions: ["safetensors"]))
  var data: String

  @Option(
    help: "Untrained inverses: laplacian, mean, factors, or none.",
    completion: .names(IterationStudy.Inverse.classicalNames + ["none"]))
  var inverses = CommaList(IterationStudy.Inverse.classicalNames)

  @Option(
    help: ArgumentHelp(
      "\(Iteration.allCases.map(\.rawValue).joined(separator: " or ")).",
      valueName: "iteration"))
  var iteration = Iteration.gmres

  @Option(parsing: .unconditional, help: "Of the relative error.")
  var tolerance = 1e-10

  @Option(
    parsing: .unconditional,
    help: "Use the first samples only. (default: the first 200)")
  var samples: Int?

  @Option(
    help: ArgumentHelp(
      """
      Also write the eigenvalues of I − G A, G being an approximate inverse: a \
      picture, .svg or .png, of their moduli, or all of them, .csv.
      """, valueName: "file"), completion: .file())
  var spectrum: String?

  @OptionGroup var inference: InferenceOptions
  @Option(
    name: .shortAndLong, help: "Write the CSV to this file as well.",
    completion: .file())
  var output: String?

  @OptionGroup var format: FormatOptions
  @OptionGroup var force: ForceOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    try validatePositive(samples, "--samples")
    try validateTolerance(tolerance)
    try inverses.checkDistinct("--inverses")
    if checkpoints.isEmpty { try inference.refuse(without: "a checkpoint") }
    if force.force, output == nil, spectrum == nil {
      throw ValidationError(
        "--force means nothing without --output or --spectrum")
    }
    if let spectrum, !isPicture(spectrum), !spectrum.hasSuffix(".csv") {
      throw ValidationError(
        "--spectrum takes a file that ends in .svg, .png or .csv")
    }
    if let spectrum, let output,
      URL(filePath: spectrum).standardized == URL(filePath: output).standardized
    {
      throw ValidationError("--output and --spectrum name the same file")
    }
    let isNone = inverses.values.contains("none")
    if isNone, inverses.values.count > 1 || checkpoints.isEmpty {
      throw ValidationError(
        "--inverses none stands alone, and goes with checkpoints")
    }
    for name in inverses.values where name != "none" {
      guard IterationStudy.Inverse(classical: name) != nil else {
        throw ValidationError("--inverses: unknown inverse '\(name)'")
      }
    }
  }

  func run() throws {
    let file = try output.map(force.openTable)
    let spectrumFile = try spectrum.map {
      try isPicture($0) ? force.open($0) : force.openTable($0)
    }
    let cancellation = Interrupt.watch()
    let reader = try DatasetReader(path: data)
    try requireSamples(reader.count, in: data)
    try requireCount(samples, "--samples", of: reader.count, in: data)
    let count = samples ?? min(200, reader.count)
    let source = try DatasetSource(reader, limit: count)
    var inverses = self.inverses.values.compactMap {
      IterationStudy.Inverse(classical: $0)
    }
    let networks = try checkpoints.map { try Checkpoint(path: $0) }
    for (name, predictor) in try inference.predictors(
      networks, checkpoints, n: reader.n,
      besides: IterationStudy.Inverse.classicalNames,
      report: messages.notice)
    {
      inverses.append(.network(name, predictor))
    }
    let study = IterationStudy(
      source, reader.equation, count: count, tolerance: tolerance)
    let rows = try messages.progress(
      "iterate", total: count * inverses.count, unit: "samples"
    ) { bar in
      try inverses.enumerated().map { index, inverse in
        try study.run(inverse, iteration, cancellation: cancellation) {
          bar.update(index * count + $0)
        }
      }
    }
    let result = ResultTable(rows)
    if let file { try writeTable(result, to: file) }
    try format.show(result)
    guard let spectrumFile else { return }
    try writeSpectrum(study, inverses, count, to: spectrumFile, cancellation)
  }

  private func writeSpectrum(
    _ study: IterationStudy, _ inverses: [IterationStudy.Inverse],
    _ count: Int, to file: AtomicFile, _ cancellation: Cancellation
  ) throws {
    let linear = inverses.filter(\.isLinear)
    for inverse in inverses where !inverse.isLinear {
      messages.notice(
        "\(inverse.name) is not linear in b, and has no spectrum")
    }
    guard !linear.isEmpty else {
      throw CommandFailure("\(file.path): none of these is linear in b")
    }
    let rows = try messages.progress(
      "spectrum", total: count * linear.count, unit: "samples"
    ) { bar in
      try linear.enumerated().flatMap { index, inverse in
        try study.spectrum(of: inverse, cancellation: cancellation) {
          bar.update(index * count + $0)
        }
      }
    }
    if isPicture(file.path) {
      try commitPicture(Figure.document([Figure(spectrum: rows)]), to: file)
    } else {
      try writeTable(ResultTable(rows), to: file)
    }
  }
}
