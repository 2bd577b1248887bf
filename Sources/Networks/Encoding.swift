import Tables
import TensorFiles

/// How an example becomes the tokens that a network reads.
///
/// It is stored with the network, with every constant it needs: a checkpoint
/// alone says how to feed it.
public enum Encoding: Sendable, Equatable {
  case system(SystemEncoding)
  case iterate(IterateEncoding)

  /// The encodings there are, as recipes and checkpoints name them.
  public enum Kind: String, CaseIterable, Sendable {
    /// A linear system, its rows scaled to unit 2-norm.
    case equilibrated
    /// A linear system as it is.
    case raw
    /// An iterate of a minimisation.
    case iterate

    /// Whether linear systems are encoded so.
    public var isOfSystems: Bool { self != .iterate }

    /// The numbers in each of `n` tokens.
    public func features(_ n: Int) -> Int { isOfSystems ? n + 1 : 2 }
  }

  public var kind: Kind {
    switch self {
    case .system(let encoding): encoding.kind
    case .iterate: .iterate
    }
  }

  /// The encoding, where it is one of linear systems.
  ///
  /// - Throws: ``NetworkError/mismatch(_:)`` otherwise.
  func ofSystems() throws(NetworkError) -> SystemEncoding {
    guard case .system(let encoding) = self else {
      throw .mismatch(
        "the network learned steps of a minimisation and solves no linear "
          + "systems")
    }
    return encoding
  }

  /// What the answer to an ordinary example is multiplied by to become the
  /// network's target.
  public var targetGain: Double {
    switch self {
    case .system(let encoding): encoding.unitGain ?? 1
    case .iterate(let encoding): encoding.targetGain
    }
  }

  /// Whether c times the right-hand side gives c times the answer.
  public var isHomogeneous: Bool {
    guard case .system(let encoding) = self else { return false }
    return encoding.unitGain != nil
  }

  /// The gains in words, for listings.
  public var summary: String {
    let short = NumberFormat.short.text
    return "\(kind.rawValue)\(isHomogeneous ? ", homogeneous" : ""), gains "
      + "\(short(gains.matrix)) and \(short(gains.vector))"
  }

  private var gains: (matrix: Double, vector: Double) {
    switch self {
    case .system(let encoding): (encoding.matrixGain, encoding.vectorGain)
    case .iterate(let encoding): (encoding.iterateGain, encoding.productGain)
    }
  }

  /// The root mean square that the gains give the tokens.
  public static let tokenRMS = 0.5

  /// The gain that brings entries to the root mean square ``tokenRMS``.
  ///
  /// - Parameters:
  ///   - squares: the sum of their squares.
  ///   - count: their number.
  /// - Returns: the gain; 1 where all entries are zero or one is not finite.
  static func gain(squares: Double, count: Double) -> Double {
    let rms = (squares / max(count, 1)).squareRoot()
    return rms > 0 && rms.isFinite ? tokenRMS / rms : 1
  }
}

// MARK: Metadata

extension Encoding {
  /// The keys of ``metadata``.
  public static let metadataKeys = [
    "encoding", "homogeneous", "matrix_gain", "vector_gain", "target_gain",
  ]

  /// The constants as a file keeps them; an iterate's gain stands under
  /// `matrix_gain`, that of Aᵀb under `vector_gain`.
  public var metadata: [String: String] {
    let (matrix, vector) = gains
    var values = [
      "encoding": kind.rawValue, "matrix_gain": "\(matrix)",
      "vector_gain": "\(vector)",
    ]
    if isHomogeneous { values["homogeneous"] = "true" }
    if targetGain != 1 { values["target_gain"] = "\(targetGain)" }
    return values
  }

  /// Reads the constants of a file.
  ///
  /// - Throws: `SafetensorsError.metadata` if one is missing or unusable.
  public init(_ metadata: Metadata) throws(SafetensorsError) {
    let kind = try metadata.choice("encoding", of: Kind.self)
    func gain(_ key: String) throws(SafetensorsError) -> Double {
      let gain = try metadata.number(key, as: Double.self)
      guard gain.isNormal, gain > 0 else {
        throw metadata.error("'\(key)' is \(gain), must be a positive number")
      }
      return gain
    }
    let first = try gain("matrix_gain")
    let second = try gain("vector_gain")
    let target = metadata.has("target_gain") ? try gain("target_gain") : 1
    let text = metadata.values["homogeneous"] ?? "false"
    guard let homogeneous = Bool(text), kind.isOfSystems || !homogeneous else {
      throw metadata.error(
        "'homogeneous' is '\(text)', expected "
          + (kind.isOfSystems ? "true or false" : "false"))
    }
    guard kind == .iterate || homogeneous || target == 1 else {
      throw metadata.error("'target_gain' must not be \(target)")
    }
    self =
      kind.isOfSystems
      ? .system(
        SystemEncoding(
          kind: kind, matrixGain: first, vectorGain: second,
          unitGain: homogeneous ? target : nil))
      : .iterate(
        IterateEncoding(
          iterateGain: first, productGain: second, targetGain: target))
  }
}
