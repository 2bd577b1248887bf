import ArgumentParser
import Foundation
import Networks
import Parallel
import Tables
import Training

/// Follows a recipe and shows how it goes.
struct TrainingSession {
  private let run: TrainingRun
  private let messages: MessageOptions
  private var recipe: Recipe { run.recipe }

  /// Begins a run by a new recipe, or resumes one by its own.
  ///
  /// - Parameters:
  ///   - verb: the name of the job.
  ///   - options: where the run is kept.
  ///   - messages: what is said.
  ///   - newRecipe: makes the recipe of a run that begins.
  ///   - sources: makes the examples of a recipe.
  /// - Throws: what a training throws; `ExitCode` if it was interrupted.
  static func run(
    _ verb: String, _ options: RunOptions, _ messages: MessageOptions,
    newRecipe: () throws -> Recipe,
    sources: (Recipe) throws -> TrainingSources
  ) throws {
    try options.check()
    let folder = RunFolder(options.output)
    let recipe = try options.resume ? folder.readRecipe() : newRecipe()
    let cancellation = Interrupt.watch()
    let run = try TrainingRun(
      recipe, sources: sources(recipe), folder: folder,
      resumes: options.resume)
    if !options.resume {
      try folder.create()
      try recordCommand(beside: folder.metrics)
    }
    try TrainingSession(run: run, messages: messages)
      .follow(verb, cancellation)
  }

  private func follow(_ verb: String, _ cancellation: Cancellation) throws {
    announce()
    let batch = recipe.schedule.batch
    let bar = messages.progress(
      verb, total: run.totalSteps * batch, unit: "samples")
    if !messages.quiet { Console.write(Self.header + "\n") }
    let outcome = try run.run(cancellation: cancellation) { event in
      switch event {
      case .progress(let progress):
        bar.update(
          progress.step * batch, rate: progress.samplesPerSecond,
          note: "loss " + NumberFormat.short.text(progress.loss))
      case .evaluation(let row):
        bar.clear()
        if !messages.quiet { Console.write(Self.line(row) + "\n") }
      }
    }
    bar.clear()
    guard outcome == .finished else {
      Console.notice(
        "interrupted at step \(run.step) of \(run.totalSteps); to go on, add "
          + "--resume to the same command")
      throw ExitCode(Interrupt.status)
    }
    messages.notice("the network is \(run.folder.model)")
  }

  private func announce() {
    var precision = recipe.precision.products.rawValue
    if let share = recipe.precision.f32Share, share > 0,
      recipe.precision.products != .f32
    {
      precision += " and f32 for the last " + NumberFormat.percent.text(share)
    }
    messages.notice(
      "\(run.network.configuration.summary); "
        + "\(precision), \(recipe.threads) threads, "
        + "\(run.encoding.kind.rawValue) tokens, "
        + recipe.optimizer.kind.rawValue)
    if run.step > 0 {
      messages.notice("resuming after step \(run.step) of \(run.totalSteps)")
    }
  }

  private static let header =
    "epoch     step    samples        lr   train mse    test mse   "
    + "relative        time"

  private static func line(_ row: TrainingRow) -> String {
    // Before the first step there is no training error.
    let train =
      row.trainMSE.isNaN
      ? "       –" : String(format: "%8.2e", row.trainMSE)
    return String(
      format: "%5d %8d %10d  %8.2e    %@    %8.2e   %8.2e %11@",
      row.epoch, row.step, row.samples, row.learningRate, train as NSString,
      row.testMSE, row.testRelativeMSE,
      ProgressBar.time(row.seconds) as NSString)
  }
}
