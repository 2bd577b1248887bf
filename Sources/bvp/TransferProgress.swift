import Experiments
import Tables
import Training

/// A bar for the run of a transfer that is under way, and a line for each that
/// is done.
struct TransferProgress {
  private let messages: MessageOptions
  private var name = ""
  private var bar: ProgressBar?

  init(_ messages: MessageOptions) { self.messages = messages }

  mutating func show(
    _ run: Transfer.Run, _ training: TrainingRun, _ event: TrainingEvent
  ) {
    if run.name != name {
      bar?.clear()
      name = run.name
      bar = ProgressBar(
        run.name, total: training.samplesSeen(after: training.totalSteps),
        unit: "samples",
        isQuiet: messages.quiet)
    }
    let short = NumberFormat.short.text
    switch event {
    case .progress(let progress):
      bar?.update(
        training.samplesSeen(after: progress.step),
        rate: progress.samplesPerSecond,
        note: "loss " + short(progress.loss))
    case .evaluation(let row):
      guard row.step == training.totalSteps else { return }
      bar?.clear()
      messages.notice(
        "\(run.name): test mse \(short(row.testMSE)) after \(row.epoch) "
          + "epochs, " + ProgressBar.time(row.seconds))
    }
  }

  func clear() { bar?.clear() }
}
