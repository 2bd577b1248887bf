import Tables

extension Report {
  static func training(_ title: String, _ runs: [ReportSources.Training])
    -> Section
  {
    var figure = Figure.testErrors(runs.map { ($0.name, $0.rows) })
    if runs.allSatisfy({ $0.description.subject == "diffusion" }) {
      figure.references = [
        ("Algebraformer in the paper", Paper.diffusionMSE["algebraformer"] ?? 0)
      ]
    }
    let details = runs.map { run in
      "<h3>\(escaped(run.name))</h3>"
        + origin(command: run.command, recipe: run.recipe)
    }
    return Section(
      title,
      [
        table(trainingTable(runs)), Report.figure(figure),
      ] + differences(runs) + [
        "<details><summary>commands and recipes</summary>"
          + details.joined(separator: "\n") + "</details>"
      ])
  }

  /// The keys of the recipes that not all have alike; of one run there are none.
  private static func differences(_ runs: [ReportSources.Training]) -> [String]
  {
    let settings = SettingTable(runs.map(\.description.settings))
    guard !settings.keys.isEmpty else { return [] }
    var table = TextTable(
      ["run"] + settings.keys, leading: 1 + settings.keys.count)
    for (run, row) in zip(runs, settings.rows) {
      table.add([run.name] + row.map { $0 ?? "–" })
    }
    return ["<h3>What differs</h3>", Report.table(table)]
  }

  private static func trainingTable(_ runs: [ReportSources.Training])
    -> TextTable
  {
    var table = TextTable(
      [
        "run", "model", "equation", "parameters", "samples seen", "test MSE",
        "relative MSE", "paper's MSE", "s/epoch", "minutes",
      ], leading: 3)
    let short = NumberFormat.short.text
    for run in runs {
      let about = run.description
      let last = run.rows[run.rows.count - 1]
      let paper =
        about.subject == "diffusion" && about.isFromScratch
        ? Paper.diffusionMSE[about.model] : nil
      table.add([
        run.name, about.model, about.subject,
        about.parameters.map { NumberFormat.grouped($0) } ?? "–",
        NumberFormat.grouped(last.samples), short(last.testMSE),
        short(last.testRelativeMSE), paper.map(short) ?? "–",
        last.epoch > 0 ? short(last.seconds / Double(last.epoch)) : "–",
        short(last.seconds / 60),
      ])
    }
    return table
  }
}

extension Figure {
  /// The test errors of runs, by their names, while they were trained.
  public static func testErrors(
    _ runs: [(name: String, rows: [TrainingRow])]
  ) -> Figure {
    testErrors(
      series: runs.map { name, rows in
        Series(
          name, rows.map { Point(Double($0.samples), $0.testMSE) },
          isMarked: rows.count < 40)
      })
  }

  /// Curves of test errors while networks were trained.
  static func testErrors(series: [Series]) -> Figure {
    Figure(
      "Test error while training", x: .init("samples seen"),
      y: .init("test MSE", .logarithmic), series: series)
  }
}
