import ArgumentParser
import Equations
import Networks
import Systems
import Tables
import TensorFiles

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what a safetensors file holds.",
    discussion: """
      Any safetensors file; of a dataset also the condition numbers of its
      first systems and how well its grid resolves the solutions.

      EXAMPLE:

        bvp inspect test.safetensors
      """)

  @Argument(
    help: "A safetensors file.", completion: .file(extensions: ["safetensors"]))
  var file: String

  @Option(
    parsing: .unconditional,
    help: """
      Systems of a dataset to take condition numbers of. (default: the first 100)
      """)
  var samples: Int?

  @Flag(help: "Print JSON, with the metadata in full.")
  var json = false

  func validate() throws {
    try validatePositive(samples, "--samples")
  }

  func run() throws {
    let tensors = try SafetensorsFile(path: file)
    var facts: [(String, String)] = []
    var diagnostics: DatasetDiagnostics?
    switch FileFormat(of: tensors) {
    case .dataset:
      let reader = try DatasetReader(path: file)
      try requireCount(samples, "--samples", of: reader.count, in: file)
      let found = try DatasetDiagnostics(reader, limit: samples ?? 100)
      facts = Self.facts(reader, found)
      diagnostics = found
    case .checkpoint: facts = Self.facts(try Checkpoint(path: file))
    default: break
    }
    guard samples == nil || diagnostics != nil else {
      throw CommandFailure("\(file): is no dataset; --samples goes with one")
    }
    guard json else { return show(tensors, facts) }
    Console.print(
      try jsonText(
        Description(
          metadata: tensors.metadata,
          tensors: tensors.tensors.map {
            .init(name: $0.name, dtype: $0.dtype.rawValue, shape: $0.shape)
          },
          condition_number: diagnostics?.condition, tail: diagnostics?.tail)))
  }

  private func show(_ tensors: SafetensorsFile, _ facts: [(String, String)]) {
    var lines = facts
    let known = Set(facts.map(\.0))
    for (key, value) in tensors.metadata.sorted(by: { $0.key < $1.key })
    where !known.contains(key) {
      let text =
        value.contains(where: \.isNewline) || value.contains("\\n")
        ? Self.extent(value.replacing("\\n", with: "\n")) : value
      lines.append((key, text))
    }
    let width = lines.map(\.0.count).max() ?? 0
    for (key, value) in lines {
      let pad = String(repeating: " ", count: width - key.count)
      Console.print("\(key)\(pad)  \(value)")
    }
    if !lines.isEmpty { Console.print("") }
    var table = TextTable(["tensor", "dtype", "shape", "bytes"], leading: 3)
    for tensor in tensors.tensors {
      let shape = tensor.shape.map(String.init).joined(separator: " × ")
      table.add([
        tensor.name, tensor.dtype.rawValue, shape, "\(tensor.byteRange.count)",
      ])
    }
    Console.print(table.lines)
  }

  /// What stands for a text of several lines.
  private static func extent(_ text: String) -> String {
    let lines = text.split(whereSeparator: \.isNewline).count
    return "(\(lines) lines; --json shows them)"
  }

  private static func facts(
    _ reader: DatasetReader, _ found: DatasetDiagnostics
  )
    -> [(String, String)]
  {
    let summary = reader.equation.summary
    var facts = [
      ("dataset", "\(summary.name): \(summary.equation)"),
      (
        reader.contents.isOfSteps ? "steps" : "samples",
        "\(reader.count)"
      ),
      ("nodes", "\(reader.n)"),
    ]
    if reader.contents.leavesOut {
      facts.append(
        ("left out", "\(reader.leftOut) of \(reader.samples.count) samples"))
    }
    if let newton = reader.contents.newton {
      let which =
        newton.isEveryStep
        ? "the steps of Newton's method" : "Newton's first step"
      facts.append(("systems", "\(which) from u = \(newton.initial)"))
    }
    let short = NumberFormat.short.text
    switch (reader.contents.labels, reader.labelErrors) {
    case (.resolved, _):
      facts.append(("labels", "the resolved solution at the grid's nodes"))
    case (.grid, let errors?):
      facts.append(
        (
          "label error",
          "median \(short(errors.median)), p90 \(short(errors.p90)): relative MSE "
            + "to the resolved solution (\(errors.samples) samples)"
        ))
    case (.grid, nil): break
    }
    if let condition = found.condition, let tail = found.tail {
      facts.append(
        (
          "κ₂(A)",
          "median \(short(condition.median)), p10 \(short(condition.p10)), "
            + "p90 \(short(condition.p90)) (first \(found.count))"
        ))
      facts.append(
        (
          "tail of u",
          "median \(short(tail.median)), p90 \(short(tail.p90)): last Chebyshev "
            + "coefficients over the largest"
        ))
    }
    return facts
  }

  private static func facts(_ checkpoint: Checkpoint) -> [(String, String)] {
    [
      ("network", checkpoint.configuration.summary),
      ("tokens", checkpoint.encoding.summary),
    ]
  }

  /// The keys are a contract with scripts.
  private struct Description: Encodable {
    struct Tensor: Encodable {
      let name: String
      let dtype: String
      let shape: [Int]
    }

    let metadata: [String: String]
    let tensors: [Tensor]
    let condition_number: Distribution?
    let tail: Distribution?
  }
}
