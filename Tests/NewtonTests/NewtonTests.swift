import Foundation
import Networks
import Tables
import TensorFiles
import TestSupport
import Testing
import Training

@testable import Newton

private let small = PNormProblem.Law(rows: 300, columns: 7)

/// f, gradient and Hessian of Σ|r|ᵖ, entry by entry.
private func reference(_ problem: PNormProblem, _ x: [Double])
  -> (sum: Double, gradient: [Double], hessian: [Double])
{
  let (m, n, p) = (problem.law.rows, problem.law.columns, problem.law.p)
  var sum = 0.0
  var gradient = [Double](repeating: 0, count: n)
  var hessian = [Double](repeating: 0, count: n * n)
  for i in 0..<m {
    let row = problem.A[(i * n)..<((i + 1) * n)]
    let r = zip(row, x).reduce(-problem.b[i]) { $0 + $1.0 * $1.1 }
    sum += pow(abs(r), p)
    let a = Array(row)
    for j in 0..<n {
      gradient[j] += p * pow(abs(r), p - 1) * (r < 0 ? -1 : 1) * a[j]
      for k in 0..<n {
        hessian[j * n + k] += p * (p - 1) * pow(abs(r), p - 2) * a[j] * a[k]
      }
    }
  }
  return (sum, gradient, hessian)
}

