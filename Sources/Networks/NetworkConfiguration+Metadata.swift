import TensorFiles

extension NetworkConfiguration {
  /// The keys of ``metadata``.
  static let metadataKeys = [
    "model", "n", "features", "width", "depth", "heads", "causal", "rank",
  ]

  /// The shape as a checkpoint keeps it.
  var metadata: [String: String] {
    var values = [
      "model": model.rawValue, "n": "\(n)", "features": "\(features)",
      "width": "\(width)", "depth": "\(depth)",
    ]
    if isTransformer {
      values["heads"] = "\(heads)"
      values["causal"] = "\(isCausal)"
    }
    if let rank { values["rank"] = "\(rank)" }
    return values
  }

  /// Reads the shape of a checkpoint.
  ///
  /// - Throws: `SafetensorsError.metadata` if a key is missing or unusable.
  init(_ metadata: Metadata) throws {
    let model = try metadata.choice("model", of: Model.self)
    let causal = metadata.values["causal"].map { Bool($0) } ?? false
    guard let causal else {
      throw metadata.error(
        "'causal' is '\(try metadata.text("causal"))', expected true or false")
    }
    do {
      try self.init(
        model, n: metadata.number("n"), features: metadata.number("features"),
        width: metadata.number("width"), depth: metadata.number("depth"),
        heads: [.lstm, .gru].contains(model) ? 1 : metadata.number("heads"),
        causal: causal,
        rank: model == .greens ? metadata.number("rank") : 1)
    } catch NetworkError.configuration(let reason) {
      throw metadata.error(reason)
    }
  }
}
