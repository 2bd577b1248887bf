import Networks
import Parallel
import Systems
import Tables

extension NewtonDataset {
  /// The errors of a network's steps by their number in the descent, beside those
  /// of the mean step of that number, which costs nothing and knows nothing of the
  /// problem.
  ///
  /// - Parameters:
  ///   - predictor: of the network.
  ///   - cancellation: asked before every batch.
  ///   - progress: receives the number of steps done so far.
  /// - Returns: a row for each number, and one of all steps, whose number is 0.
  /// - Throws: as `Predictor` does.
  public func stepErrors(
    of predictor: Predictor, cancellation: Cancellation = .never,
    progress: (Int) -> Void = { _ in }
  ) throws -> [StepErrorRow] {
    let numbers = stepNumbers
    let means = meanSteps(numbers)
    var rows = means.keys.sorted().map { number in
      var row = StepErrorRow()
      row.number = number
      return row
    }
    var all = StepErrorRow()
    try predictor.predict(
      TrajectoryExamples(self), 0..<count, cancellation: cancellation
    ) { index, prediction, step in
      let number = numbers[index]
      let guess = means[number] ?? step
      for i in step.indices {
        let (square, error, rest) = (
          step[i] * step[i], prediction[i] - step[i], guess[i] - step[i]
        )
        all.add(square, error * error, rest * rest)
        rows[number - 1].add(square, error * error, rest * rest)
      }
      rows[number - 1].count += 1
      all.count += 1
      progress(index + 1)
    }
    return (rows + [all]).map { $0.divided(by: n) }
  }

  /// The number of each step in its problem's descent, from 1.
  private var stepNumbers: [Int] {
    var number = 0
    return problemOfStep.indices.map { index in
      let isNew = index == 0 || problemOfStep[index] != problemOfStep[index - 1]
      number = isNew ? 1 : number + 1
      return number
    }
  }

  /// The mean of the steps of each number.
  private func meanSteps(_ numbers: [Int]) -> [Int: [Double]] {
    var sums: [Int: (count: Double, step: [Double])] = [:]
    for (index, number) in numbers.enumerated() {
      var sum = sums[number] ?? (0, Array(repeating: 0, count: n))
      sum.count += 1
      for (i, value) in example(index).step.enumerated() {
        sum.step[i] += value
      }
      sums[number] = sum
    }
    return sums.mapValues { sum in sum.step.map { $0 / sum.count } }
  }
}

extension StepErrorRow {
  /// Adds the squares of an entry, its error and the mean's.
  fileprivate mutating func add(
    _ square: Double, _ error: Double, _ rest: Double
  ) {
    size += square
    mse += error
    meanMSE += rest
  }

  /// The sums over so many entries a step as means.
  fileprivate func divided(by n: Int) -> StepErrorRow {
    var row = self
    let entries = Double(count * n)
    row.size = (size / entries).squareRoot()
    row.mse = mse / entries
    row.meanMSE = meanMSE / entries
    row.skill = row.meanMSE > 0 ? 1 - row.mse / row.meanMSE : nil
    return row
  }
}
