import Tables
import Testing

struct StatisticsTests {
  /// NumPy's default percentiles of 1, 2, 4, 8, 16.
  @Test func percentilesInterpolate() {
    let distribution = Distribution([16, 1, 8, 2, 4])
    #expect(distribution.median == 4)
    #expect(abs(distribution.p10 - 1.4) < 1e-12)
    #expect(abs(distribution.p90 - 12.8) < 1e-12)
    #expect(distribution.mean == 6.2)
  }

  @Test func noValuesAreNaN() {
    #expect(Distribution([]).median.isNaN)
    #expect(mean([]).isNaN && geometricMean([]).isNaN)
  }

  @Test func theGeometricMeanIsTheOneOfLogarithms() {
    #expect(abs(geometricMean([1e-4, 1e-2]) / 1e-3 - 1) < 1e-12)
    #expect(abs(geometricMean([7]) - 7) < 1e-12)
  }

  @Test func groupsKeepTheOrderOfFirstAppearance() {
    let groups = ["b2", "a1", "b1", "c9", "a7"].grouped { $0.first }
    #expect(groups.map(\.key) == ["b", "a", "c"])
    #expect(groups.map(\.elements) == [["b2", "b1"], ["a1", "a7"], ["c9"]])
  }
}
