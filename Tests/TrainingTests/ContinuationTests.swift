import Equations
import Networks
import Parallel
import Systems
import TestSupport
import Testing

@testable import Training

/// Runs that go on under another recipe than they began with.
@Suite(.serialized)
struct ContinuationTests {
  private let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  private func recipe(steps: Int, ends: [Int]? = nil) throws -> Recipe {
    var recipe = Recipe.pretraining(
      .smoke, equation: try Equation.load("diffusion").source)
    recipe.network.nodes = 12
    recipe.network.width = 16
    recipe.data.samples = 24
    recipe.schedule.batch = 8
    recipe.schedule.warmup = 2
    recipe.schedule.steps = steps
    recipe.schedule.earlierEnds = ends
    recipe.data.test.samples = 4
    recipe.precision.products = .bf16
    recipe.precision.f32Share = 0.4
    return recipe
  }

  private func run(_ recipe: Recipe, _ name: String, resumes: Bool) throws
    -> TrainingRun
  {
    try TrainingRun(
      recipe, sources: TrainingSources(systemsOf: recipe),
      folder: RunFolder(temporary.path(name)), resumes: resumes, threads: 2)
  }

  private func weights(_ name: String) throws -> [Float] {
    try Checkpoint(path: temporary.path(name) + "/model.safetensors").parameters
  }

  /// A run extended twice, one that is stopped on the way, and one that has all
  /// of it in its recipe from the start end in the same weights.
  @Test func anExtendedRunIsRepeatedByItsRecipe() throws {
    for (steps, resumes) in [(5, false), (12, true), (15, true)] {
      let part = try run(recipe(steps: steps), "extended", resumes: resumes)
      #expect(try part.run() == .finished)
    }
    for (steps, resumes, stop) in [
      (5, false, 5), (12, true, 7), (12, true, 12), (15, true, 13),
      (15, true, 99),
    ] {
      let part = try run(recipe(steps: steps), "broken", resumes: resumes)
      _ = try part.run(cancellation: Cancellation { part.step == stop })
    }
    let ends = try recipe(steps: 15, ends: [5, 12])
    #expect(try run(ends, "whole", resumes: false).run() == .finished)
    #expect(try weights("extended") == weights("whole"))
    #expect(try weights("broken") == weights("whole"))
    let folder = RunFolder(temporary.path("extended"))
    #expect(try folder.readRecipe() == ends)
    // Another schedule: it is not the run that was as long from the start.
    let plain = try recipe(steps: 15)
    #expect(try run(plain, "plain", resumes: false).run() == .finished)
    #expect(try weights("extended") != weights("plain"))
  }

  @Test func onlyAFinishedRunTakesMore() throws {
    let first = try run(recipe(steps: 6), "run", resumes: false)
    #expect(
      try first.run(cancellation: Cancellation { first.step == 4 })
        == .interrupted)
    for steps in [5, 7] {
      #expect(throws: TrainingError.self) {
        _ = try run(recipe(steps: steps), "run", resumes: true)
      }
    }
    #expect(try run(recipe(steps: 6), "run", resumes: true).run() == .finished)
    #expect(try run(recipe(steps: 7), "run", resumes: true).run() == .finished)
  }

  /// The rate after an extension is the longer cosine's, and before it the
  /// shorter one's.
  @Test func theScheduleIsThatOfTheLengthSoFar() throws {
    let ends = try recipe(steps: 20, ends: [8]).schedule
    let short = try recipe(steps: 8).schedule
    let long = try recipe(steps: 20).schedule
    for step in 0..<20 {
      let expected =
        step < 8
        ? short.factor(step: step, total: 8)
        : long.factor(step: step, total: 20)
      #expect(
        ends.factor(step: step, total: ends.end(of: step, total: 20))
          == expected)
    }
  }

  @Test func differencesNameTheKey() throws {
    let mine = try recipe(steps: 6)
    var other = mine
    other.optimizer.clip = 2
    other.data.test.seed = 9
    other.precision.f32Share = nil
    #expect(try mine.differences(from: mine).isEmpty)
    #expect(
      try Set(mine.differences(from: other).map(\.key))
        == ["optimizer.clip", "data.test.seed", "precision.f32_share"])
    #expect(
      try mine.differences(from: other).first?.description
        == "data.test.seed 1000003, not 9")
  }

  @Test func samplesAreTheSameWhateverTheirEquationIsCalled() throws {
    let text = try Equation.load("diffusion").source
    let renamed =
      "# a comment\n"
      + text.replacing(
        "name: diffusion", with: "name: heat")
    #expect(renamed != text)
    let own = SampleOrigin(law: text, seed: 1, first: 10, count: 5)
    func shares(_ law: String, _ seed: UInt64, _ first: Int, _ count: Int?)
      -> Bool
    {
      let other = SampleOrigin(law: law, seed: seed, first: first, count: count)
      #expect(own.shares(with: other) == other.shares(with: own))
      return own.shares(with: other)
    }
    #expect(shares(text, 1, 14, 1))
    #expect(shares(renamed, 1, 0, nil))
    #expect(!shares(renamed, 2, 0, nil))
    #expect(!shares(text, 1, 15, nil))
    #expect(!shares(text, 1, 0, 10))
    #expect(shares(text, 1, 0, .max))
    let law = text.replacing("[0.25, 0.75]", with: "[0.25, 0.76]")
    #expect(!shares(law, 1, 0, nil))
    let formula = text.replacing("2 * pi * omega", with: "pi * 2 * omega")
    #expect(formula != text)
    #expect(shares(formula, 1, 0, nil))
    let parameter = text.replacing("alpha", with: "contrast")
    #expect(shares(parameter, 1, 0, nil))
  }
}
