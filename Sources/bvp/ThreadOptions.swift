import ArgumentParser
import Foundation
import Parallel
import Ranks

/// The number of threads.
struct ThreadOptions: ParsableArguments {
  @Option(
    parsing: .unconditional, help: "Threads to use. (default: all processors)")
  var threads: Int?

  /// Those of this process: its processors, divided by the processes that share
  /// the machine unless the launcher has bound each to its own.
  var count: Int {
    let own = ThreadPool.processorCount
    let isBound = own < sysconf(Int32(_SC_NPROCESSORS_ONLN))
    return threads ?? (isBound ? own : max(1, own / Ranks.all.localSize))
  }

  func validate() throws {
    let largest = ThreadPool.largestCount
    guard (1...largest).contains(threads ?? 1) else {
      throw ValidationError("--threads must lie between 1 and \(largest)")
    }
  }
}
