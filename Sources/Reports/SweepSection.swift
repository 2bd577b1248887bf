import Tables

extension Report {
  static func sweep(_ source: ReportSources.Table<SweepRow>) -> Section {
    let variable = source.rows.first?.variable ?? "value"
    return Section(
      "Beyond the training set: \(variable)",
      [
        origin(command: source.command), table(ResultTable(source.rows).text),
        figure(
          Figure(
            "Error against \(variable)", x: .init(variable),
            y: .init("relative MSE, median", .logarithmic),
            series: source.rows.grouped(by: \.network).map { network, rows in
              .init(
                network,
                rows.sorted { $0.value < $1.value }.map {
                  .init(
                    $0.value, $0.relativeMSE.median, band: band($0.relativeMSE)
                  )
                })
            }),
          caption: "Bands from the 10th to the 90th percentile."),
      ])
  }
}
