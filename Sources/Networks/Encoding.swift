import DenseSolvers
import Solutions
import Systems
import Tables
import TensorFiles

/// How an example becomes the tokens that a network reads.
///
/// It is stored with the network, with every constant it needs: a checkpoint
/// alone says how to feed it.
public enum Encoding: Sendable, Equatable {
  case system(SystemEncoding)
  case factors(FactorEncoding)
  case coefficients(OperatorEncoding)
  case iterate(IterateEncoding)

  /// The orders of systems whose operators are factored.
  public static let factorOrders = 4...4096
  /// Those of systems whose coefficients are estimated.
  public static let estimateOrders = 4...256

  /// The encodings there are, as recipes and checkpoints name them.
  public enum Kind: String, CaseIterable, Sendable {
    /// A linear system, its rows scaled to unit 2-norm.
    case equilibrated
    /// A linear system as it is.
    case raw
    /// The coefficients of a second-order operator, read off its matrix.
    case factors
    /// The coefficients, estimated from a matrix that is noisy, and how far they
    /// may be off.
    case estimates
    /// The same with the conditions at the ends; answers are a matrix's products
    /// with right-hand sides.
    case coefficients
    /// An iterate of a minimisation.
    case iterate
    /// The same with the gradient there.
    case gradient

    /// Whether linear systems are encoded so.
    public var isOfSystems: Bool { self != .iterate && self != .gradient }

    /// The numbers in each of `n` tokens.
    public func features(_ n: Int) -> Int {
      switch self {
      case .equilibrated, .raw: n + 1
      case .factors: FactorEncoding.count
      case .estimates: FactorEncoding.estimateFeatures
      case .coefficients: OperatorEncoding.count(n)
      case .iterate: 2
      case .gradient: 3
      }
    }

    /// The numbers that a network says of each of `n` tokens.
    func outputs(_ n: Int) -> Int {
      switch self {
      case .factors, .estimates: FactorEncoding.count
      case .coefficients: n
      case .equilibrated, .raw, .iterate, .gradient: 1
      }
    }

    /// Whether answers are linear in the right-hand side, whatever a network says.
    public var isLinear: Bool { isOfFields || self == .coefficients }

    /// Whether a network says the fields of an operator's factors.
    public var isOfFields: Bool { self == .factors || self == .estimates }
  }

  public var kind: Kind {
    switch self {
    case .system(let encoding): encoding.kind
    case .factors(let encoding):
      encoding.estimator == nil ? .factors : .estimates
    case .coefficients: .coefficients
    case .iterate(let encoding):
      encoding.gradientGain == nil ? .iterate : .gradient
    }
  }

  /// Throws unless the encoding is one of linear systems.
  func requireSystems() throws(NetworkError) {
    guard kind.isOfSystems else {
      throw .mismatch(
        "the network learned steps of a minimisation and solves no linear "
          + "systems")
    }
  }

  /// What the answer to an ordinary example is multiplied by to become the
  /// network's target.
  public var targetGain: Double {
    switch self {
    case .system(let encoding): encoding.unitGain ?? 1
    case .factors: 1
    case .coefficients(let encoding): encoding.solutionGain
    case .iterate(let encoding): encoding.targetGain
    }
  }

  /// What a loss is divided by to be a mean squared error of solutions, where it is
  /// one but for a gain.
  public var squaredUnit: Double {
    switch self {
    case .system, .coefficients: targetGain * targetGain
    case .factors, .iterate: 1
    }
  }

  /// Whether c times the right-hand side gives c times the answer.
  public var isHomogeneous: Bool {
    switch self {
    case .system(let encoding): encoding.unitGain != nil
    case .factors, .coefficients: true
    case .iterate: false
    }
  }

  /// The gains in words, for listings.
  public var summary: String {
    let short = NumberFormat.short.text
    return "\(kind.rawValue)\(isHomogeneous ? ", homogeneous" : ""), gains "
      + gains.map(short).joined(separator: gains.count == 2 ? " and " : ", ")
  }

