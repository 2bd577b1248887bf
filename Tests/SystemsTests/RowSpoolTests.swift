import Equations
import Foundation
import TensorFiles
import TestSupport
import Testing

@testable import Systems

/// Counts how often rows are made.
private final class CountingRows: RowSource, @unchecked Sendable {
  let name = "counted"
  private let rows: any RowSource
  private var counts: [Int: Int] = [:]
  private let lock = NSLock()

  init(_ rows: any RowSource) { self.rows = rows }

  var all: [Int: Int] { lock.withLock { counts } }

  func forEachRow(
    of index: Int, workspace: SystemWorkspace,
    _ row: (DatasetRow) throws -> Void
  ) throws {
    lock.withLock { counts[index, default: 0] += 1 }
    try rows.forEachRow(of: index, workspace: workspace, row)
  }
}

struct RowSpoolTests {
  /// Every sample is solved once, whatever the dataset has of it, and the file is
  /// what it would be if it were known beforehand which samples there are.
  @Test func everySampleIsSolvedOnce() throws {
    let folder = try TemporaryFolder()
    let resonant = equationText(
      parameters: ["m: {choice: [1, 1.5]}"],
      coefficients: ["K: 1", "f: 1", "q: -(m * pi)^2"])
    let folded = equationText(
      parameters: ["lambda: {choice: [1, 5]}"],
      coefficients: ["K: 1", "f: lambda * exp(u)"])
    let steps = NewtonSystems(initial: "0", isEveryStep: true)
    for (text, contents) in [
      (resonant, DatasetContents(leavesOut: true)),
      (folded, DatasetContents(newton: steps, leavesOut: true)),
      (resonant.replacing("1, 1.5", with: "1.5, 2.5"), DatasetContents()),
    ] {
      let equation = try Equation(yaml: text, path: "mine.yaml")
      for withSystems in [false, true] {
        let generator = DatasetGenerator(
          equation, nodes: 16, seed: 3, samples: 2..<40, threads: 3,
          withSystems: withSystems, contents: contents)
        let rows = CountingRows(
          try contents.source(equation, nodes: 16, seed: 3))
        let summary = try generator.write(rows, to: folder.path("d"))
        #expect(
          rows.all
            == Dictionary(uniqueKeysWithValues: (2..<40).map { ($0, 1) }))
        // Nothing is left beside it.
        #expect(try folder.content == ["d"])
        let reader = try DatasetReader(path: folder.path("d"))
        #expect(reader.count == summary.rows && summary.rows > 0)
        let source = try contents.source(equation, nodes: 16, seed: 3)
        var place = 0
        for index in 2..<40 {
          var made: [DatasetRow] = []
          try source.rows(
            of: index, workspace: SystemWorkspace(),
            leavesOut: contents.leavesOut
          ) { made.append($0) }
          for row in made {
            #expect(try reader.index(place) == index)
            #expect(try reader.solution(place) == row.system.u)
            #expect(try reader.problem(place) == row.problem)
            #expect(try reader.start(place) == row.start)
            if withSystems {
              let own = place * 256..<(place + 1) * 256
              #expect(
                try reader.file.doubles("A", own)
                  == transposed(row.system.A, n: 16))
            }
            place += 1
          }
        }
        #expect(place == reader.count)
      }
    }
  }
}
