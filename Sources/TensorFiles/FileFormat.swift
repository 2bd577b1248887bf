/// The kinds of files the workbench writes, as their metadata's `format` names
/// them.
public enum FileFormat: String, CaseIterable, Sendable {
  case dataset = "bvp-dataset/1"
  case checkpoint = "bvp-checkpoint/1"
  case state = "bvp-state/1"
  case prediction = "bvp-prediction/1"
  case systems = "bvp-systems/1"
  case newton = "bvp-newton/1"

  /// The kind that a file says it is; nil for one of another maker.
  public init?(of file: SafetensorsFile) {
    guard let name = file.metadata["format"] else { return nil }
    self.init(rawValue: name)
  }

  /// What such a file is, with its article.
  public var noun: String {
    switch self {
    case .dataset: "a dataset"
    case .checkpoint: "a checkpoint"
    case .state: "a training state"
    case .prediction: "a prediction"
    case .systems: "a file of systems"
    case .newton: "a dataset of Newton trajectories"
    }
  }
}
