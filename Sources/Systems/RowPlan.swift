/// Which rows of a dataset its samples have.
struct RowPlan {
  /// The indices of the samples.
  let samples: Range<Int>
  /// Where each sample's rows begin, and where the last's end; nil where each
  /// has one.
  private let starts: [Int]?
  /// How many samples have none.
  let leftOut: Int
  /// The most rows that a sample has.
  let mostRows: Int

  /// A row for each sample.
  init(_ samples: Range<Int>) {
    self.samples = samples
    starts = nil
    leftOut = 0
    mostRows = 1
  }

  /// So many rows for each sample.
  init(_ samples: Range<Int>, counts: [Double]) {
    self.samples = samples
    var starts = [0]
    var end = 0
    for count in counts {
      end += Int(count)
      starts.append(end)
    }
    self.starts = starts
    leftOut = counts.count { $0 == 0 }
    mostRows = Int(counts.max() ?? 1)
  }

  /// How many rows there are.
  var count: Int { starts?.last ?? samples.count }

  /// The rows of some of the samples.
  func rows(of own: Range<Int>) -> Range<Int> {
    let first = own.lowerBound - samples.lowerBound
    let last = own.upperBound - samples.lowerBound
    guard let starts else { return first..<last }
    return starts[first]..<starts[last]
  }
}
