import Testing
import Training

struct ScheduleTests {
  @Test func warmupRisesAndTheCosineFalls() {
    let schedule = Schedule(kind: .cosine, warmup: 4, floor: 0.1)
    let factors = (0..<104).map { schedule.factor(step: $0, total: 104) }
    #expect(factors[0] == 0.25 && factors[3] == 1 && factors[4] == 1)
    #expect(abs(factors[103] - 0.1) < 1e-12)
    for step in 5..<104 { #expect(factors[step] < factors[step - 1]) }
    // Half-way, a cosine is half-way between its ends.
    let half = Schedule(kind: .cosine, floor: 0.1)
    #expect(abs(half.factor(step: 50, total: 101) - 0.55) < 1e-12)
  }

  @Test func thePapersRateEndsAtATenth() {
    let recipe = Recipe.pretraining(.paper, equation: nil)
    let rate = recipe.optimizer.learningRate
    #expect(rate * recipe.schedule.factor(step: 0, total: 9) == 1e-4)
    let last = rate * recipe.schedule.factor(step: 8, total: 9)
    #expect(abs(last - 1e-5) < 1e-18)
  }

  @Test func constantStaysOne() {
    let schedule = Schedule(kind: .constant)
    #expect((0..<9).allSatisfy { schedule.factor(step: $0, total: 9) == 1 })
  }
}
