import Foundation
import Testing

@testable import Reports

struct FigureTests {
  @Test func numbersGoWhereTheAxesSay() throws {
    let figure = Figure(
      "a < b", x: .init("x"), y: .init("y", .logarithmic),
      series: [
        .init("one", [.init(0, 1e-2), .init(10, 1)]),
        .init("two", [.init(0, 0), .init(5, .nan), .init(10, 1e-1)]),
      ])
    let svg = figure.svg
    #expect(svg.contains("a &lt; b"))
    // From (0, 10⁻²) at the bottom left to (10, 1) at the top right.
    #expect(svg.contains("<polyline points=\"74.0,"))
    #expect(svg.contains("624.0,34.0\" fill=\"none\""))
    // Zero and NaN have no place on a logarithmic axis: one point is left.
    #expect(svg.components(separatedBy: "<polyline").count == 2)
    #expect(svg.contains("10⁻²"))
  }

  @Test(arguments: [
    (0.0, 1.0, 0.2), (0, 7.5, 1), (0, 100, 20), (-3, 3, 1), (0, 0.011, 0.002),
  ])
  func stepsAreRound(_ low: Double, _ high: Double, _ expected: Double) {
    #expect(abs(FigureTicks.step(high - low) / expected - 1) < 1e-12)
  }

  @Test func aFigureWithoutNumbersIsStillOne() {
    let figure = Figure(
      "empty", x: .init("x"), y: .init("y", .logarithmic),
      series: [.init("none", [])])
    #expect(figure.svg.hasSuffix("</svg>"))
  }

  /// Nothing is drawn across a point that is not there, and a band has the same
  /// points on both of its edges.
  @Test func aGapIsAGap() throws {
    func points(of tag: String, _ svg: String) -> [Int] {
      svg.components(separatedBy: "<\(tag) points=\"").dropFirst().map {
        $0.prefix { $0 != "\"" }.split(separator: " ").count
      }
    }
    func svg(_ y: [Double], _ bands: [ClosedRange<Double>?]) -> String {
      Figure(
        "t", x: .init("x"), y: .init("y", .logarithmic),
        series: [
          .init(
            "s",
            zip(y, bands).enumerated().map {
              .init(Double($0), $1.0, band: $1.1)
            }, isMarked: false)
        ]
      ).svg
    }
    let whole = 0.1...10.0
    for gap in [Double.nan, .infinity, 0, -1] {
      let figure = svg(
        [1, 1, gap, 1, 1, 1, gap, 1],
        [whole, whole, nil, whole, whole, whole, whole, whole])
      #expect(points(of: "polyline", figure) == [2, 3])
      // One point alone is a mark.
      #expect(figure.components(separatedBy: "<circle").count == 2)
    }
    // An edge at 0 has no place on this axis, and so neither has the other.
    let banded = svg(
      [1, 1, 1, 1, 1, 1],
      [whole, whole, 0...10, whole, whole, 0.1...Double.infinity])
    #expect(points(of: "polygon", banded) == [4, 4])
    #expect(points(of: "polyline", banded) == [6])
  }
}
