/// The shape of a bidirectional recurrent network, one of the paper's baselines.
///
/// It reads the same tokens as the Algebraformer, column by column in both
/// directions, and a linear map takes the two states at a token to its answer.
/// The paper's have `hidden` 384 and `depth` 4: at n = 64, 12 021 505 parameters
/// (LSTM) and 9 016 321 (GRU).
public struct RecurrentConfiguration: Sendable, Equatable {
  /// The recurrent cells there are.
  public enum Cell: String, CaseIterable, Sendable {
    /// Hochreiter and Schmidhuber (1997) with a forget gate, as in PyTorch.
    case lstm
    /// Cho et al. (2014) with the reset gate after the product, as in PyTorch.
    case gru
  }

  public var cell: Cell
  /// Tokens, which is the order of the linear system.
  public var n: Int
  /// Numbers in a token.
  public var features: Int
  /// Units in each direction of a layer.
  public var hidden: Int
  /// Layers.
  public var depth: Int

  /// Checks and stores a shape; `features` is n + 1 unless it is given.
  ///
  /// - Throws: ``NetworkError/configuration(_:)`` if a dimension is not
  ///   positive.
  public init(
    _ cell: Cell, n: Int = 64, features: Int? = nil, hidden: Int = 384,
    depth: Int = 4
  ) throws {
    self.cell = cell
    self.n = n
    self.features = features ?? (n < .max ? n + 1 : n)
    self.hidden = hidden
    self.depth = depth
    try NetworkError.requireDimensions([
      ("n", n, 65_536), ("features", self.features, 65_537),
      ("hidden", hidden, 65_536), ("depth", depth, 1024),
    ])
  }

  /// Matrices stacked in a weight tensor.
  public var gates: Int { cell == .lstm ? 4 : 3 }

  /// The tensors of such a network, named as PyTorch names them.
  ///
  /// All start uniform on ±1/√hidden, as PyTorch's do.
  public var layout: ParameterLayout {
    var layout = ParameterLayout()
    func uniform(_ fan: Int) -> ParameterLayout.Initialization {
      .uniform(1 / Double(fan).squareRoot())
    }
    for layer in 0..<depth {
      for suffix in Self.suffixes(layer) {
        let inputs = layer == 0 ? features : 2 * hidden
        let rows = gates * hidden
        layout.append(
          "rnn.weight_ih_" + suffix, [rows, inputs], uniform(hidden),
          stacked: gates)
        layout.append(
          "rnn.weight_hh_" + suffix, [rows, hidden], uniform(hidden),
          stacked: gates)
        layout.append("rnn.bias_ih_" + suffix, [rows], uniform(hidden))
        layout.append("rnn.bias_hh_" + suffix, [rows], uniform(hidden))
      }
    }
    layout.append("decode.weight", [1, 2 * hidden], uniform(2 * hidden))
    layout.append("decode.bias", [1], uniform(2 * hidden))
    return layout
  }

  /// The ends of the names of a layer's tensors, forward and backward.
  static func suffixes(_ layer: Int) -> [String] {
    ["l\(layer)", "l\(layer)_reverse"]
  }

  /// The floating-point operations of one sample's forward pass in matrix
  /// products; a training pass takes three times as many.
  public var forwardFlops: Double {
    let H = Double(hidden)
    let rows = Double(gates) * H
    let inner = 2 * rows * (Double(features) + H)
    let outer = 2 * rows * (2 * H + H)
    return 2 * Double(n) * (inner + Double(depth - 1) * outer + 2 * H)
  }
}
