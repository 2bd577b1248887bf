import ArgumentParser
import Training

/// The size of a network; what is not given is the preset's.
struct ShapeOptions: ParsableArguments {
  @Option(
    help: "The embedding dimension, or the units of a recurrent layer.")
  var width: Int?

  @Option(help: "Transformer blocks, or recurrent layers.")
  var depth: Int?

  @Option(help: "Attention heads.")
  var heads: Int?

  func apply(to network: inout Recipe.NetworkSettings) {
    network.width = width ?? network.width
    network.depth = depth ?? network.depth
    network.heads = heads ?? network.heads
  }
}
