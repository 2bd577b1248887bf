import Equations
import Networks
import TestSupport
import Testing
import Training

@testable import Experiments

struct TrainingDomainTests {
  private func parts() throws -> (Checkpoint, Predictor) {
    let shape = try AlgebraformerConfiguration(
      n: 16, width: 8, depth: 1, heads: 2)
    let engine = try ComputeEngine(threads: 1)
    let network = try Network(
      .algebraformer(shape), engine: engine, capacity: 1, isTraining: false)
    try network.initialize(seed: 1)
    let recipe = Recipe.pretraining(
      .smoke, equation: try Equation.load("diffusion").source)
    let checkpoint = Checkpoint(
      network,
      encoding: .system(
        SystemEncoding(kind: .equilibrated, matrixGain: 4, vectorGain: 100)),
      notes: ["recipe": try recipe.yaml()])
    let predictor = try Predictor(
      checkpoint, engine: engine, precision: .f32, batch: 1, n: 16)
    return (checkpoint, predictor)
  }

  @Test func samplesOfTheTrainingAreNotDoubtedAndOthersAre() throws {
    let (checkpoint, predictor) = try parts()
    let domain = try #require(
      try TrainingDomain(checkpoint, predictor: predictor))
    #expect(domain.coefficients.map(\.name) == ["K", "f"])
    func doubts(
      _ name: String, _ overrides: [String: Double] = [:], residual: Double = 0
    ) throws -> [String] {
      let sampler = try EquationSampler(
        Equation.load(name), nodes: 16, seed: 77, overrides: overrides)
      return domain.doubts(
        try sampler.sample(0), condition: domain.condition.upperBound,
        residual: residual
      ).map(\.text)
    }
    #expect(try doubts("diffusion").isEmpty)
    #expect(
      try doubts("diffusion", ["alpha": 0.99]).contains { $0.hasPrefix("K is") }
    )
    // Inside of the range of K, but no training sample has so flat a one.
    #expect(
      try doubts("diffusion", ["alpha": 0]).contains {
        $0.hasPrefix(
          "K is at most 1.00, in every training sample it reaches 1.")
      })
    #expect(
      try doubts("reaction-diffusion").contains { $0.contains("coefficient q") }
    )
    #expect(
      try doubts("diffusion", residual: 1e6).contains {
        $0.contains("residual")
      })
    #expect(
      domain.doubts(
        try EquationSampler(Equation.load("diffusion"), nodes: 16, seed: 77)
          .sample(0), condition: 1e12, residual: 0
      ).contains { $0.text.contains("κ₂(A)") })
  }

  @Test func theShippedCheckpointSaysWhatItWasTrainedOn() throws {
    let checkpoint = try Checkpoint(path: Repository.checkpoint("diffusion"))
    let predictor = try Predictor(
      checkpoint, engine: ComputeEngine(threads: 1), precision: .f32, batch: 1,
      n: 64)
    let domain = try #require(
      try TrainingDomain(checkpoint, predictor: predictor, count: 5))
    // Multiples of f are all the same to it, other shapes are not.
    #expect(domain.coefficients.map(\.name) == ["K", "f/rms(f)"])
    var problem = try EquationSampler(
      Equation.load("diffusion"), nodes: 64, seed: 77
    ).sample(0)
    func doubts() -> [String] {
      domain.doubts(problem, condition: nil, residual: 0, leniency: 3)
        .map(\.text)
    }
    #expect(doubts().isEmpty)
    problem.f = problem.f.map { 1e6 * $0 }
    #expect(doubts().isEmpty)
    problem.f = (0..<64).map { Double($0) / 32 - 1 }
    #expect(doubts().contains { $0.hasPrefix("f/rms(f) is from -1.") })
  }

  @Test func aCoefficientThatEveryTrainingSampleHadIsMissed() throws {
    func domain(_ equation: String) throws -> TrainingDomain {
      let checkpoint = try Checkpoint(path: Repository.checkpoint(equation))
      let predictor = try Predictor(
        checkpoint, engine: ComputeEngine(threads: 1), precision: .f32,
        batch: 1, n: 64)
      return try #require(
        try TrainingDomain(checkpoint, predictor: predictor, count: 20))
    }
    let problem = try EquationSampler(
      Equation.load("diffusion"), nodes: 64, seed: 77
    ).sample(0)
    let reaction = try domain("reaction-diffusion").doubts(
      problem, condition: 1e6, residual: 0
    ).map(\.text)
    #expect(
      reaction.contains {
        $0 == "q is at most 0, in every training sample it reaches 0.333"
      }, "\(reaction)")
    // No velocity is a velocity of 0, which training had.
    let advection = try domain("advection-diffusion").doubts(
      problem, condition: 1e6, residual: 0
    ).map(\.text)
    #expect(!advection.contains { $0.hasPrefix("v ") }, "\(advection)")
  }

  @Test func aCheckpointWithoutARecipeHasNoDomain() throws {
    var (checkpoint, predictor) = try parts()
    checkpoint.notes = [:]
    #expect(try TrainingDomain(checkpoint, predictor: predictor) == nil)
  }
}
