import ArgumentParser
import Parallel

/// The number of threads.
struct ThreadOptions: ParsableArguments {
  @Option(
    parsing: .unconditional, help: "Threads to use. (default: all processors)")
  var threads: Int?

  var count: Int { threads ?? ThreadPool.processorCount }

  func validate() throws {
    let largest = ThreadPool.largestCount
    guard (1...largest).contains(threads ?? 1) else {
      throw ValidationError("--threads must lie between 1 and \(largest)")
    }
  }
}
