import ArgumentParser
import Datasets
import Equations
import Foundation
import Networks
import TensorFiles
import Training

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Print a dataset, a prediction or a run as CSV.",
    discussion: """
      A run's folder gives its metrics.csv, a prediction the columns sample, x
      and u_network, a dataset more: the columns are sample, x, K, f, where the equation has them q and v, u,
      and with --checkpoint u_network, in ascending x; with --folder, each
      sample has a file of its own without the first column.

      EXAMPLE:

        bvp export test.safetensors --first 3 --count 5 > five.csv

      EXAMPLE: one file a sample, on 500 points, with a network's solution

        bvp export test.safetensors --points 500 --folder curves \\
          --checkpoint checkpoints/diffusion.safetensors
      """)

  @Argument(help: "A dataset, a prediction or a run's folder.")
  var data: String

  @Option(help: "The first sample, counted from 0 in the file.")
  var first = 0

  @Option(help: "The number of samples. (default: all the rest)")
  var count: Int?

  @Option(
    help: "Resample on so many evenly spaced points. (default: the nodes)")
  var points: Int?

  @Option(help: "Add this network's solution as a column.")
  var checkpoint: String?

  @Flag(help: "The samples' parameters instead, a line each.")
  var parameters = false

  @Option(help: "Write a file for each sample into this folder.")
  var folder: String?

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var force: ForceOptions

  func validate() throws {
    try validatePoints(points)
    guard first >= 0 else {
      throw ValidationError("--first must not be negative")
    }
    guard (count ?? 1) >= 1 else {
      throw ValidationError("--count must be positive")
    }
    if parameters, folder != nil || checkpoint != nil || points != nil {
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
    let file = try SafetensorsFile(path: data)
    if file.metadata["format"] == "bvp-prediction/1" {
      return try printPrediction(file)
    }
    let reader = try DatasetReader(path: data)
    guard first < reader.count else {
      throw CommandFailure(
        "\(data): there is no sample \(first); it holds \(reader.count)")
    }
    let end = min(
      reader.count, first + min(count ?? .max - first, reader.count))
    if parameters { return try printParameters(reader, first..<end) }
    if let folder { try makeFolder(folder) }
    let source = DatasetSource(reader)
    let predictor = try checkpoint.map {
      try Predictor(
        Checkpoint(path: $0), engine: ComputeEngine(threads: threads.count),
        precision: .f32, n: reader.n)
    }
    var isFirst = true
    func write(_ row: Int, _ prediction: [Double]?) throws {
      var columns = SolutionColumns(
        try reader.problem(row), u: try reader.solution(row),
        on: reader.equation.domain)
      if let prediction { columns.add("u_network", prediction) }
      try put(columns, sample: reader.firstSample + row, isFirst: isFirst)
      isFirst = false
    }
    if let predictor {
      try predictor.predict(
        first..<end, load: { try source.load($0, into: &$1) },
        body: { row, prediction, _ in try write(row, prediction) })
    } else {
      for row in first..<end { try write(row, nil) }
    }
  }

  private func printRun() throws {
    try refuseOptions(of: "a run")
    let path = data + "/metrics.csv"
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw CommandFailure("\(path): cannot be read; is this a run's folder?")
    }
    for line in text.split(separator: "\n") { Console.print(String(line)) }
  }

  private func printPrediction(_ file: SafetensorsFile) throws {
    try refuseOptions(of: "a prediction")
    let x = try file.doubles("x")
    let values = try file.floats("solutions")
    let n = x.count
    guard n > 0, file["solutions"]?.shape.last == n else {
      throw CommandFailure("\(data): x and solutions do not fit together")
    }
    let samples = values.count / n
    guard first < samples else {
      throw CommandFailure(
        "\(data): there is no sample \(first); it holds \(samples)")
    }
    Console.print("sample,x,u_network")
    let end = min(samples, first + min(count ?? .max - first, samples))
    for sample in first..<end {
      for node in (0..<n).reversed() {
        let value = Double(values[sample * n + node])
        Console.print("\(sample),\(csvNumber(x[node])),\(csvNumber(value))")
      }
    }
  }

  private func refuseOptions(of kind: String) throws {
    let given = [
      ("--points", points != nil), ("--folder", folder != nil),
      ("--checkpoint", checkpoint != nil), ("--parameters", parameters),
    ].first { $0.1 }
    if let given {
      throw CommandFailure("\(data): is \(kind); \(given.0) goes with datasets")
    }
  }

  private func makeFolder(_ folder: String) throws {
    let manager = FileManager.default
    let content = (try? manager.contentsOfDirectory(atPath: folder)) ?? []
    guard content.isEmpty || force.force else {
      throw CommandFailure(
        "\(folder): is not empty; --force adds to it and overwrites")
    }
    do {
      try manager.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw CommandFailure("\(folder): the folder cannot be created")
    }
  }

  /// Prints a sample, or writes it into its file.
  private func put(_ columns: SolutionColumns, sample: Int, isFirst: Bool)
    throws
  {
    let rows = columns.rows(points: points)
    guard let folder else {
      if isFirst { Console.print("sample," + columns.header) }
      for row in rows { Console.print("\(sample),\(row)") }
      return
    }
    let digits = "\(sample)"
    let zeros = String(repeating: "0", count: max(0, 6 - digits.count))
    let text = ([columns.header] + rows).joined(separator: "\n") + "\n"
    try writeAtomically(text, to: "\(folder)/sample-\(zeros)\(digits).csv")
  }

  private func printParameters(_ reader: DatasetReader, _ rows: Range<Int>)
    throws
  {
    Console.print(
      (["sample"] + reader.parameterNames).joined(separator: ","))
    for row in rows {
      let values = try reader.problem(row).parameters.map(csvNumber)
      Console.print(
        (["\(reader.firstSample + row)"] + values).joined(separator: ","))
    }
  }
}
