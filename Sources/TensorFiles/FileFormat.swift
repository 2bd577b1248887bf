/// The kinds of files the workbench writes, as their metadata's `format` names
/// them.
public enum FileFormat: String, CaseIterable, Sendable {
  case dataset = "bvp-dataset/1"
  case checkpoint = "bvp-checkpoint/1"
  case state = "bvp-state/1"
  case prediction = "bvp-prediction/1"
  case newton = "bvp-newton/1"

  /// What such a file is, with its article.
  public var noun: String {
    switch self {
    case .dataset: "a dataset"
    case .checkpoint: "a checkpoint"
    case .state: "a training state"
    case .prediction: "a prediction"
    case .newton: "a dataset of Newton trajectories"
    }
  }
}
