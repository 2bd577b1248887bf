import Tables

extension Report {
  static func training(_ title: String, _ runs: [ReportSources.Training])
    -> Section
  {
    var figure = Figure(
      "Test error while training", x: .init("samples seen"),
      y: .init("test MSE", .logarithmic),
      series: runs.map { run in
        .init(
          run.name, run.rows.map { .init(Double($0.samples), $0.testMSE) },
          isMarked: run.rows.count < 40)
      })
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
        "<details><summary>commands and recipes</summary>"
          + details.joined(separator: "\n") + "</details>",
      ])
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
