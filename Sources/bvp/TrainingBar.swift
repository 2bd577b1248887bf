import Tables
import Training

extension ProgressBar {
  /// A bar of a training, which counts samples as metrics.csv does.
  convenience init(_ title: String, of run: TrainingRun, isQuiet: Bool) {
    self.init(
      title, total: run.samplesSeen(after: run.totalSteps), unit: "samples",
      isQuiet: isQuiet)
  }

  /// Shows how far a training is.
  func show(_ progress: TrainingProgress, of run: TrainingRun) {
    update(
      run.samplesSeen(after: progress.step), rate: progress.samplesPerSecond,
      note: "loss " + NumberFormat.short.text(progress.loss))
  }
}
