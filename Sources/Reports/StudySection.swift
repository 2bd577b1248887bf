import Tables

extension Report {
  /// The settings of a study, how they stand, and their curves.
  static func study(_ source: ReportSources.Study) -> Section {
    let table = source.table
    let curves = table.settings.compactMap { setting in
      curve(
        table.title(setting.labels),
        setting.rows.compactMap {
          source.curves[$0.run]
        })
    }
    var body = [origin(command: source.command), Report.table(table.text)]
    body += table.shown.flatMap { quantity in
      [table.verdict(by: quantity), table.powerLawText(of: quantity)]
    }.compactMap(\.self).map { "<p>\(escaped($0))</p>" }
    paper(table).map { body.append("<p>\(escaped($0))</p>") }
    if !curves.isEmpty {
      var figure = Figure.testErrors(series: curves)
      figure.size.height += 14 * Double(max(0, curves.count - 6))
      body.append(
        Report.figure(
          figure,
          caption:
            "Geometric means over seeds; bands of one geometric standard "
            + "deviation."))
    }
    body += axisFigures(table)
    body.append(
      "<details><summary>the study's file</summary><pre>"
        + "\(escaped(source.file))</pre></details>")
    return Section("Study: \(source.name)", body)
  }

  /// The paper's numbers of the models that a study has side by side, as its own
  /// comparison has them; nil of any other study.
  private static func paper(_ table: StudyTable) -> String? {
    guard let axis = table.axes.firstIndex(of: "model") else { return nil }
    let models = table.settings.map { $0.labels[axis] }
    let known = models.grouped { $0 }.map(\.key).compactMap { model in
      Paper.diffusionMSE[model].map { (model, $0) }
    }
    guard known.count > 1 else { return nil }
    return "The paper's test MSE on diffusion (table 1): "
      + known.map { "\($0) \(NumberFormat.short.text($1))" }
      .joined(separator: ", ") + "."
  }

  /// The curve of runs that differ in their seed, at the evaluations that all have.
  private static func curve(_ name: String, _ runs: [[TrainingRow]])
    -> Figure.Series?
  {
    guard let first = runs.min(by: { $0.count < $1.count }), !first.isEmpty
    else { return nil }
    let points = first.indices.map { index in
      point(
        Double(first[index].samples), Spread(runs.map { $0[index].testMSE }))
    }
    return series(name, points, isMarked: false)
  }

  /// What a figure has of some runs; a gap of none.
  private static func point(_ x: Double, _ spread: Spread?) -> Figure.Point {
    Figure.Point(
      x, spread?.mean ?? .nan,
      band: spread.flatMap { $0.count > 1 ? $0.band : nil })
  }

  /// A curve; nil of gaps alone.
  private static func series(
    _ name: String, _ points: [Figure.Point], isMarked: Bool
  ) -> Figure.Series? {
    points.contains { $0.y.isFinite }
      ? Figure.Series(name, points, isMarked: isMarked) : nil
  }

  /// Errors against every axis of numbers, a curve for each place on the others.
  private static func axisFigures(_ table: StudyTable) -> [String] {
    guard
      let quantity = table.shown.first(where: { $0.hasSuffix("_median") })
        ?? table.shown.first
    else { return [] }
    return table.axes.indices.compactMap { axis in
      let numbers = table.rows.map { Double($0.labels[axis]) }
      guard numbers.allSatisfy({ $0 ?? 0 > 0 }), Set(numbers).count > 1 else {
        return nil
      }
      let series = table.settings.grouped { setting in
        var others = setting.labels
        others.remove(at: axis)
        return others
      }.compactMap { others, settings -> Figure.Series? in
        let points = settings.map { setting in
          point(
            Double(setting.labels[axis]) ?? .nan,
            table.spread(quantity, of: setting))
        }.sorted { $0.x < $1.x }
        var names = table.axes
        names.remove(at: axis)
        let title = zip(names, others).map { "\($0) \($1)" }
        return self.series(
          title.isEmpty ? quantity : title.joined(separator: ", "), points,
          isMarked: true)
      }
      guard !series.isEmpty else { return nil }
      return figure(
        Figure(
          "Error against \(table.axes[axis])",
          x: .init(table.axes[axis], .logarithmic),
          y: .init(quantity.replacing("_", with: " "), .logarithmic),
          series: series))
    }
  }
}
