/// What a dataset holds of each sample.
public struct DatasetContents: Sendable, Equatable {
  public var labels: DatasetLabels
  /// Which linear systems stand for a nonlinear equation; nil for a linear one.
  public var newton: NewtonSystems?
  /// Whether samples that nobody can solve are left out.
  public var leavesOut: Bool

  public init(
    labels: DatasetLabels = .grid, newton: NewtonSystems? = nil,
    leavesOut: Bool = false
  ) {
    self.labels = labels
    self.newton = newton
    self.leavesOut = leavesOut
  }

  /// Whether rows are the steps of Newton's method.
  public var isOfSteps: Bool { newton?.isEveryStep == true }

  /// Whether row i is sample i, so that nothing has to say which it is.
  var hasRowForEachSample: Bool { !leavesOut && !isOfSteps }

  /// What `u` is, as files have it.
  var solver: String {
    newton?.isEveryStep == false && labels == .grid ? "newton" : labels.rawValue
  }
}

/// What a dataset's solutions solve.
public enum DatasetLabels: String, CaseIterable, Sendable {
  /// The equations on the grid.
  case grid = "lu"
  /// The equation itself, resolved and then taken at the grid's nodes.
  case resolved
}

/// The linear systems that stand for a sample of a nonlinear equation, those of
/// Newton's method from a first guess.
public struct NewtonSystems: Sendable, Equatable {
  /// The first guess, a formula of x and the parameters.
  public let initial: String
  /// Whether every step is a row, solved by the step's full correction; else the
  /// first step's system is one, beside the solution of the equation.
  public let isEveryStep: Bool

  public init(initial: String, isEveryStep: Bool) {
    self.initial = initial
    self.isEveryStep = isEveryStep
  }

  /// The name of the kind in files.
  var kind: String { isEveryStep ? "every-step" : "first-step" }
}
