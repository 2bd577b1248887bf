import Tables

extension Report {
  /// A section for each kind of noise.
  static func robustness(_ source: ReportSources.Table<RobustnessRow>)
    -> [Section]
  {
    source.rows.grouped(by: \.noiseTitle).map { title, rows in
      Section(
        "Robustness: \(source.name), \(title)",
        [
          origin(command: source.command), table(RobustnessRow.medians(rows)),
          figure(
            Figure(
              "Error against noise", x: .init("σ of the noise", .logarithmic),
              y: .init("relative MSE, median", .logarithmic),
              series: rows.grouped(by: \.solver).map { solver, own in
                .init(
                  solver,
                  own.filter { $0.level > 0 }.sorted { $0.level < $1.level }.map
                  {
                    .init(
                      $0.level, $0.relativeMSE.median,
                      band: band($0.relativeMSE))
                  })
              }),
            caption: "Bands from the 10th to the 90th percentile. The paper's "
              + "figure 2, right, has the LU, QR and SVD curves and its own "
              + "network's."),
        ])
    }
  }
}
