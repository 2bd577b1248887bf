import Foundation
import Networks
import TensorFiles
import Training

extension Report {
  /// Makes the report of runs and tables.
  ///
  /// - Throws: `CSVTable.Failure` for a table with a column missing.
  public init(_ title: String, sources: ReportSources) throws {
    var sections: [Section] = []
    let newton = Encoding.Kind.iterate.rawValue
    for (title, runs) in [
      ("Training", sources.trainings.filter { $0.recipe.encoding != newton }),
      (
        "Training on Newton's steps",
        sources.trainings.filter { $0.recipe.encoding == newton }
      ),
    ] where !runs.isEmpty {
      sections.append(try Self.training(title, runs))
    }
    sections += try sources.transfers.map(Self.transfer)
    sections += try sources.robustness.flatMap(Self.robustness)
    sections += try sources.sweeps.map(Self.sweep)
    sections += try sources.newtons.map(Self.newton)
    sections += try sources.samples.map(Self.samples)
    self.init(title, sections)
  }
}

/// The numbers that the paper reports.
enum Paper {
  /// Its table 1, test mean squared errors on diffusion.
  static let diffusionMSE = [
    "algebraformer": 2.4131e-4, "lstm": 4.8211e-4, "gru": 3.1371e-4,
  ]
}

private func number(_ value: Double) -> String {
  guard value.isFinite else { return "–" }
  if value == 0 { return "0" }
  let size = abs(value)
  if size >= 1000, size < 1e7 { return grouped(Int(value.rounded())) }
  if size >= 0.01, size < 1000 { return String(format: "%.3g", value) }
  return String(format: "%.1e", value)
}

/// The rows of a table by a column's value, in order of first appearance.
private func groups(_ keys: [String]) -> [(key: String, rows: [Int])] {
  var order: [String] = []
  var rows: [String: [Int]] = [:]
  for (row, key) in keys.enumerated() {
    if rows[key] == nil { order.append(key) }
    rows[key, default: []].append(row)
  }
  return order.map { ($0, rows[$0] ?? []) }
}

// MARK: Training

extension Report {
  fileprivate static func training(
    _ title: String, _ runs: [ReportSources.TrainingResult]
  ) throws -> Section {
    var rows: [[String]] = []
    var series: [Figure.Series] = []
    var details: [String] = []
    var isDiffusion = true
    for run in runs {
      let samples = try run.metrics.numbers("samples")
      let mse = try run.metrics.numbers("test_mse")
      let relative = try run.metrics.numbers("test_relative_mse")
      let seconds = try run.metrics.numbers("seconds")
      let epochs = try run.metrics.numbers("epoch")
      let equation = Self.equationName(run.recipe)
      isDiffusion = isDiffusion && equation == "diffusion"
      let paper =
        equation == "diffusion" && run.recipe.from == nil
        ? Paper.diffusionMSE[run.recipe.model] : nil
      let parameters =
        (try? run.recipe.configuration().layout.parameterCount).map(grouped)
      let last = mse.count - 1
      let perEpoch =
        epochs[last] > 0 ? number(seconds[last] / epochs[last]) : "–"
      rows.append([
        run.name, run.recipe.model, equation, parameters ?? "–",
        grouped(Int(samples[last])), number(mse[last]), number(relative[last]),
        paper.map(number) ?? "–", perEpoch, number(seconds[last] / 60),
      ])
      series.append(
        .init(
          run.name, zip(samples, mse).map { .init($0, $1) },
          isMarked: mse.count < 40))
      details.append(
        "<h3>\(escaped(run.name))</h3>"
          + origin(command: run.command, recipe: run.recipeText))
    }
    var figure = Figure(
      "Test error while training", x: .init("samples seen"),
      y: .init("test MSE", .logarithmic), series: series)
    if isDiffusion {
      figure.references = [
        ("Algebraformer in the paper", Paper.diffusionMSE["algebraformer"] ?? 0)
      ]
    }
    return Section(
      title,
      [
        table(
          [
            "run", "model", "equation", "parameters", "samples seen",
            "test MSE", "relative MSE", "paper's MSE", "s/epoch",
            "minutes",
          ], rows, leading: 3),
        Report.figure(figure),
        "<details><summary>commands and recipes</summary>"
          + details.joined(separator: "\n") + "</details>",
      ])
  }

  private static func equationName(_ recipe: Recipe) -> String {
    let line = recipe.equation.split(separator: "\n").first {
      $0.hasPrefix("name:")
    }
    return line.map {
      $0.dropFirst(5).trimmingCharacters(in: .whitespaces)
    } ?? "Newton's steps"
  }
}

// MARK: Transfer

