import Tables

extension Report {
  /// Makes the report of runs and tables.
  public init(_ title: String, sources: ReportSources) {
    var sections: [Section] = []
    for (title, runs) in [
      ("Training", sources.trainings.filter(\.description.solvesSystems)),
      (
        "Training on Newton's steps",
        sources.trainings.filter { !$0.description.solvesSystems }
      ),
    ] where !runs.isEmpty {
      sections.append(Self.training(title, runs))
    }
    sections += sources.studies.map(Self.study)
    sections += sources.robustness.flatMap(Self.robustness)
    sections += sources.sweeps.map(Self.sweep)
    sections += sources.descents.map(Self.descent)
    sections += sources.samples.map(Self.samples)
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

/// The band from the 10th to the 90th percentile; nil where there is none.
func band(_ errors: Distribution) -> ClosedRange<Double>? {
  errors.p10 <= errors.p90 ? errors.p10...errors.p90 : nil
}