  private var gains: [Double] {
    switch self {
    case .system(let encoding): [encoding.matrixGain, encoding.vectorGain]
    case .factors(let encoding):
      encoding.coefficientGains + encoding.fieldGains
    case .coefficients(let encoding):
      encoding.coefficientGains + [encoding.solutionGain]
    case .iterate(let encoding):
      [encoding.iterateGain, encoding.productGain]
        + [encoding.gradientGain].compactMap(\.self)
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

  /// The gain that brings what has a mean square to a root mean square; what is
  /// zero but for rounding is not blown up.
  static func gain(mean square: Double, _ rms: Double) -> Double {
    let own = square.squareRoot()
    return own > 1e-6 && own.isFinite ? rms / own : 1
  }
}

// MARK: Orders

extension Encoding {
  /// The encoding of systems of an order, where a network is one for several.
  func on(_ order: Int) -> Encoding {
    guard case .factors(let encoding) = self, Self.factorOrders.contains(order)
    else { return self }
    return .factors(encoding.on(order))
  }

  /// Whether systems of order n have it.
  func isOf(_ n: Int) -> Bool {
    switch self {
    case .factors(let encoding): encoding.n == n
    case .coefficients(let encoding): encoding.n == n
    case .system, .iterate: true
    }
  }

  /// The tokens of a system of order n.
  public func tokenCount(_ n: Int) -> Int {
    if case .factors(let encoding) = self { encoding.tokens } else { n }
  }
}

// MARK: Metadata

extension Encoding {
  /// The keys of ``metadata``.
  public static let metadataKeys = [
    "encoding", "n", "homogeneous", "matrix_gain", "vector_gain", "target_gain",
    "gradient_gain", "coefficient_gains", "field_gains", "corrections", "terms",
  ]

  /// The constants as a file keeps them; an iterate's gain stands under
  /// `matrix_gain`, that of Aᵀb under `vector_gain`, the gradient's under
  /// `gradient_gain`.
  public var metadata: [String: String] {
    func text(_ gains: [Double]) -> String {
      gains.map { "\($0)" }.joined(separator: ",")
    }
    if case .coefficients(let encoding) = self {
      return [
        "encoding": kind.rawValue, "n": "\(encoding.n)",
        "coefficient_gains": text(encoding.coefficientGains),
        "target_gain": "\(encoding.solutionGain)",
      ]
    }
    if case .factors(let encoding) = self {
      var values = [
        "encoding": kind.rawValue, "n": "\(encoding.n)",
        "coefficient_gains": text(encoding.coefficientGains),
        "field_gains": text(encoding.fieldGains),
        "corrections": "\(encoding.corrections)",
      ]
      values["terms"] = encoding.estimator.map {
        $0.terms.map(\.rawValue).joined(separator: ",")
      }
      return values
    }
    var values = [
      "encoding": kind.rawValue, "matrix_gain": "\(gains[0])",
      "vector_gain": "\(gains[1])",
    ]
    if gains.count > 2 { values["gradient_gain"] = "\(gains[2])" }
    if isHomogeneous { values["homogeneous"] = "true" }
    if targetGain != 1 { values["target_gain"] = "\(targetGain)" }
    return values
  }

  /// Reads the constants of a file.
  ///
  /// - Throws: `SafetensorsError.metadata` if one is missing or unusable.
  public init(_ metadata: Metadata) throws(SafetensorsError) {
    let kind = try metadata.choice("encoding", of: Kind.self)
    switch kind {
    case .factors, .estimates, .coefficients:
      self = try Self.linear(kind, metadata)
      return
    case .equilibrated, .raw, .iterate, .gradient: break
    }
    let first = try Self.gain("matrix_gain", metadata)
    let second = try Self.gain("vector_gain", metadata)
    let target =
      metadata.has("target_gain")
      ? try Self.gain("target_gain", metadata) : 1
    let text = metadata.values["homogeneous"] ?? "false"
    guard let homogeneous = Bool(text), kind.isOfSystems || !homogeneous else {
      throw metadata.error(
        "'homogeneous' is '\(text)', expected "
          + (kind.isOfSystems ? "true or false" : "false"))
    }
    guard !kind.isOfSystems || homogeneous || target == 1 else {
      throw metadata.error(
        "'target_gain' is \(target), but 'homogeneous' is not true")
    }
    self =
      kind.isOfSystems
      ? .system(
        SystemEncoding(
          kind: kind, matrixGain: first, vectorGain: second,
          unitGain: homogeneous ? target : nil))
      : .iterate(
        IterateEncoding(
          iterateGain: first, productGain: second,
          gradientGain: kind == .gradient
            ? try Self.gain("gradient_gain", metadata) : nil,
          targetGain: target))
  }

  /// An encoding of operators.
  private static func linear(
    _ kind: Kind, _ metadata: Metadata
  ) throws(SafetensorsError) -> Encoding {
    let n = try metadata.number(
      "n", in: kind == .estimates ? estimateOrders : factorOrders)
    let coefficientGains = try gains("coefficient_gains", metadata)
    guard kind.isOfFields else {
      return .coefficients(
        OperatorEncoding(
          coefficientGains: coefficientGains,
          solutionGain: try gain("target_gain", metadata),
          PolyaFactorization(nodes: n)))
    }
    return .factors(
      FactorEncoding(
        coefficientGains: coefficientGains,
        fieldGains: try gains("field_gains", metadata),
        corrections: try metadata.number("corrections", in: 0...100),
        PolyaFactorization(nodes: n),
        estimator: kind == .estimates ? try estimator(n, metadata) : nil))
  }

  private static func estimator(
    _ n: Int, _ metadata: Metadata
  ) throws(SafetensorsError) -> CoefficientEstimator {
    let terms = try terms(metadata)
    do {
      return try CoefficientEstimator(nodes: n, terms: terms)
    } catch {
      throw metadata.error("'n' is \(n): \(error)")
    }
  }

  /// The coefficients that are estimated.
  private static func terms(
    _ metadata: Metadata
  ) throws(SafetensorsError) -> [CoefficientEstimator.Term] {
    let text = try metadata.text("terms")
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let terms = parts.compactMap {
      CoefficientEstimator.Term(rawValue: String($0))
    }
    guard terms.count == parts.count, terms.first == .K,
      terms == CoefficientEstimator.Term.allCases.filter(terms.contains)
    else {
      throw metadata.error(
        "'terms' is '\(text)', expected K, and V or Q after it")
    }
    return terms
  }

  private static func gain(
    _ key: String, _ metadata: Metadata
  ) throws(SafetensorsError) -> Double {
    let gain = try metadata.number(key, as: Double.self)
    guard gain.isNormal, gain > 0 else {
      throw metadata.error("'\(key)' is \(gain), must be a positive number")
    }
    return gain
  }

  private static func gains(
    _ key: String, _ metadata: Metadata
  ) throws(SafetensorsError) -> [Double] {
    let text = try metadata.text(key)
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let values = parts.compactMap { Double($0) }
    guard values.count == FactorEncoding.count, parts.count == values.count,
      values.allSatisfy({ $0.isNormal && $0 > 0 })
    else {
      throw metadata.error(
        "'\(key)' is '\(text)', expected three positive numbers")
    }
    return values
  }
}

// MARK: Systems

extension Encoding {
  /// What is kept of an example to make an answer of a network's outputs, in
  /// numbers: the gain of the target; the logarithm of K's mean, b and A; or the
  /// rows' scales and b.
  public func contextCount(_ n: Int) -> Int {
    switch kind {
    case .factors, .estimates: 1 + n + n * n
    case .coefficients: 2 * n
    case .equilibrated, .raw, .iterate, .gradient: 1
    }
  }

  /// Writes the tokens of a system, and what its answer needs.
  ///
  /// - Parameters:
  ///   - A: the matrix, n × n in column-major order.
  ///   - b: the right-hand side, n numbers.
  ///   - n: the order.
  ///   - tokens: receives n tokens.
  ///   - context: receives ``contextCount(_:)`` numbers.
  ///   - scales: scratch of n numbers.
  func encode(
    _ A: UnsafePointer<Double>, _ b: UnsafePointer<Double>, n: Int,
    into tokens: UnsafeMutablePointer<Float>,
    context: UnsafeMutablePointer<Double>, scales: inout [Double]
  ) {
    switch self {
    case .system(let encoding):
      context[0] = encoding.encode(A, b, n: n, into: tokens, scales: &scales)
    case .factors(let encoding):
      context[0] = encoding.encode(A, into: tokens)
      (context + 1).update(from: b, count: n)
      (context + 1 + n).update(from: A, count: n * n)
    case .coefficients(let encoding):
      encoding.encode(A, into: tokens, scales: context)
      (context + n).update(from: b, count: n)
    case .iterate: preconditionFailure("an iterate is no system")
    }
  }

  /// The tokens of one system, [n, features] in row-major order.
  func tokens(A: [Double], b: [Double]) -> [Float] {
    let n = b.count
    var scales = [Double](repeating: 1, count: n)
    var tokens = [Float](repeating: 0, count: tokenCount(n) * kind.features(n))
    var context = [Double](repeating: 0, count: contextCount(n))
    tokens.withUnsafeMutableBufferPointer { tokens in
      context.withUnsafeMutableBufferPointer { context in
        guard let tokens = tokens.baseAddress, let context = context.baseAddress
        else { return }
        encode(A, b, n: n, into: tokens, context: context, scales: &scales)
      }
    }
    return tokens
  }

  /// Writes what a network is to say of a system.
  ///
  /// - Parameters:
  ///   - system: without noise.
  ///   - context: of the system as it was encoded.
  ///   - workspace: memory of the calling thread.
  ///   - targets: receives the network's outputs.
  /// - Returns: what the squares of its errors are multiplied by to be those of
  ///   the answer, where the target is one.
  /// - Throws: `OscillatoryOperator` for an operator that has no factors,
  ///   `SolveFailure`.
  func writeTargets(
    _ system: SolvedSystem, context: UnsafePointer<Double>,
    workspace: Workspace, into targets: UnsafeMutablePointer<Float>
  ) throws -> Float {
    precondition(kind != .coefficients, "a matrix is learned by its products")
    if case .factors(let encoding) = self {
      try encoding.writeTargets(
        system.A, logarithm: context[0], workspace: workspace, into: targets)
      return 1
    }
    let gain = context[0]
    for i in 0..<system.n { targets[i] = Float(gain * system.u[i]) }
    let weight = gain == 0 ? 0 : targetGain / gain
    return Float(weight * weight)
  }

  /// Makes the answer of a network's outputs.
  ///
  /// - Parameters:
  ///   - outputs: the network's.
  ///   - context: of the example.
  ///   - n: the order.
  ///   - answer: receives n numbers.
  func decode(
    _ outputs: UnsafePointer<Float>, context: UnsafePointer<Double>, n: Int,
    into answer: UnsafeMutablePointer<Double>
  ) {
    if case .factors(let encoding) = self {
      let x = encoding.answer(
        encoding.fields(outputs, logarithm: context[0]), A: context + 1 + n,
        b: context + 1)
      for i in 0..<n { answer[i] = x[i] }
      return
    }
    if case .coefficients(let encoding) = self {
      let x = encoding.answer(outputs, scales: context, b: context + n)
      for i in 0..<n { answer[i] = x[i] }
      return
    }
    let gain = context[0]
    for i in 0..<n { answer[i] = gain == 0 ? 0 : Double(outputs[i]) / gain }
  }
}
