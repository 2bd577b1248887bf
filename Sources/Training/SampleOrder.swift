import Randomness

/// Which samples a step sees.
struct SampleOrder {
  /// Samples in an epoch.
  let epochSamples: Int
  let batch: Int
  let seed: UInt64
  /// Whether samples are never repeated (an endless source).
  let isEndless: Bool

  private var cachedEpoch = -1
  private var permutation: [Int] = []

  init(epochSamples: Int, batch: Int, seed: UInt64, isEndless: Bool) {
    self.epochSamples = epochSamples
    self.batch = batch
    self.seed = seed
    self.isEndless = isEndless
  }

  /// Steps in an epoch; the last batch of one may be smaller.
  var stepsPerEpoch: Int { (epochSamples + batch - 1) / batch }

  /// The steps of a run by a recipe.
  func steps(of recipe: Recipe) -> Int {
    recipe.schedule.steps ?? recipe.schedule.epochs * stepsPerEpoch
  }

  /// The samples that `steps` steps have seen.
  func samplesSeen(after steps: Int) -> Int {
    steps / stepsPerEpoch * epochSamples + steps % stepsPerEpoch * batch
  }

  /// The sample indices of step `step`: a pure function of it.
  ///
  /// A finite source is shuffled anew each epoch (Fisher–Yates).
  mutating func indices(step: Int) -> [Int] {
    let epoch = step / stepsPerEpoch
    let first = (step % stepsPerEpoch) * batch
    let last = min(first + batch, epochSamples)
    if isEndless {
      return (first..<last).map { epoch * epochSamples + $0 }
    }
    if epoch != cachedEpoch { shuffle(epoch) }
    return Array(permutation[first..<last])
  }

  private mutating func shuffle(_ epoch: Int) {
    var random = CounterRandom(
      seed: seed, index: epoch, stream: .sampleOrder)
    permutation = Array(0..<epochSamples)
    for i in stride(from: epochSamples - 1, to: 0, by: -1) {
      let j = min(i, Int(random.nextUniform() * Double(i + 1)))
      permutation.swapAt(i, j)
    }
    cachedEpoch = epoch
  }
}

extension Recipe {
  /// The steps of a run by it.
  public var totalSteps: Int {
    SampleOrder(
      epochSamples: data.samples, batch: schedule.batch, seed: seed,
      isEndless: data.online
    ).steps(of: self)
  }
}
