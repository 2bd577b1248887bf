import Tables
import Training

/// A bar for the run of a study that is under way, and a line for each that is
/// trained.
struct StudyProgress {
  private let messages: MessageOptions
  private let count: Int
  private var name = ""
  private var number = 0
  private var bar: ProgressBar?

  init(_ messages: MessageOptions, count: Int) {
    self.messages = messages
    self.count = count
  }

  /// Turns to a run.
  mutating func begin(_ name: String, _ number: Int) {
    self.name = name
    self.number = number
    bar = nil
  }

  mutating func show(_ training: TrainingRun, _ event: TrainingEvent) {
    switch event {
    case .progress(let progress):
      let bar =
        self.bar
        ?? ProgressBar(
          "\(number + 1)/\(count) \(name)", of: training,
          isQuiet: messages.quiet)
      self.bar = bar
      bar.show(progress, of: training)
    case .evaluation(let row):
      guard row.step == training.totalSteps else { return }
      bar?.clear()
      messages.notice(
        "\(number + 1)/\(count) \(name): test mse "
          + NumberFormat.short.text(row.testMSE) + ", "
          + ProgressBar.time(row.seconds))
    }
  }

  func clear() { bar?.clear() }
}