struct NewtonTests {
  @Test(arguments: [2.0, 3.5, 4, 6, 8], [1, 3])
  func aStepSolvesTheNewtonEquation(_ p: Double, _ threads: Int) throws {
    var law = small
    law.p = p
    law.start = .uniform
    let problem = PNormProblem(law, seed: 3, index: 1)
    let solver = NewtonSolver(law, threads: threads)
    let (step, evaluation) = try solver.step(problem, at: problem.start)
    let expected = reference(problem, problem.start)
    #expect(
      abs(evaluation.objective / pow(expected.sum, 1 / p) - 1) < 1e-12)
    let norm = expected.gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(abs(evaluation.gradientNorm / norm - 1) < 1e-11)
    for j in 0..<7 {
      let product = (0..<7).reduce(0.0) {
        $0 + expected.hessian[j * 7 + $1] * step[$1]
      }
      #expect(abs(product + expected.gradient[j]) < 1e-9 * norm)
    }
  }

  @Test func theGradientIsTheDerivative() throws {
    let problem = PNormProblem(small, seed: 3, index: 2)
    let x = (0..<7).map { 0.05 * Double($0) }
    let gradient = reference(problem, x).gradient
    for j in 0..<7 {
      var (up, down) = (x, x)
      up[j] += 1e-5
      down[j] -= 1e-5
      let slope =
        (reference(problem, up).sum - reference(problem, down).sum) / 2e-5
      #expect(abs(slope - gradient[j]) < 1e-4 * abs(gradient[j]) + 1e-12)
    }
  }

  @Test func leastSquaresTakesOneStep() throws {
    var law = small
    law.p = 2
    let problem = PNormProblem(law, seed: 1, index: 0)
    let solver = NewtonSolver(law, threads: 2)
    let trajectory = try solver.minimize(problem, tolerance: 1e-12)
    #expect(trajectory.hasConverged)
    // The second step is rounding.
    #expect(trajectory.steps.count <= 2)
  }

  @Test func thePapersProblemTakesSixStepsAndConvergesAsPublished() throws {
    let law = PNormProblem.Law()
    let problem = PNormProblem(law, seed: 0, index: 0)
    let trajectory = try NewtonSolver(law, threads: 2).minimize(problem)
    #expect(trajectory.hasConverged)
    #expect((5...7).contains(trajectory.steps.count))
    #expect(abs(trajectory.objectives[0] - 0.058) < 1e-3)
    let end = try #require(trajectory.objectives.last)
    #expect(abs(end - 0.0293) < 1e-3)
    #expect(trajectory.damping == 0)
    // Descent, and quadratic convergence at the end.
    for (a, b) in zip(trajectory.objectives, trajectory.objectives.dropFirst())
    { #expect(b < a + 1e-12) }
    let errors = trajectory.objectives.dropLast().suffix(4).map { $0 - end }
    for (a, b) in zip(errors, errors.dropFirst()) { #expect(b < 40 * a * a) }
  }

  /// The largest singular value of A, by the power method on AᵀA.
  private func spectralNorm(_ problem: PNormProblem) -> Double {
    let (m, n) = (problem.law.rows, problem.law.columns)
    var v = (0..<n).map { 1 + 0.1 * Double($0) }
    var norm = 0.0
    for _ in 0..<200 {
      var w = [Double](repeating: 0, count: n)
      for i in 0..<m {
        let row = problem.A[(i * n)..<((i + 1) * n)]
        let product = zip(row, v).reduce(0) { $0 + $1.0 * $1.1 }
        for (j, entry) in row.enumerated() { w[j] += entry * product }
      }
      norm = w.reduce(0) { $0 + $1 * $1 }.squareRoot()
      v = w.map { $0 / norm }
    }
    return norm.squareRoot()
  }

  @Test(arguments: PNormProblem.Scaling.allCases)
  func scalingGivesTheNormsItSays(_ scaling: PNormProblem.Scaling) {
    var law = small
    law.scaling = scaling
    let problem = PNormProblem(law, seed: 5, index: 9)
    let frobenius = problem.A.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let right = problem.b.reduce(0) { $0 + $1 * $1 }.squareRoot()
    switch scaling {
    case .frobenius: #expect(abs(frobenius - 1) < 1e-12)
    case .spectral: #expect(abs(spectralNorm(problem) - 1) < 1e-9)
    case .none:
      // Entries uniform on [0, 1): the mean of their squares is 1/3, and four
      // standard errors of it.
      let count = Double(problem.A.count)
      let mean = frobenius * frobenius / count
      #expect(abs(mean - 1 / 3.0) < 4 * (4 / 45.0 / count).squareRoot())
      #expect(problem.A.allSatisfy { (0..<1).contains($0) })
    }
    if scaling != .none { #expect(abs(right - 1) < 1e-12) }
  }

  @Test func aSingularHessianIsDampedAndSaidSo() throws {
    // With p = 100 the largest residuals are all that counts: fewer rows than
    // columns have a weight that is not lost beside theirs.
    let law = PNormProblem.Law(p: 100, rows: 40, columns: 30)
    let problem = PNormProblem(law, seed: 3, index: 1)
    let solver = NewtonSolver(law, threads: 1)
    let (step, _) = try solver.step(problem, at: problem.start)
    #expect(solver.damping > 0)
    #expect(step.allSatisfy { $0.isFinite })
    let folder = try TemporaryFolder()
    let path = folder.path("newton")
    let summary = try NewtonGenerator(
      law, seed: 3, problems: 1..<2, limit: 3
    ).write(to: path)
    #expect(summary.damped == 1)
    #expect(throws: (any Error).self) {
      try solver.step(problem, at: [Double](repeating: .nan, count: 30))
    }
  }

  @Test func aDatasetComesBackAndDoesNotDependOnThreads() throws {
    let folder = try TemporaryFolder()
    let paths = ["one", "three"].map(folder.path)
    var law = small
    law.start = .normal
    for (path, threads) in zip(paths, [1, 3]) {
      let summary = try NewtonGenerator(
        law, seed: 8, problems: 4..<9, threads: threads
      ).write(to: path)
      #expect(summary.problems == 5 && summary.unconverged == 0)
    }
    let sets = try paths.map { try NewtonDataset(path: $0) }
    #expect(sets[0].iterates == sets[1].iterates)
    #expect(sets[0].steps == sets[1].steps)
    #expect(sets[0].law == law && sets[0].firstProblem == 4)
    // An iterate plus its step is the next one.
    let dataset = sets[0]
    for k in 0..<(dataset.count - 1)
    where dataset.problemOfStep[k] == dataset.problemOfStep[k + 1] {
      for j in 0..<7 {
        #expect(
          dataset.iterates[k * 7 + j] + dataset.steps[k * 7 + j]
            == dataset.iterates[(k + 1) * 7 + j])
      }
    }
    let problem = dataset.problem(2)
    #expect(
      problem.A == PNormProblem(law, seed: 8, index: 6).A,
      "problems are rebuilt from the seed")
    #expect(
      Array(dataset.transposedProducts[14..<21]) == problem.transposedProduct)
  }

  /// The mean step of a number is wrong by the steps' variance; so is a network that
  /// says 0 by their mean square.
  @Test func stepErrorsAreThoseOfTheirNumber() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("newton")
    try NewtonGenerator(small, seed: 2, problems: 0..<4).write(to: path)
    let dataset = try NewtonDataset(path: path)
    let shape = try NetworkConfiguration(
      .algebraformer, n: 7, features: 2, width: 8, depth: 1, heads: 1)
    let network = try Network(
      shape, engine: ComputeEngine(threads: 1), capacity: 4, isTraining: false)
    let encoding = try TrajectoryExamples(dataset).calibrated(.iterate)
    let rows = try dataset.stepErrors(
      of: Predictor(network, encoding: encoding, n: 7))
    let starts = dataset.problemOfStep.indices.filter {
      $0 == 0 || dataset.problemOfStep[$0] != dataset.problemOfStep[$0 - 1]
    }
    #expect(rows[0].number == 1 && rows[0].count == starts.count)
    #expect(rows.last?.number == 0 && rows.last?.count == dataset.count)
    var (square, variance) = (0.0, 0.0)
    for i in 0..<7 {
      let values = starts.map { dataset.steps[$0 * 7 + i] }
      let mean = values.reduce(0, +) / Double(values.count)
      square += values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
      variance += values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4
    }
    #expect(abs(rows[0].mse - square / 7) < 1e-12 * square)
    #expect(abs(rows[0].meanMSE - variance / 7) < 1e-12 * square)
    let skill = try #require(rows[0].skill)
    #expect(abs(skill - (1 - square / variance)) < 1e-9 * square / variance)
  }

  @Test func whatIsNoDatasetIsRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("newton")
    let writer = try SafetensorsWriter(
      path: path, tensors: [("x", .F64, [1])], metadata: ["format": "other"])
    try writer.write("x", doubles: [1])
    try writer.finish()
    #expect {
      try NewtonDataset(path: path)
    } throws: {
      "\($0)".contains("expected 'bvp-newton/1'")
    }
  }

  @Test func trajectoriesAreExamplesOfStepsFromIterates() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("newton")
    try NewtonGenerator(small, seed: 2, problems: 0..<3).write(to: path)
    let file = try SafetensorsFile(path: path)
    #expect(
      try FormatArticle.missing(file.metadata.keys + file.tensors.map(\.name))
        .isEmpty)
    let dataset = try NewtonDataset(path: path)
    let examples = TrajectoryExamples(dataset)
    #expect(examples.n == 7 && examples.count == dataset.count)
    guard case .iterate(let encoding) = try examples.calibrated(.iterate) else {
      Issue.record("no encoding of iterates")
      return
    }
    // The steps have unit size after the gain.
    let squares = dataset.steps.reduce(0) { $0 + $1 * $1 }
    let rms = (squares / Double(dataset.steps.count)).squareRoot()
    #expect(abs(encoding.targetGain * rms - 1) < 1e-12)
    let reader = try examples.makeReader(.iterate(encoding))
    let tokens = TokenBatch(precision: .f32, capacity: 1, count: 14)
    for index in 0..<dataset.count {
      let answer = try reader.answer(index, into: tokens, n: 7)
      #expect(answer == Array(dataset.steps[(index * 7)..<((index + 1) * 7)]))
    }
    // Three numbers a token with the gradient, which is that of fᵖ.
    let sloped = try examples.calibrated(.gradient)
    let wide = TokenBatch(precision: .f32, capacity: 1, count: 21)
    _ = try examples.makeReader(sloped).answer(1, into: wide, n: 7)
    let x = Array(dataset.iterates[7..<14])
    let solver = NewtonSolver(small, threads: 1)
    func power(_ x: [Double]) -> Double {
      pow(solver.objective(dataset.problem(dataset.problemOfStep[1]), at: x), 6)
    }
    for i in 0..<7 {
      var (above, below) = (x, x)
      above[i] += 1e-5
      below[i] -= 1e-5
      let slope = (power(above) - power(below)) / 2e-5
      #expect(abs(dataset.gradients[7 + i] - slope) < 1e-6 * abs(slope) + 1e-12)
    }
    #expect(throws: NetworkError.self) { try examples.calibrated(.raw) }
    #expect(throws: TrainingError.self) {
      try TrainingSources(
        trajectoriesOf: .pretraining(.smoke, equation: "name: x"))
    }
    #expect(throws: TrainingError.self) {
      try TrainingSources(systemsOf: .newton(.smoke))
    }
  }
}
