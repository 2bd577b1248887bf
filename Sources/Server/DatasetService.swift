import Chebyshev
import DenseSolvers
import Equations
import Foundation
import Systems
import Tables
import TensorFiles

/// The datasets of the workspace.
struct DatasetService: Sendable {
  let folder: ServedFolder
  let jobs: JobCenter

  // MARK: Which there are

  private struct DatasetDescription: Encodable, Sendable {
    enum Kind: String, Encodable { case dataset, systems }

    let path: String
    /// Samples of an equation, or systems of none that bvp import has made.
    var kind = Kind.dataset
    var equation: String?
    var samples = 0
    var nodes: Int?
    var seed: UInt64?
    var first: Int?
    let bytes: Int
    let modified: Double
    var labels: String?
    var problem: String?
  }

  func list(_ fields: RequestFields) throws -> Answer {
    try fields.finish()
    return try .json(
      folder.tensors(.dataset, .systems).map { entry in
        try Work.current.check()
        return folder.cached(entry, as: "dataset") { _ in describe(entry) }
      })
  }

  private func describe(_ entry: ServedFolder.Entry) -> DatasetDescription {
    var result = DatasetDescription(
      path: entry.path, bytes: entry.bytes, modified: entry.modified)
    do {
      guard
        case .dataset(let reader) = try SystemFile(path: entry.path)
      else {
        let source = try GivenSystemsSource(path: entry.path)
        (result.kind, result.samples) = (.systems, source.total)
        result.nodes = source.n
        return result
      }
      result.equation = reader.equation.name
      result.samples = reader.count
      result.nodes = reader.n
      result.seed = reader.seed
      result.first = reader.samples.lowerBound
      result.labels = reader.contents.labels == .grid ? "grid" : "resolved"
    } catch {
      result.problem = "\(error)".onOneLine
    }
    return result
  }

  // MARK: New ones

  private enum LabelsChoice: String, CaseIterable { case grid, resolved }

  func generate(_ fields: RequestFields) throws -> Answer {
    let equation = try fields.requiredText("equation")
    guard
      let samples = try fields.integer("samples", in: 1...1_000_000_000)
    else { throw fields.missing("samples") }
    let name = try fields.requiredText("name")
    let seed = try fields.integer("seed", in: SampleRequest.seeds) ?? 0
    let nodes =
      try fields.integer("nodes", in: SampleRequest.nodeCounts) ?? 64
    let labels: LabelsChoice = try fields.choice("labels") ?? .grid
    let withSystems = try fields.flag("withSystems") ?? false
    try fields.finish()
    _ = try folder.equation(equation)
    let output = try folder.newPath("datasets", name, ending: ".safetensors")
    try createFolder(parentFolder(of: output))
    return try .json(
      jobs.start(
        .generate, path: output,
        arguments: [
          "generate", equation, "--samples", "\(samples)", "--seed", "\(seed)",
          "--nodes", "\(nodes)",
        ] + (labels == .grid ? [] : ["--labels", labels.rawValue])
          + (withSystems ? ["--with-systems"] : []) + ["--output", output],
        total: samples, unit: "samples"))
  }

  // MARK: Samples

  private struct Sample: Encodable {
    let path: String
    let sample: Int
    let index: Int
    let parameters: [NamedValue]
    let x: Numbers
    let functions: [NamedValues]
    let coefficients: [NamedValues]
    let condition: Double?
    let residual: Double?
    let tail: Double?
    let warnings: [String]
    let command: String
  }

  /// The order up to which systems are decomposed: beyond it one takes seconds.
  private static let largestOrder = 1024
  /// That up to which the server itself does it.
  private static let quickOrder = 256

  /// Why κ₂ is not among the numbers of systems of an order; nil where it is.
  private static func omission(order n: Int) -> String? {
    n > largestOrder
      ? "κ₂ is left out beyond order \(largestOrder); bvp inspect has it" : nil
  }

  func sample(_ fields: RequestFields) throws -> Answer {
    let path = try fields.requiredText("path")
    guard let row = try fields.integer("sample", in: SampleRequest.indices)
    else { throw fields.missing("sample") }
    let points = try fields.integer("points", in: 2...2048) ?? 256
    let format: AnswerFormat = try fields.choice("format") ?? .json
    try fields.finish()
    let reader = try folder.dataset(path)
    try Work.current.isolate(if: reader.n > Self.quickOrder)
    guard row < reader.count else {
      throw ServiceError.missing(
        "\(path): there is no sample \(row); it holds \(reader.count)")
    }
    let columns = try self.columns(reader, row, isResampled: true)
    let index = try reader.index(row)
    if format == .csv {
      return .csv(
        try columns.table(points: points, sample: index),
        name: "sample-\(index)")
    }
    let problem = try reader.problem(row)
    let u = try reader.solution(row)
    let table = try columns.table(points: points)
    let values = table.columns.indices.map { table.numbers($0) }
    let system = try DatasetSource(reader).system(row)
    let omission = Self.omission(order: system.n)
    let condition = Judged {
      omission == nil ? try conditionNumber(system.A, n: system.n) : nil
    }
    return try .json(
      Sample(
        path: path, sample: row, index: index,
        parameters: zip(reader.parameterNames, problem.parameters).map {
          NamedValue(name: $0, value: $1)
        },
        x: Numbers(values[0]),
        functions: zip(table.columns, values).dropFirst().map {
          NamedValues($0.name, $1)
        },
        coefficients: try ([("u", u)] + problem.coefficients).map {
          NamedValues($0.0, try vals2coeffs($0.1).map { abs($0) })
        },
        condition: (condition.value ?? nil)?.ifFinite,
        residual: relativeResidual(
          A: system.A, b: system.b, x: u, n: system.n
        ).ifFinite,
        tail: try ChebyshevSeries(values: u, on: reader.equation.domain).tail
          .ifFinite,
        warnings: [omission].compactMap(\.self) + condition.warnings("κ₂"),
        command: shellLine([
          "bvp", "export", path, "--first", "\(row)", "--count", "1",
          "--points", "\(points)",
        ])))
  }

