import Foundation
import Networks
import TensorFiles

/// What a training needs to go on exactly where it stopped.
struct TrainingState {
  static let format = "bvp-state/1"

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

  /// Writes everything, replacing the file in one stroke.
  func write(to path: String, _ phase: TrainingPhase) throws {
    let length = phase.network.layout.length
    var metadata = [
      "format": Self.format, "step": "\(step)",
      "evaluated_step": "\(evaluatedStep)", "loss_sum": "\(lossSum)",
      "loss_count": "\(lossCount)",
      "seconds": "\(seconds)", "metrics": rows.joined(separator: "\n"),
      "recipe": recipe,
    ]
    metadata.merge(encoding.metadata) { _, new in new }
    let writer = try SafetensorsWriter(
      path: path, tensors: phase.buffers.map { ($0.name, DType.F32, [length]) },
      metadata: metadata)
    for (name, buffer) in phase.buffers {
      try writer.write(name, floats: buffer.elements)
    }
    try writer.finish()
  }

  /// Reads a state into a phase of the same shape.
  init(path: String, recipe: String, _ phase: TrainingPhase) throws {
    let file = try SafetensorsFile(path: path)
    let metadata = file.metadata
    func value(_ key: String) throws -> String {
      guard let value = metadata[key] else {
        throw TrainingError.state(
          path: path, reason: "metadata have no '\(key)'")
      }
      return value
    }
    func number<T: LosslessStringConvertible>(_ key: String) throws -> T {
      guard let number = T(try value(key)) else {
        throw TrainingError.state(
          path: path, reason: "'\(key)' is not a number")
      }
      return number
    }
    guard try value("format") == Self.format else {
      throw TrainingError.state(
        path: path, reason: "is not a training state (\(Self.format))")
    }
    self.recipe = try value("recipe")
    guard self.recipe == recipe else {
      throw TrainingError.state(
        path: path, reason: "belongs to another recipe than recipe.yaml")
    }
    do {
      encoding = try Encoding(metadata: metadata)
    } catch {
      throw TrainingError.state(path: path, reason: "\(error)")
    }
    step = try number("step")
    evaluatedStep = try number("evaluated_step")
    lossSum = try number("loss_sum")
    lossCount = try number("loss_count")
    seconds = try number("seconds")
    let text = try value("metrics")
    rows = text.isEmpty ? [] : text.components(separatedBy: "\n")
    for (name, buffer) in phase.buffers {
      let values = try file.floats(name)
      guard values.count == phase.network.layout.length else {
        throw TrainingError.state(
          path: path,
          reason: "'\(name)' has \(values.count) entries, "
            + "expected \(phase.network.layout.length)")
      }
      _ = buffer.elements.update(fromContentsOf: values)
    }
    phase.optimizer.stepCount = step
    phase.network.parametersChanged()
  }

  init(encoding: Encoding, recipe: String) {
    self.encoding = encoding
    self.recipe = recipe
  }
}
