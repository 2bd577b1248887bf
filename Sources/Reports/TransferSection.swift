import Tables

extension Report {
  static func transfer(_ source: ReportSources.Table<TransferRow>) -> Section {
    let curves = TransferCurve.curves(source.rows)
    var body = [
      origin(command: source.command), table(transferTable(curves)),
      figure(
        Figure(
          "Test error by epoch", x: .init("epoch"),
          y: .init("relative MSE", .logarithmic),
          series: curves.map { curve in
            .init(
              "\(curve.start), \(curve.samples) samples",
              curve.points.map {
                .init(Double($0.epoch), $0.relativeMSE, band: $0.band)
              }, isMarked: false)
          }),
        caption: "Geometric means over the seeds; the bands are their range. "
          + "The paper's figure 2, left and middle."),
    ]
    if Set(curves.map(\.samples)).count > 1 {
      body.append(figure(efficiency(curves)))
    }
    return Section(
      "Fine-tuning against training from scratch: \(source.name)", body)
  }

  private static func transferTable(_ curves: [TransferCurve]) -> TextTable {
    var table = TextTable(
      ["start", "samples", "seeds", "epochs", "test MSE", "relative MSE"],
      leading: 1)
    for curve in curves {
      guard let last = curve.points.last else { continue }
      table.add([
        curve.start, NumberFormat.grouped(curve.samples), "\(last.seeds)",
        "\(last.epoch)", NumberFormat.scientific.text(last.mse),
        NumberFormat.scientific.text(last.relativeMSE),
      ])
    }
    return table
  }

  /// The last errors against the number of samples.
  private static func efficiency(_ curves: [TransferCurve]) -> Figure {
    let starts = curves.grouped(by: \.start).sorted { $0.key < $1.key }
    return Figure(
      "Data efficiency", x: .init("training samples", .logarithmic),
      y: .init("final relative MSE", .logarithmic),
      series: starts.map { start, own in
        .init(
          start,
          own.sorted { $0.samples < $1.samples }.compactMap { curve in
            curve.points.last.map {
              .init(Double(curve.samples), $0.relativeMSE, band: $0.band)
            }
          })
      })
  }
}

extension TransferCurve.Point {
  /// The range over the seeds, where there are several.
  fileprivate var band: ClosedRange<Double>? { seeds > 1 ? range : nil }
}
