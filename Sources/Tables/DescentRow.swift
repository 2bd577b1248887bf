/// An iterate of one method for min ‖Ax − b‖ₚ on one problem.
public struct DescentRow: ResultRow, Equatable {
  public var problem = 0
  public var method = ""
  public var step = 0
  /// Wall time since the start.
  public var seconds = 0.0
  /// f = ‖Ax − b‖ₚ.
  public var objective = 0.0

  public init() {}

  public static var fields: [ResultField<DescentRow>] {
    [
      .column("problem", \.problem), .column("method", \.method),
      .column("step", \.step), .column("seconds", \.seconds, unit: "s"),
      .column("objective", \.objective, format: .fixed(6)),
    ]
  }

  /// The last iterate of each problem.
  static func ends(_ rows: [DescentRow]) -> [DescentRow] {
    rows.grouped(by: \.problem).compactMap { _, own in
      own.max { $0.step < $1.step }
    }
  }
}

/// One method over all problems.
public struct DescentSummary: ResultRow, Equatable {
  public var method = ""
  /// A network's parameters.
  public var parameters: Int?
  public var problems = 0
  /// Means over the problems.
  public var steps = 0.0
  public var objective = 0.0
  /// The mean of f/f* − 1, f* being classical Newton's last f.
  public var excess = 0.0
  /// The share that stopped by the tolerance, without f growing before.
  public var converged: Double?
  /// The mean wall time to the end.
  public var milliseconds = 0.0
  /// Classical Newton's time over this one's.
  public var speedup = 0.0
  /// The time of a step of all problems at once, without f, for each problem; a
  /// network's only.
  public var batchedMillisecondsPerStep: Double?

  public init() {}

  public static var fields: [ResultField<DescentSummary>] {
    [
      .column("method", \.method), .column("parameters", \.parameters),
      .column("problems", \.problems, isShown: false),
      .column("steps", \.steps),
      .column("objective", \.objective, heading: "final f", format: .fixed(6)),
      .column("excess", \.excess, heading: "f/f* − 1"),
      .column("converged", \.converged, format: .percent),
      .column("milliseconds", \.milliseconds, heading: "ms", unit: "ms"),
      .column("speedup", \.speedup, heading: "speed-up"),
      .column(
        "batched_milliseconds_per_step", \.batchedMillisecondsPerStep,
        heading: "batched ms/step", unit: "ms"),
    ]
  }

  /// The method that all others are measured by.
  public static let classical = "newton"

  /// What the iterates alone tell of each method.
  public static func summaries(_ rows: [DescentRow]) -> [DescentSummary] {
    let methods = rows.grouped(by: \.method).map {
      (name: $0.key, ends: DescentRow.ends($0.elements))
    }
    let newton = methods.first { $0.name == classical }?.ends ?? []
    let time = mean(newton.map(\.seconds))
    return methods.map { name, ends in
      var result = DescentSummary()
      let seconds = mean(ends.map(\.seconds))
      result.method = name
      result.problems = ends.count
      result.steps = mean(ends.map { Double($0.step) })
      result.objective = mean(ends.map(\.objective))
      result.excess = mean(
        zip(ends, newton).map { $0.objective / $1.objective - 1 })
      result.milliseconds = 1e3 * seconds
      result.speedup = time / seconds
      return result
    }
  }
}

/// The mean course of one method.
public struct DescentCurve: Sendable, Equatable {
  public let method: String
  /// Means over the problems that took the step.
  public let points: [(milliseconds: Double, objective: Double)]

  public static func == (a: DescentCurve, b: DescentCurve) -> Bool {
    a.method == b.method
      && a.points.elementsEqual(b.points, by: { $0 == $1 })
  }

  /// The courses of rows, in the order in which the methods appear.
  public static func curves(_ rows: [DescentRow]) -> [DescentCurve] {
    rows.grouped(by: \.method).map { method, own in
      DescentCurve(
        method: method,
        points: own.grouped(by: \.step).map { _, here in
          (1e3 * mean(here.map(\.seconds)), mean(here.map(\.objective)))
        })
    }
  }
}
