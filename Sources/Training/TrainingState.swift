import Foundation
import Networks
import Tables
import TensorFiles

/// What a training needs to go on exactly where it stopped.
struct TrainingState {
  var step = 0
  /// The last step that was evaluated.
  var evaluatedStep = -1
  /// The sum and number of training losses since the last evaluation.
  var lossSum = 0.0
  var lossCount = 0
  /// Seconds spent so far, over all sittings.
  var seconds = 0.0
  /// The lines of metrics.csv below its header.
  var rows: [String] = []
  var encoding: Encoding
  /// The recipe's text: a state resumes under its own recipe only.
  var recipe: String
  /// What the run is trained and tested on, and where it began.
  var materials: TrainingMaterials

  init(encoding: Encoding, recipe: String, materials: TrainingMaterials) {
    self.encoding = encoding
    self.recipe = recipe
    self.materials = materials
  }

  /// Writes everything, replacing the file in one stroke.
  func write(to path: String, _ phase: TrainingPhase) throws {
    let length = phase.network.layout.length
    var metadata = [
      "format": FileFormat.state.rawValue, "step": "\(step)",
      "evaluated_step": "\(evaluatedStep)", "loss_sum": "\(lossSum)",
      "loss_count": "\(lossCount)",
      "seconds": "\(seconds)", "metrics": rows.joined(separator: "\n"),
      "recipe": recipe,
    ]
    metadata.merge(encoding.metadata) { _, new in new }
    metadata.merge(materials.metadata) { _, new in new }
    let writer = try SafetensorsWriter(
      path: path, tensors: phase.buffers.map { ($0.name, DType.F32, [length]) },
      metadata: metadata)
    for (name, buffer) in phase.buffers {
      try writer.write(name, bytes: UnsafeRawBufferPointer(buffer.elements))
    }
    try writer.finish()
  }

  /// Reads all but the weights.
  ///
  /// - Throws: `SafetensorsError` if it is no state.
  init(_ file: SafetensorsFile) throws {
    let metadata = try Metadata(file, format: .state)
    recipe = try metadata.text("recipe")
    materials = TrainingMaterials(metadata)
    encoding = try Encoding(metadata)
    step = try metadata.number("step", in: 0...Recipe.largestRun)
    evaluatedStep = try metadata.number("evaluated_step", in: -1...step)
    lossSum = try metadata.number("loss_sum")
    lossCount = try metadata.number("loss_count", in: 0...step)
    seconds = try metadata.number("seconds")
    rows = try Self.rows(metadata)
  }

  /// Reads the weights into a phase of the same shape.
  ///
  /// - Throws: `SafetensorsError` if they are damaged or of another shape.
  func restore(_ phase: TrainingPhase, from file: SafetensorsFile) throws {
    let metadata = try Metadata(file, format: .state)
    for (name, buffer) in phase.buffers {
      let values = try file.floats(name)
      guard values.count == phase.network.layout.length else {
        throw metadata.error(
          "'\(name)' has \(values.count) entries, "
            + "expected \(phase.network.layout.length)")
      }
      guard values.allSatisfy(\.isFinite) else {
        throw metadata.error("'\(name)' has entries that are not finite")
      }
      _ = buffer.elements.update(fromContentsOf: values)
    }
    phase.optimizer.stepCount = step
    try phase.network.parametersChanged()
  }

  /// The lines of metrics.csv, which must be some.
  private static func rows(_ metadata: Metadata) throws -> [String] {
    let text = try metadata.text("metrics")
    let header = ResultTable([TrainingRow]()).csvHeader
    _ = try TrainingRow.rows(
      of: CSVTable(
        text: header + "\n" + text, path: "\(metadata.path): metrics"))
    return text.isEmpty ? [] : text.components(separatedBy: "\n")
  }
}
