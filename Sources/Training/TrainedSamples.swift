import Foundation
import Networks
import Systems
import TensorFiles

extension Checkpoint {
  /// The key of ``trainedSamples`` among the notes.
  static let trainedKey = "trained_on"

  /// The samples that the network has learned from, those of the checkpoint that
  /// it began from included, as far as the file knows.
  public var trainedSamples: [SampleOrigin] {
    if let text = notes[Self.trainedKey], let origins = samples(note: text) {
      return origins
    }
    // The first checkpoints knew their recipe alone; it also stands for a note that
    // somebody has damaged. Without one nobody knows.
    guard let text = notes["recipe"],
      let recipe = try? Recipe(note: text, path: "recipe"),
      let law = recipe.data.equation
    else { return [] }
    guard recipe.data.file == nil else {
      return [Self.origin(law: law, identity: notes["data"] ?? "")].compactMap(
        \.self)
    }
    return [
      SampleOrigin(
        law: law, seed: recipe.seed,
        count: recipe.data.online ? nil : recipe.data.samples)
    ]
  }

  /// The samples of a line such as "diffusion, seed 3, samples 0 to 4999".
  private static func origin(law: String, identity: String) -> SampleOrigin? {
    guard
      let match = identity.firstMatch(
        of: /seed (\d+), samples (\d+) to (\d+)$/),
      let seed = UInt64(match.1), let first = Int(match.2),
      let last = Int(match.3), first <= last, last < .max
    else { return nil }
    return SampleOrigin(
      law: law, seed: seed, first: first, count: last - first + 1)
  }

  /// Notes that samples were learned from as well; nil where nobody can tell which.
  public mutating func add(learned origin: SampleOrigin?) throws {
    guard let origin else { return }
    notes[Self.trainedKey] = try Self.note(trainedSamples + [origin])
  }

  /// Throws if the network has learned from a sample that it is to be measured
  /// on.
  ///
  /// - Parameters:
  ///   - origin: the samples; nil where nobody can tell.
  ///   - name: what the error calls the network.
  ///   - identity: what it calls the samples.
  /// - Throws: ``TrainingError/mismatch(_:)``.
  public func refuseTrainedSamples(
    _ origin: SampleOrigin?, name: String, identity: String
  ) throws {
    guard let origin,
      trainedSamples.contains(where: { $0.shares(with: origin) })
    else { return }
    throw isTrained(name, identity)
  }

  /// Throws if the network has learned from an example that it is to be measured on:
  /// one of the same origin, or a system that was in a file it has learned from,
  /// wherever it lies by now.
  ///
  /// - Parameters:
  ///   - examples: what it is measured on.
  ///   - name: what the error calls the network.
  ///   - threads: threads to look with.
  /// - Throws: ``TrainingError/mismatch(_:)``, what making the examples throws.
  public func refuseTrainedSamples(
    of examples: any ExampleSource, name: String, threads: Int
  ) throws {
    let identity = examples.identity
    try refuseTrainedSamples(examples.origin, name: name, identity: identity)
    let known = trainedSamples.compactMap(\.digests)
    guard !known.isEmpty,
      let own = try examples.systemDigests(threads: threads),
      known.contains(where: { $0.shares(with: own) })
    else { return }
    throw isTrained(name, identity)
  }

  private func isTrained(_ name: String, _ identity: String) -> TrainingError {
    let verb =
      notes[ConformalBand.key] == nil ? "trained" : "trained or calibrated"
    return .mismatch(
      "\(name): was \(verb) on samples of \(identity); its error on them says "
        + "nothing of others (take others, such as those of another seed)")
  }
}

/// Reads such a note; nil of what is none, such as no text.
func samples(note text: String) -> [SampleOrigin]? {
  try? OutsideJSON.decode([SampleOrigin].self, from: Data(text.utf8))
}
