import TensorFiles

/// The rows of samples that were made before anybody knew how many there are, on the
/// disk: none is made twice.
final class RowSpool: Sendable {
  private let file: ScratchFile
  /// The samples that may be put here.
  private let samples: Range<Int>
  /// For each of them how many rows it has, and where they are.
  private let counts: WorkerResults
  private let places: WorkerResults

  /// Begins one.
  ///
  /// - Throws: `SafetensorsError` if there is no room beside the file.
  init(_ samples: Range<Int>, beside path: String) throws {
    self.samples = samples
    file = try ScratchFile(beside: path)
    counts = WorkerResults(count: samples.count)
    places = WorkerResults(count: samples.count)
  }

  /// How many rows each sample has.
  var rowCounts: [Double] { counts.values }

  /// Makes the rows of samples.
  ///
  /// - Parameters:
  ///   - indices: which.
  ///   - source: what makes them.
  ///   - layout: what is kept of each.
  ///   - leavesOut: whether samples that nobody can solve have none.
  /// - Throws: what the source throws, `SafetensorsError`.
  func fill(
    _ indices: Range<Int>, from source: any RowSource, _ layout: DatasetLayout,
    leavesOut: Bool
  ) throws {
    let workspace = SystemWorkspace()
    let one = SampleBlock(layout, rows: 1)
    for index in indices {
      var numbers: [Double] = []
      try SampleBlock.forEachRow(
        of: index..<index + 1, source, leavesOut: leavesOut, workspace
      ) { row in
        one.store(row, 0)
        numbers += one.record(0)
      }
      let place = index - samples.lowerBound
      counts[place] = Double(numbers.count / one.width)
      // A Float64 counts the bytes of any disk.
      places[place] = Double(try file.append(numbers))
    }
  }

  /// Puts the rows of samples into a block, one after another.
  ///
  /// - Throws: `SafetensorsError`.
  func read(_ indices: Range<Int>, into block: SampleBlock) throws {
    var next = 0
    for index in indices {
      let place = index - samples.lowerBound
      let count = Int(counts[place])
      let numbers = try file.read(
        count * block.width, at: Int(places[place]))
      for row in 0..<count {
        block.store(record: numbers[(row * block.width)...], next)
        next += 1
      }
    }
  }
}
