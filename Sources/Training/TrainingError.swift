/// What can stop a training.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
  /// The loss or the gradient stopped being a number.
  case nonFinite(quantity: String, step: Int, kept: Int)
  /// The state on disk does not belong to this training.
  case state(path: String, reason: String)
  /// A recipe that cannot be followed.
  case recipe(path: String?, key: String, reason: String)
  /// Network and data do not fit together.
  case mismatch(String)

  public var description: String {
    switch self {
    case .nonFinite(let quantity, let step, let kept):
      "the \(quantity) is not finite at step \(step); "
        + "the state of step \(kept) is kept (try a lower --learning-rate)"
    case .state(let path, let reason): "\(path): \(reason)"
    case .recipe(let path, let key, let reason):
      (path.map { "\($0): " } ?? "") + "\(key): \(reason)"
    case .mismatch(let reason): reason
    }
  }
}
