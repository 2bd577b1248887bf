import Tables

extension Report {
  /// K, f and u of the first samples (the paper's figures 4 to 6).
  static func samples(_ source: ReportSources.Table<SampleCurves>) -> Section {
    let functions = source.rows.flatMap(\.functions)
    let figures = functions.map { name, curves in
      figure(
        Figure(
          name == "u_network" ? "u by the network" : name, x: .init("x"),
          y: .init(name),
          series: curves.prefix(5).map { curve in
            .init(
              curve.sample.isEmpty ? name : "sample \(curve.sample)",
              zip(curve.x, curve.y).map { .init($0, $1) }, isMarked: false)
          }))
    }
    return Section(
      "Samples: \(source.name)",
      [
        origin(command: source.command),
        "<div class=\"pair\">\(figures.joined(separator: "\n"))</div>",
      ])
  }
}
