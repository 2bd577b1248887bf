import ArgumentParser

/// A part of a dataset, "2/5".
struct Shard: ExpressibleByArgument {
  let index: Int
  let count: Int

  init?(argument: String) {
    let parts = argument.split(
      separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let index = Int(parts[0]),
      let count = Int(parts[1]), (1...1_000_000).contains(count),
      (1...count).contains(index)
    else { return nil }
    self.index = index
    self.count = count
  }
}
