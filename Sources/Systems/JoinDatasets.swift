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
/// - Returns: the number of rows of the whole.
/// - Throws: ``SystemError/shards(_:)`` if they are not consecutive parts of
///   one dataset.
@discardableResult
public func joinDatasets(
  _ paths: [String], to path: String, replaces: Bool = true,
  cancellation: Cancellation = .never
) throws -> Int {
  let shards = try paths.map { try DatasetReader(path: $0) }
    .sorted {
      ($0.samples.lowerBound, $0.samples.count)
        < ($1.samples.lowerBound, $1.samples.count)
    }
  guard let first = shards.first else {
    throw SystemError.shards("there are no shards to join")
  }
  var end = first.samples.lowerBound
  var starts: [Int] = []
  var rows = 0
  for shard in shards {
    guard
      shard.equation.source == first.equation.source,
      shard.seed == first.seed, shard.n == first.n,
      shard.withSystems == first.withSystems,
      shard.contents == first.contents
    else {
      throw SystemError.shards(
        "\(shard.path) and \(first.path) are not parts of one dataset: "
          + "equation, seed, nodes and what is stored must agree")
    }
    guard shard.samples.lowerBound == end else {
      throw SystemError.shards(
        "\(shard.path) begins at sample \(shard.samples.lowerBound), "
          + "expected \(end): a shard is missing or given twice")
    }
    end = shard.samples.upperBound
    starts.append(rows)
    rows += shard.count
  }
  let layout = DatasetLayout(
    equation: first.equation, n: first.n, rows: rows,
    withSystems: first.withSystems, contents: first.contents)
  let writer = try SafetensorsWriter(
    path: path, tensors: layout.tensors,
    metadata: layout.metadata(
      seed: first.seed, samples: first.samples.lowerBound..<end,
      leftOut: shards.reduce(0) { $0 + $1.leftOut },
      largestResidual: shards.map(\.largestResidual).max() ?? 0,
      labelErrors: shards.lazy.compactMap(\.labelErrors).first),
    replaces: replaces)
  try writer.write("x", doubles: first.nodes)
  for (name, _, shape) in layout.tensors where name != "x" {
    let width = shape.dropFirst().reduce(1, *)
    for (shard, start) in zip(shards, starts) {
      try copy(
        name, shard.count * width, from: shard, to: writer, at: start * width,
        cancellation)
    }
  }
  try writer.finish()
  return rows
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
