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
      bar = ProgressBar(run.name, of: training, isQuiet: messages.quiet)
    }
    switch event {
    case .progress(let progress):
      bar?.show(progress, of: training)
    case .evaluation(let row):
      guard row.step == training.totalSteps else { return }
      bar?.clear()
      messages.notice(
        "\(run.name): test mse "
          + NumberFormat.short.text(row.testMSE) + " after \(row.epoch) "
          + "epochs, " + ProgressBar.time(row.seconds))
    }
  }

  func clear() { bar?.clear() }
}