  private func columns(
    _ reader: DatasetReader, _ row: Int, isResampled: Bool
  ) throws -> SolutionColumns {
    var columns = SolutionColumns(
      try reader.problem(row), u: try reader.solution(row),
      on: reader.equation.domain,
      formulas: isResampled ? try reader.formulas(row) : nil)
    if let start = try reader.start(row) { columns.add("u_start", start) }
    return columns
  }

  // MARK: All of them

  private struct Spread: Encodable {
    struct Parameter: Encodable {
      let name: String
      let law: LawDescription
      let values: Numbers
    }
    struct LabelError: Encodable {
      let median: Double?
      let p90: Double?
      let samples: Int
    }

    let path: String
    let count: Int
    let parameters: [Parameter]
    let condition: Numbers
    let tail: Numbers
    let labelError: LabelError?
    let warnings: [String]
    let command: String
  }

  func distribution(_ fields: RequestFields) throws -> Answer {
    let path = try fields.requiredText("path")
    let limit = try fields.integer("limit", in: 1...2000) ?? 500
    let format: AnswerFormat = try fields.choice("format") ?? .json
    try fields.finish()
    let reader = try folder.dataset(path)
    // So that all condition numbers take seconds at most.
    let affordable = 5e9 / pow(Double(reader.n), 3)
    let count = min(limit, reader.count, max(8, Int(min(affordable, 1e6))))
    let problems = try (0..<count).map { try reader.problem($0) }
    let names = reader.parameterNames
    let omission = Self.omission(order: reader.n)
    let found =
      omission == nil
      ? try DatasetDiagnostics.each(reader, limit: count)
      : (
        conditions: Array(repeating: .nan, count: count),
        tails: try (0..<count).map {
          try ChebyshevSeries(
            values: reader.solution($0), on: reader.equation.domain
          ).tail
        }
      )
    if format == .csv {
      let table = ResultTable(
        columns: (["sample"] + names + ["condition_number", "tail"]).map {
          ResultColumn($0)
        },
        rows: zip(problems, zip(found.conditions, found.tails)).map {
          [.integer($0.index)] + $0.parameters.map { .number($0) }
            + [.number($1.0), .number($1.1)]
        })
      return .csv(table, name: shortName(of: path, unless: "") + "-samples")
    }
    return try .json(
      Spread(
        path: path, count: count,
        parameters: reader.equation.parameters.enumerated().map { place, own in
          .init(
            name: own.name, law: LawDescription(own.law),
            values: Numbers(problems.map { $0.parameters[place] }))
        },
        condition: Numbers(found.conditions), tail: Numbers(found.tails),
        labelError: reader.labelErrors.map {
          .init(
            median: $0.median.ifFinite, p90: $0.p90.ifFinite,
            samples: $0.samples)
        }, warnings: [omission].compactMap(\.self),
        command: shellLine([
          "bvp", "inspect", path, "--samples", "\(max(1, count))",
        ])))
  }

  // MARK: Files

  private enum FileChoice: String, CaseIterable { case safetensors, csv }

  func file(_ fields: RequestFields) throws -> Answer {
    let path = try fields.requiredText("path")
    let format: FileChoice = try fields.choice("format") ?? .safetensors
    let first = try fields.integer("first", in: SampleRequest.indices) ?? 0
    let count = try fields.integer("count", in: 1...1000) ?? 100
    try fields.finish()
    if format == .safetensors {
      _ = try SystemFile(path: folder.file(path).path)
      return .file(path)
    }
    let reader = try folder.dataset(path)
    try Work.current.isolate(if: true)
    guard first < reader.count else {
      throw ServiceError.missing(
        "\(path): there is no sample \(first); it holds \(reader.count)")
    }
    var lines: [String] = []
    for row in first..<min(first + count, reader.count) {
      let table = try columns(reader, row, isResampled: false)
        .table(points: nil, sample: try reader.index(row))
      if lines.isEmpty { lines.append(table.csvHeader) }
      lines += table.csvRows
    }
    return .csv(
      lines.joined(separator: "\n") + "\n",
      name: shortName(of: path, unless: ""))
  }
}
