import ArgumentParser
import Equations
import Foundation
import Networks
import Systems
import Tables
import TensorFiles
import Training

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Print a dataset, a prediction or a run as CSV.",
    discussion: """
      A run's folder gives its metrics.csv, a prediction the columns sample, x
      and u_network, a dataset more: sample, x, K, f, where the equation has
      them q, v and w, u, of Newton's steps u_start, and with --checkpoint
      u_network, in ascending x; with --folder, each sample has a file of its own without the first column.

      EXAMPLE:

        bvp export test.safetensors --first 3 --count 5 > five.csv

      EXAMPLE: one file a sample, on 500 points, with a network's solution

        bvp export test.safetensors --points 500 --folder curves \\
          --checkpoint checkpoints/diffusion.safetensors
      """)

  @Argument(
    help: "A dataset, a prediction or a run's folder.", completion: .file())
  var data: String

  @Option(
    parsing: .unconditional,
    help: "The first sample, counted from 0 in the file.")
  var first = 0

  @Option(
    parsing: .unconditional,
    help: "The number of samples. (default: all the rest)")
  var count: Int?

  @OptionGroup var points: PointsOptions

  @Option(
    help: "Add this network's solution as a column.",
    completion: .file(extensions: ["safetensors"]))
  var checkpoint: String?

  @Flag(help: "The samples' parameters instead, a line each.")
  var parameters = false

  @Option(
    help: "Write a file for each sample into this folder.",
    completion: .directory)
  var folder: String?

  @OptionGroup var inference: InferenceOptions
  @OptionGroup var force: ForceOptions

  func validate() throws {
    try validateNotNegative(first, "--first")
    try validatePositive(count, "--count")
    if checkpoint == nil { try inference.refuse(without: "--checkpoint") }
    if force.force, folder == nil {
      throw ValidationError("--force means nothing without --folder")
    }
    if parameters, folder != nil || checkpoint != nil || points.points != nil {
      throw ValidationError(
        "--parameters goes with none of --folder, --checkpoint and --points")
    }
  }

  func run() throws {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: data, isDirectory: &isFolder),
      isFolder.boolValue
    {
      return try printRun()
    }
    if FileFormat(of: try SafetensorsFile(path: data)) == .prediction {
      return try printPrediction()
    }
    let reader = try DatasetReader(path: data)
    let rows = try range(of: reader.count)
    if parameters { return Console.print(try parameters(of: reader, rows).csv) }
    let lock = try folder.map(lockFolder)
    defer { withExtendedLifetime(lock) {} }
    if let checkpoint {
      try inference.predictor(
        Checkpoint(path: checkpoint), checkpoint, n: reader.n,
        report: Console.notice
      ).predict(
        SystemExamples(try DatasetSource(reader)), rows
      ) { row, prediction, _ in
        try put(reader, row, prediction, isFirst: row == first)
      }
    } else {
      for row in rows { try put(reader, row, nil, isFirst: row == first) }
    }
  }

  /// The samples asked for, of `total` in the file.
  private func range(of total: Int) throws -> Range<Int> {
    guard first < total else {
      throw CommandFailure(
        "\(data): there is no sample \(first); it holds \(total)")
    }
    let rest = total - first
    guard count ?? 0 <= rest else {
      throw CommandFailure(
        "\(data): holds \(total) samples, \(rest) from --first \(first) on; "
          + "--count asks for \(count ?? 0)")
    }
    return first..<(first + (count ?? rest))
  }

  private func printRun() throws {
    try refuseOptions(of: "a run")
    if first != 0 || count != nil {
      throw CommandFailure(
        "\(data): is a run, which is printed whole; --first and --count go with "
          + "samples")
    }
    let path = RunFolder(data).metrics
    guard let text = textOfFile(path) else {
      throw CommandFailure("\(path): cannot be read; is this a run's folder?")
    }
    for line in text.split(separator: "\n") { Console.print(String(line)) }
  }

  private func printPrediction() throws {
    try refuseOptions(of: "a prediction")
    let prediction = try PredictionFile(path: data)
    let columns = ["sample", "x", "u_network"].map { ResultColumn($0) }
    let range = try range(of: prediction.count)
    Console.print(ResultTable(columns: columns).csvHeader)
    for row in range {
      let sample = prediction.sample(ofRow: row)
      let values = try prediction.solution(row)
      let rows = zip(prediction.nodes, values).sorted { $0.0 < $1.0 }.map {
        x, u in
        [Cell.integer(sample), .number(x), .number(u)]
      }
      Console.print(ResultTable(columns: columns, rows: rows).csvRows)
    }
  }

  private func refuseOptions(of kind: String) throws {
    let given = [
      ("--points", points.points != nil), ("--folder", folder != nil),
      ("--checkpoint", checkpoint != nil), ("--parameters", parameters),
    ].first { $0.1 }
    if let given {
      throw CommandFailure("\(data): is \(kind); \(given.0) goes with datasets")
    }
  }

  private func lockFolder(_ folder: String) throws -> FolderLock {
    let lock = try FolderLock(folder)
    let manager = FileManager.default
    let content: [String]
    do { content = try manager.contentsOfDirectory(atPath: folder) } catch {
      throw CommandFailure("\(folder): the folder cannot be read")
    }
    guard force.force || content.allSatisfy({ $0 == FolderLock.fileName })
    else {
      throw CommandFailure(
        "\(folder): is not empty; --force adds to it and overwrites")
    }
    return lock
  }

  /// Prints a sample, or writes it into its file.
  private func put(
    _ reader: DatasetReader, _ row: Int, _ prediction: [Double]?, isFirst: Bool
  ) throws {
    var columns = SolutionColumns(
      try reader.problem(row), u: try reader.solution(row),
      on: reader.equation.domain,
      formulas: points.points == nil ? nil : try reader.formulas(row))
    if let start = try reader.start(row) { columns.add("u_start", start) }
    if let prediction { columns.add("u_network", prediction) }
    let sample = try reader.index(row)
    guard let folder else {
      var isFirst = isFirst
      return try columns.forEachBlock(points: points.points, sample: sample) {
        Console.print(isFirst ? $0.csv : $0.csvRows)
        isFirst = false
      }
    }
    // Several steps of one sample are files of their own.
    let digits = "\(reader.contents.isOfSteps ? row : sample)"
    let zeros = String(repeating: "0", count: max(0, 6 - digits.count))
    let text = try columns.table(points: points.points).csv.joined(
      separator: "\n")
    try writeAtomically(
      text + "\n", to: "\(folder)/sample-\(zeros)\(digits).csv",
      replaces: force.force, sweeps: false)
  }

  private func parameters(of reader: DatasetReader, _ rows: Range<Int>) throws
    -> ResultTable
  {
    ResultTable(
      columns: (["sample"] + reader.parameterNames).map { ResultColumn($0) },
      rows: try rows.map { row in
        let problem = try reader.problem(row)
        return [.integer(problem.index)]
          + problem.parameters.map { Cell.number($0) }
      })
  }
}
