/// The functions of samples over x, as `solve` and `export` print them: columns
/// `x`, the coefficients that the equation has, `u`, and whatever else was
/// solved for; `sample` before them where there are several.
public struct SampleCurves: Sendable, Equatable {
  /// One function of one sample.
  public struct Curve: Sendable, Equatable {
    /// The sample's number; empty where there is one only.
    public let sample: String
    public let x: [Double]
    public let y: [Double]
  }

  /// The functions, by name, with a curve for each sample.
  public let functions: [(name: String, curves: [Curve])]

  public static func == (a: SampleCurves, b: SampleCurves) -> Bool {
    a.functions.elementsEqual(b.functions, by: { $0 == $1 })
  }

  /// The columns that are functions of x, in the order of files.
  public static let functionNames = ["K", "f", "q", "v", "w", "u", "u_network"]

  /// Whether a file with these columns holds samples.
  public static func matches(_ header: [String]) -> Bool {
    header.contains("x") && header.contains { functionNames.contains($0) }
  }

  /// The samples of a file.
  ///
  /// - Throws: `CSVTable.Failure` for a value that is not a number.
  public init(_ table: CSVTable) throws {
    let samples =
      table.header.contains("sample")
      ? try table.column("sample") : table.rows.map { _ in "" }
    let x = try table.numbers("x")
    // The steps of one sample are curves of their own.
    let names = samples.indices.distinctNames({ samples[$0] }, once: { x[$0] })
    let rows = names.indices.grouped { names[$0] }
    functions = try Self.functionNames.filter(table.header.contains).map {
      name in
      let y = try table.numbers(name)
      return (
        name,
        rows.map { sample, places in
          Curve(
            sample: sample, x: places.map { x[$0] }, y: places.map { y[$0] })
        }
      )
    }
  }
}
