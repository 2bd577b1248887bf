import Equations
import TestSupport
import Testing
import Training

@Suite(.serialized)
struct TrainingStateTests {
  /// A run's state is refused, in a line, where it cannot be gone on from.
  @Test func whatIsWrongWithAStateIsNamed() throws {
    let folder = try TemporaryFolder()
    var recipe = Recipe.pretraining(
      .smoke, equation: try Equation.load("diffusion").source)
    recipe.network.nodes = 8
    recipe.network.width = 8
    recipe.data.samples = 8
    recipe.data.test.samples = 4
    recipe.schedule.steps = 3
    let state = folder.path("state.safetensors")
    func begin(_ resumes: Bool) throws -> TrainingRun {
      try TrainingRun(
        recipe, sources: TrainingSources(systemsOf: recipe),
        folder: RunFolder(folder.path), resumes: resumes, threads: 1)
    }
    _ = try begin(false).run()
    let whole = try folder.bytes("state.safetensors")
    func complaint(
      _ change: [String: String], _ values: (String, inout [Double]) -> Void
    ) throws -> String {
      try folder.write(whole, to: "state.safetensors")
      try rewrite(
        state, metadata: { $0.merge(change) { _, new in new } }, values: values)
      return message { _ = try begin(true) }.replacing(state + ": ", with: "")
    }
    #expect(try complaint([:]) { _, _ in } == "no error")
    #expect(
      try complaint(["metrics": "1,2,3"]) { _, _ in }
        == "metrics: row 1 has 3 fields, expected 8")
    #expect(
      try complaint(["metrics": "1,2,3,x,5,6,7,8"]) { _, _ in }
        == "metrics: 'x' in column 'lr' is not a number")
    #expect(try complaint(["metrics": ""]) { _, _ in } == "no error")
    #expect(
      try complaint(["matrix_gain": "-1.0"]) { _, _ in }
        == "'matrix_gain' is -1.0, must be a positive number")
    for name in ["parameters", "first_moment", "second_moment"] {
      #expect(
        try complaint([:]) { if $0 == name { $1[5] = .nan } }
          == "'\(name)' has entries that are not finite")
    }
  }
}
