import Tables

extension Report {
  static func descent(_ source: ReportSources.Table<DescentRow>) -> Section {
    Section(
      "Newton's method: \(source.name)",
      [
        origin(command: source.command),
        table(ResultTable(DescentSummary.summaries(source.rows)).text),
        figure(
          Figure(
            "Objective against time", x: .init("ms, mean over the problems"),
            y: .init("f = ‖Ax − b‖ₚ", .logarithmic),
            series: DescentCurve.curves(source.rows).map { curve in
              .init(
                curve.method,
                curve.points.map { .init($0.milliseconds, $0.objective) })
            }),
          caption: "Means by step over the problems that took it. The paper's "
            + "figure 3; it reports learned steps about four times faster."),
      ])
  }
}
