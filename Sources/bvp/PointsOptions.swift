import ArgumentParser

/// Where the functions of a sample are printed.
struct PointsOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "Resample on so many evenly spaced points. (default: the nodes)")
  var points: Int?

  func validate() throws {
    guard (2...10_000_000).contains(points ?? 2) else {
      throw ValidationError("--points must lie between 2 and 10000000")
    }
  }
}
