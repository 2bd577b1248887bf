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

  /// The tensors dealt out: for each of `count` a stretch of them, by their
  /// numbers, with about as many parameters as the others.
  public func shares(for count: Int) -> [Range<Int>] {
    /// Where a share ends: at the tensor that its last parameter is nearest to.
    let ends = (0...count).map { share in
      let wanted = length * share / count
      return tensors.indices.first { index in
        let next =
          index + 1 < tensors.count ? tensors[index + 1].offset : length
        return tensors[index].offset + next > 2 * wanted
      } ?? tensors.count
    }
    return (0..<count).map { share in
      let first = share == 0 ? 0 : ends[share]
      let last = share + 1 == count ? tensors.count : ends[share + 1]
      return first..<max(first, last)
    }
  }

  /// The place of consecutive tensors, by their numbers, in the flat buffer.
  public func range(of numbers: Range<Int>) -> Range<Int> {
    guard let first = numbers.first, let last = numbers.last else {
      return 0..<0
    }
    return tensors[first].offset..<tensors[last].range.upperBound
  }

  /// The tensor called `name`.
  public subscript(_ name: String) -> Tensor? {
    tensors.first { $0.name == name }
  }
}