extension Report {
  fileprivate static func transfer(_ source: ReportSources.Table) throws
    -> Section
  {
    let csv = source.table
    let starts = try csv.column("start")
    let samples = try csv.column("samples")
    let epochs = try csv.numbers("epoch")
    let errors = try csv.numbers("test_relative_mse")
    let mse = try csv.numbers("test_mse")
    let title = "Fine-tuning against training from scratch: \(source.name)"
    var series: [Figure.Series] = []
    var rows: [[String]] = []
    let keys = zip(starts, samples).map { "\($0), \($1) samples" }
    var efficiency: [String: [Figure.Point]] = [:]
    for (key, members) in groups(keys) {
      let points = groups(members.map { "\(epochs[$0])" }).map { _, places in
        let here = places.map { members[$0] }
        let values = here.map { errors[$0] }
        let mean = exp(
          values.reduce(0) { $0 + log($1) } / Double(values.count))
        let low = values.min() ?? mean
        let high = values.max() ?? mean
        return Figure.Point(
          epochs[here[0]], mean, band: values.count > 1 ? low...high : nil)
      }.sorted { $0.x < $1.x }
      series.append(.init(key, points, isMarked: false))
      guard let first = members.first, let last = points.last else { continue }
      let final = members.filter { epochs[$0] == last.x }.map { mse[$0] }
      let error = exp(final.reduce(0) { $0 + log($1) } / Double(final.count))
      rows.append([
        starts[first], samples[first], "\(final.count)", "\(Int(last.x))",
        number(error), number(last.y),
      ])
      efficiency[starts[first], default: []].append(
        .init(Double(samples[first]) ?? 0, last.y, band: last.band))
    }
    var body = [
      origin(command: source.command),
      table(
        [
          "start", "samples", "seeds", "epochs", "test MSE",
          "relative MSE",
        ], rows),
      figure(
        Figure(
          "Test error by epoch", x: .init("epoch"),
          y: .init("relative MSE", .logarithmic), series: series),
        caption: "Geometric means over the seeds; the bands are their range. "
          + "The paper's figure 2, left and middle."),
    ]
    if Set(samples).count > 1 {
      body.append(
        figure(
          Figure(
            "Data efficiency", x: .init("training samples", .logarithmic),
            y: .init("final relative MSE", .logarithmic),
            series: efficiency.sorted { $0.key < $1.key }.map {
              .init($0.key, $0.value.sorted { $0.x < $1.x })
            })))
    }
    return Section(title, body)
  }
}

// MARK: Robustness

extension Report {
  fileprivate static func robustness(_ source: ReportSources.Table) throws
    -> [Section]
  {
    let csv = source.table
    let models = try csv.column("noise")
    let targets = try csv.column("target")
    return try groups(zip(models, targets).map { "\($0) noise on \($1)" }).map {
      key, rows in
      Section(
        "Robustness: \(key)",
        [
          origin(command: source.command),
          try robustnessTable(csv, rows),
          figure(
            Figure(
              "Error against noise", x: .init("σ of the noise", .logarithmic),
              y: .init("relative MSE, median", .logarithmic),
              series: try curves(csv, rows)),
            caption: "Bands from the 10th to the 90th percentile. The paper's "
              + "figure 2, right, has the LU, QR and SVD curves and its own "
              + "network's."),
        ])
    }
  }

  private static func curves(_ csv: CSVTable, _ rows: [Int]) throws
    -> [Figure.Series]
  {
    let levels = try csv.numbers("level")
    let solvers = try csv.column("solver")
    let median = try csv.numbers("median")
    let p10 = try csv.numbers("p10")
    let p90 = try csv.numbers("p90")
    return groups(rows.map { solvers[$0] }).map { solver, places in
      .init(
        solver,
        places.map { rows[$0] }.filter { levels[$0] > 0 }.map { row in
          let isBand = p10[row] <= p90[row] && p10[row] > 0
          return .init(
            levels[row], median[row],
            band: isBand ? p10[row]...p90[row] : nil)
        })
    }
  }

  private static func robustnessTable(_ csv: CSVTable, _ rows: [Int]) throws
    -> String
  {
    let levels = try csv.numbers("level")
    let solvers = try csv.column("solver")
    let median = try csv.numbers("median")
    let failures = try csv.numbers("failures")
    let times = try csv.numbers("microseconds_per_system")
    let knows = csv.header.contains("knows") ? try csv.column("knows") : nil
    var shown: [Double] = []
    for row in rows where !shown.contains(levels[row]) {
      shown.append(levels[row])
    }
    let lines = groups(rows.map { solvers[$0] }).map { solver, places in
      let own = places.map { rows[$0] }
      let cells = shown.map { level in
        own.first { levels[$0] == level }.map { number(median[$0]) } ?? "–"
      }
      let time = own.map { times[$0] }.reduce(0, +) / Double(own.count)
      return [solver, knows?[own[0]] ?? ""] + cells
        + ["\(Int(own.map { failures[$0] }.reduce(0, +)))", number(time)]
    }
    let heads = shown.map { $0 == 0 ? "clean" : String(format: "%.0e", $0) }
    return table(
      ["solver", "knows"] + heads + ["failures", "µs/system"], lines,
      leading: 2)
  }
}

