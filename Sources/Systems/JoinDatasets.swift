import Equations
import Parallel
import TensorFiles

/// Joins shards of one dataset, in any order, into the file that generating
/// the whole at once would have written.
///
/// - Parameters:
///   - paths: the shards.
///   - path: the file of the whole.
///   - replaces: whether a file at `path` is replaced.
///   - cancellation: asked between blocks of some megabytes.
/// - Returns: the number of samples of the whole.
/// - Throws: ``SystemError/shards(_:)`` if they are not consecutive parts of
///   one dataset.
@discardableResult
public func joinDatasets(
  _ paths: [String], to path: String, replaces: Bool = true,
  cancellation: Cancellation = .never
) throws -> Int {
  let shards = try paths.map { try DatasetReader(path: $0) }
    .sorted { ($0.firstSample, $0.count) < ($1.firstSample, $1.count) }
  guard let first = shards.first else {
    throw SystemError.shards("there are no shards to join")
  }
  var end = first.firstSample
  for shard in shards {
    guard
      shard.equation.source == first.equation.source,
      shard.seed == first.seed, shard.n == first.n,
      shard.withSystems == first.withSystems, shard.labels == first.labels
    else {
      throw SystemError.shards(
        "\(shard.path) and \(first.path) are not parts of one dataset: "
          + "equation, seed, nodes and stored systems must agree")
    }
    guard shard.firstSample == end else {
      throw SystemError.shards(
        "\(shard.path) begins at sample \(shard.firstSample), "
          + "expected \(end): a shard is missing or given twice")
    }
    end += shard.count
  }
  let samples = end - first.firstSample
  let layout = DatasetLayout(
    equation: first.equation, n: first.n, samples: samples,
    withSystems: first.withSystems)
  let writer = try SafetensorsWriter(
    path: path, tensors: layout.tensors,
    metadata: layout.metadata(
      seed: first.seed, firstSample: first.firstSample, labels: first.labels,
      largestResidual: shards.map(\.largestResidual).max() ?? 0,
      labelErrors: shards.lazy.compactMap(\.labelErrors).first),
    replaces: replaces)
  try writer.write("x", doubles: first.nodes)
  for (name, _, shape) in layout.tensors where name != "x" {
    let width = shape.dropFirst().reduce(1, *)
    for shard in shards {
      try copy(
        name, shard.count * width, from: shard, to: writer,
        at: (shard.firstSample - first.firstSample) * width, cancellation)
    }
  }
  try writer.finish()
  return samples
}

/// Copies the numbers of a tensor of one shard, 8 MiB at a time, to `place` in
/// the whole.
private func copy(
  _ name: String, _ count: Int, from shard: DatasetReader,
  to writer: SafetensorsWriter, at place: Int, _ cancellation: Cancellation
) throws {
  var start = 0
  while start < count {
    try cancellation.check()
    let end = min(start + 1_048_576, count)
    try writer.write(
      name, at: place + start, doubles: shard.file.doubles(name, start..<end))
    start = end
  }
}
