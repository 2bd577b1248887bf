import Dispatch
import Foundation

/// Runs what may need little of the stack on a thread that has half a megabyte,
/// as secondary threads have on some systems, and returns what it said.
public func onSmallStack(
  kilobytes: Int = 512, _ body: @escaping @Sendable () -> String
) -> String {
  final class Outcome: @unchecked Sendable { var text = "" }
  let outcome = Outcome()
  let done = DispatchSemaphore(value: 0)
  let thread = Thread {
    outcome.text = body()
    done.signal()
  }
  thread.stackSize = kilobytes << 10
  thread.start()
  done.wait()
  return outcome.text
}

/// Text that nests so many levels, after so many lines of its own, in every way
/// that YAML has.
public func nestedYAML(levels: Int) -> [String] {
  func times(_ text: String) -> String {
    String(repeating: text, count: levels)
  }
  // In blocks of a line each the text grows with the square.
  let lines = (0..<min(levels, 1000)).map {
    String(repeating: " ", count: $0 + 2) + "a:\n"
  }
  return [
    times("[") + "1" + times("]"), times("["), times("{a: ") + times("}"),
    times("[a: ") + times("]"), "\n  " + times("- ") + "1",
    "\n  " + times("? ") + "1", "\n" + lines.joined(),
    "\n - &a0 [1]\n"
      + (0..<levels).map { " - &a\($0 + 1) [*a\($0)]\n" }.joined(),
  ]
}
