import ArgumentParser
import Foundation
import Networks
import Training

/// Follows a recipe and shows how it goes.
struct TrainingSession {
  let recipe: Recipe
  let options: RunOptions
  let isQuiet: Bool

  /// Begins a run by a new recipe, or resumes one by its own.
  static func run(
    _ verb: String, _ options: RunOptions, isQuiet: Bool,
    newRecipe: () throws -> Recipe
  ) throws {
    try options.check()
    let recipe = try options.resume ? options.recipe() : newRecipe()
    try TrainingSession(recipe: recipe, options: options, isQuiet: isQuiet)
      .run(verb: verb)
  }

  private func run(verb: String) throws {
    Interrupt.watch()
    let run = try TrainingRun(
      recipe, folder: options.output, resumes: options.resume)
    announce(run)
    let total = run.totalSteps
    let bar = ProgressBar(
      verb, total: total * recipe.batch, unit: "samples", isQuiet: isQuiet)
    if !isQuiet { Console.write(Self.header + "\n") }
    func show(_ event: TrainingRun.Event) {
      switch event {
      case .progress(let progress):
        bar.update(
          progress.step * recipe.batch, rate: progress.samplesPerSecond,
          note: String(format: "loss %.2e", progress.loss))
      case .evaluation(let evaluation):
        bar.clear()
        if !isQuiet { Console.write(Self.line(evaluation) + "\n") }
      }
    }
    try FileManager.default.createDirectory(
      atPath: options.output, withIntermediateDirectories: true)
    if !options.resume {
      try recordCommand(beside: options.output + "/metrics.csv")
    }
    let outcome = try run.run(
      isInterrupted: { Interrupt.isRequested }, report: show)
    bar.clear()
    guard outcome == .finished else {
      Console.notice(
        "interrupted at step \(run.step) of \(total); to go on, add --resume "
          + "to the same command")
      throw ExitCode(130)
    }
    if !isQuiet {
      Console.notice("the network is \(options.output)/model.safetensors")
    }
  }

  private func announce(_ run: TrainingRun) {
    guard !isQuiet else { return }
    var precision = recipe.precision
    if let share = recipe.f32Share, share > 0, precision != "f32" {
      precision += String(format: " and f32 for the last %.0f %%", 100 * share)
    }
    Console.notice(
      "\(run.network.configuration.summary); "
        + "\(precision), \(recipe.threads) threads, "
        + "\(run.encoding.kind.rawValue) tokens, \(recipe.optimizer)")
    if run.step > 0 {
      Console.notice("resuming after step \(run.step) of \(run.totalSteps)")
    }
  }

  private static let header =
    "epoch     step    samples        lr   train mse    test mse   "
    + "relative        time"

  private static func line(_ row: TrainingRun.Evaluation) -> String {
    // Before the first step there is no training error.
    let train =
      row.trainMSE.isNaN
      ? "       –" : String(format: "%8.2e", row.trainMSE)
    return String(
      format: "%5d %8d %10d  %8.2e    %@    %8.2e   %8.2e %11@",
      row.epoch, row.step, row.samples, row.learningRate, train as NSString,
      row.test.mse, row.test.relativeMSE.mean,
      ProgressBar.time(row.seconds) as NSString)
  }
}