// MARK: Newton

extension Report {
  fileprivate static func newton(_ source: ReportSources.Table) throws
    -> Section
  {
    let csv = source.table
    let problems = try csv.column("problem")
    let methods = try csv.column("method")
    let steps = try csv.numbers("step")
    let seconds = try csv.numbers("seconds")
    let objectives = try csv.numbers("objective")
    func mean(_ values: [Double]) -> Double {
      values.reduce(0, +) / Double(max(1, values.count))
    }
    func ends(_ rows: [Int]) -> [Int] {
      groups(rows.map { problems[$0] }).compactMap { _, places in
        places.map { rows[$0] }.max { steps[$0] < steps[$1] }
      }
    }
    let all = groups(methods)
    let newton = all.first { $0.key == "newton" }.map { ends($0.rows) } ?? []
    let time = mean(newton.map { seconds[$0] })
    let lines = all.map { method, rows in
      let last = ends(rows)
      let own = mean(last.map { seconds[$0] })
      return [
        method, number(mean(last.map { steps[$0] })),
        String(format: "%.6f", mean(last.map { objectives[$0] })),
        number(1e3 * own), number(time / own),
      ]
    }
    let series = all.map { method, rows in
      Figure.Series(
        method,
        groups(rows.map { "\(Int(steps[$0]))" }).map { _, places in
          let here = places.map { rows[$0] }
          return .init(
            1e3 * mean(here.map { seconds[$0] }),
            mean(here.map { objectives[$0] }))
        })
    }
    return Section(
      "Newton's method: \(source.name)",
      [
        origin(command: source.command),
        table(
          ["method", "steps", "final f", "ms", "speed-up"], lines),
        figure(
          Figure(
            "Objective against time", x: .init("ms, mean over the problems"),
            y: .init("f = ‖Ax − b‖ₚ", .logarithmic), series: series),
          caption: "Means by step over the problems that took it. The paper's "
            + "figure 3; it reports learned steps about four times faster."),
      ])
  }
}

// MARK: Sweeps and samples

extension Report {
  fileprivate static func sweep(_ source: ReportSources.Table) throws -> Section
  {
    let csv = source.table
    let variables = try csv.column("variable")
    let values = try csv.numbers("value")
    let networks = try csv.column("network")
    let median = try csv.numbers("median")
    let p10 = try csv.numbers("p10")
    let p90 = try csv.numbers("p90")
    let mse = try csv.numbers("mse")
    let condition = try csv.numbers("condition")
    let variable = variables.first ?? "value"
    let rows = values.indices.map { row in
      [
        networks[row], number(values[row]), number(mse[row]),
        number(median[row]), number(p90[row]), number(condition[row]),
      ]
    }
    let series = groups(networks).map { network, rows in
      Figure.Series(
        network,
        rows.map {
          .init(
            values[$0], median[$0],
            band: p10[$0] <= p90[$0] ? p10[$0]...p90[$0] : nil)
        })
    }
    return Section(
      "Beyond the training set: \(variable)",
      [
        origin(command: source.command),
        table(
          ["network", variable, "MSE", "relative MSE", "p90", "κ₂(A)"], rows),
        figure(
          Figure(
            "Error against \(variable)", x: .init(variable),
            y: .init("relative MSE, median", .logarithmic), series: series),
          caption: "Bands from the 10th to the 90th percentile."),
      ])
  }

  /// K, f and u of the first samples (the paper's figures 4 to 6).
  fileprivate static func samples(_ source: ReportSources.Table) throws
    -> Section
  {
    let csv = source.table
    let sample = try csv.column("sample")
    let x = try csv.numbers("x")
    let all = groups(sample).prefix(5)
    let known = ["K", "f", "q", "v", "u", "u_network"]
    let figures = try known.filter(csv.header.contains).map { name in
      let values = try csv.numbers(name)
      return figure(
        Figure(
          name == "u_network" ? "u by the network" : name, x: .init("x"),
          y: .init(name),
          series: all.map { key, rows in
            .init(
              "sample \(key)", rows.map { .init(x[$0], values[$0]) },
              isMarked: false)
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
