import Newton
import TestSupport
import Testing

struct NewtonFileTests {
  private func complaint(
    _ name: String, _ value: Double, at place: Int
  ) throws -> String {
    let folder = try TemporaryFolder()
    let path = folder.path("newton")
    try NewtonGenerator(
      PNormProblem.Law(rows: 40, columns: 3), seed: 2, problems: 0..<2
    ).write(to: path)
    try rewrite(path, values: { if $0 == name { $1[place] = value } })
    return message { _ = try NewtonDataset(path: path) }
      .replacing(path + ": ", with: "")
  }

  @Test(arguments: [
    "Atb", "final", "f_final", "x", "step", "f", "gradient_norm", "seconds",
  ])
  func everyNumberIsOne(_ name: String) throws {
    #expect(try complaint("none", 0, at: 0) == "no error")
    for value in [Double.nan, .infinity] {
      #expect(
        try complaint(name, value, at: 1)
          == "'\(name)' has entries that are not finite")
    }
  }

  @Test func aStepBelongsToAProblem() throws {
    for value in [2, -1, 0.5, .nan, 1e300] {
      #expect(
        try complaint("problem", value, at: 1)
          == "'problem' has \(value), which is none")
    }
  }
}
