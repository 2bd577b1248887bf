import Parallel
import Tables

/// Progress on standard error: one line redrawn in a terminal, a plain line
/// every ten seconds elsewhere, nothing when quiet.
final class ProgressBar {
  private let title: String
  private let total: Int
  private let unit: String
  private let isQuiet: Bool
  private let began = ContinuousClock.now
  private var drawn: ContinuousClock.Instant?
  private var hasLine = false

  /// Begins a job.
  ///
  /// - Parameters:
  ///   - title: the verb.
  ///   - total: the number of units in all.
  ///   - unit: what is counted, in the plural.
  ///   - isQuiet: whether to show nothing.
  init(_ title: String, total: Int, unit: String, isQuiet: Bool) {
    self.title = title
    self.total = total
    self.unit = unit
    self.isQuiet = isQuiet
  }

  /// Shows that `done` of the total are done.
  ///
  /// - Parameters:
  ///   - done: the units done so far.
  ///   - rate: units a second; the mean so far if it is not given.
  ///   - note: what else there is to see, such as the loss.
  func update(_ done: Int, rate: Double? = nil, note: String = "") {
    guard !isQuiet else { return }
    let now = ContinuousClock.now
    let interval = Console.isTerminal ? .milliseconds(100) : Self.plainInterval
    // A job that is done at once needs no plain line.
    let last = drawn ?? (Console.isTerminal ? nil : began)
    if let last, last.duration(to: now) < interval, done < total { return }
    if !Console.isTerminal, drawn == nil, done >= total { return }
    drawn = now
    let elapsed = began.duration(to: now).inSeconds
    let speed = rate ?? (elapsed > 0 ? Double(done) / elapsed : 0)
    draw(done, speed, note)
  }

  /// The time between plain lines; a page that shows them wants more.
  private static let plainInterval: Duration =
    ServedProcess.isThis ? .milliseconds(500) : .seconds(10)

  private func draw(_ done: Int, _ rate: Double, _ note: String) {
    let share = total > 0 ? min(1, Double(done) / Double(total)) : 1
    let percent = NumberFormat.percent.text(share)
    var facts = "\(done)/\(total) \(unit)"
    if rate > 0 { facts += ", \(NumberFormat.short.text(rate))/s" }
    if !note.isEmpty { facts += ", \(note)" }
    if rate > 0, done < total {
      facts += ", \(Self.time(Double(total - done) / rate)) left"
    }
    guard Console.isTerminal else {
      Console.write("\(title) \(percent)  \(facts)\n")
      return
    }
    let room = Console.width - title.count - facts.count - percent.count - 6
    let cells = max(0, min(30, room))
    let full = Int(share * Double(cells))
    let bar =
      String(repeating: "█", count: full)
      + String(repeating: "░", count: cells - full)
    let line = "\(title) \(bar) \(percent)  \(facts)"
    Console.write(
      "\r\u{1b}[K" + String(line.prefix(max(20, Console.width - 1))))
    hasLine = true
  }

  /// Makes way for a line of something else.
  func clear() {
    if hasLine { Console.write("\r\u{1b}[K") }
    hasLine = false
  }

  /// Seconds as people write them.
  static func time(_ seconds: Double) -> String {
    guard (0..<1e15).contains(seconds) else { return "–" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 {
      return "\(whole / 60) min \(whole % 60) s"
    }
    return "\(whole / 3600) h \(whole / 60 % 60) min"
  }
}
