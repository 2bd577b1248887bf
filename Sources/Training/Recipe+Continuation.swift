extension Recipe {
  /// A setting that two recipes differ in.
  public struct Difference: Equatable, Sendable, CustomStringConvertible {
    /// The key in recipe.yaml.
    public let key: String
    let mine: String
    let theirs: String

    /// The key and both values, as far as they fit on a line.
    public var description: String {
      let values = [mine, theirs]
      guard
        values.allSatisfy({ $0.count <= 60 && !$0.contains(where: \.isNewline) }
        )
      else {
        return "another \(key)"
      }
      return "\(key) \(mine), not \(theirs)"
    }
  }

  /// The settings that another recipe has otherwise, in the order of
  /// recipe.yaml.
  public func differences(from other: Recipe) throws -> [Difference] {
    let mine = try settings()
    let theirs = try other.settings()
    let values = Dictionary(theirs) { first, _ in first }
    let changed = mine.compactMap { key, value in
      values[key] == value
        ? nil
        : Difference(key: key, mine: value, theirs: values[key] ?? "none")
    }
    let own = Set(mine.map(\.key))
    let missing = theirs.filter { !own.contains($0.key) }.map {
      Difference(key: $0.key, mine: "none", theirs: $0.value)
    }
    return (changed + missing).filter { $0.key != "format" }
  }

  /// The keys that a run may have otherwise when it is extended.
  static let extensionKeys = [
    "schedule.epochs", "schedule.steps", "schedule.earlier_ends",
  ]

  /// The recipe with which a run of `other`'s goes on, if it may.
  ///
  /// A run keeps its recipe; once it has finished, more epochs or steps extend
  /// it.
  ///
  /// - Parameters:
  ///   - other: the recipe that the run has had so far.
  ///   - isFinished: whether the run took all of its steps.
  ///   - path: what errors call the run.
  ///   - length: the steps of a recipe.
  /// - Returns: the recipe, which knows where the run ended before.
  /// - Throws: ``TrainingError/state(path:reason:)`` that names the setting.
  func continuing(
    _ other: Recipe, isFinished: Bool, path: String,
    length: (Recipe) -> Int
  ) throws -> Recipe {
    var asked = self
    asked.schedule.earlierEnds = other.schedule.earlierEnds
    let changes = try other.differences(from: asked)
    if let change = changes.first(where: {
      !Self.extensionKeys.contains($0.key)
    }) {
      throw TrainingError.state(
        path: path, reason: "the run has \(change); it goes on as it began")
    }
    guard let change = changes.first else { return other }
    let end = length(other)
    guard change.key != "schedule.epochs" || other.schedule.steps == nil else {
      throw TrainingError.state(
        path: path,
        reason: "the run counts its \(end) steps, not epochs; more --steps "
          + "extend it")
    }
    guard length(asked) > end else {
      throw TrainingError.state(
        path: path,
        reason: "the run has \(change); it has \(end) steps, and can only be "
          + "given more")
    }
    guard isFinished else {
      throw TrainingError.state(
        path: path,
        reason: "the run has \(change); it can be given more steps when it has "
          + "taken its own")
    }
    asked.schedule.earlierEnds = (other.schedule.earlierEnds ?? []) + [end]
    return asked
  }
}
