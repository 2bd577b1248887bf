/// Where each parameter tensor of a network lies in its flat buffer.
public struct ParameterLayout: Sendable, Equatable {
  /// One named tensor.
  public struct Tensor: Sendable, Equatable {
    /// The name a PyTorch module would give it.
    public let name: String
    /// Row-major dimensions.
    public let shape: [Int]
    /// The index of its first element in the flat buffer.
    public let offset: Int
    /// How a new network fills it.
    public let initialization: Initialization
    /// The number of elements.
    public var count: Int { shape.reduce(1, *) }
    /// The elements' place in the flat buffer.
    public var range: Range<Int> { offset..<(offset + count) }
    /// Whether it is a weight matrix of one of the blocks or recurrent layers:
    /// these are what Muon orthogonalises and what weight decay is meant for.
    public var isBlockMatrix: Bool {
      shape.count == 2 && (name.hasPrefix("blocks.") || name.hasPrefix("rnn."))
    }
    /// The matrices stacked in it: queries, keys and values, or gates.
    public let stacked: Int
  }

  /// The law of a tensor's initial entries.
  public enum Initialization: Sendable, Equatable {
    case zero
    case one
    /// Uniform on (−bound, bound).
    case uniform(Double)
    /// Normal with mean 0 and the given standard deviation.
    case normal(Double)
  }

  /// The tensors, in the buffer's order.
  public private(set) var tensors: [Tensor] = []
  /// The length of the flat buffer, padding included.
  public private(set) var length = 0

  /// The number of parameters, padding left out.
  public var parameterCount: Int { tensors.reduce(0) { $0 + $1.count } }

  /// Appends a tensor, aligned to a cache line.
  mutating func append(
    _ name: String, _ shape: [Int], _ initialization: Initialization,
    stacked: Int = 1
  ) {
    let tensor = Tensor(
      name: name, shape: shape, offset: length, initialization: initialization,
      stacked: stacked)
    tensors.append(tensor)
    length += (tensor.count + 15) / 16 * 16
  }

  /// The tensor called `name`.
  public subscript(_ name: String) -> Tensor? {
    tensors.first { $0.name == name }
  }
}
