import Foundation
import Tables
import TestSupport
import Testing

/// A row of every kind of column.
private struct ExampleRow: ResultRow, Equatable {
  var name = ""
  var note: String?
  var count = 0
  var limit: Int?
  var seed: UInt64 = 0
  var error = 0.0
  var share: Double?
  var spread = Distribution([])

  static var fields: [ResultField<ExampleRow>] {
    [
      .column("name", \.name), .column("note", \.note),
      .column("count", \.count),
      .column("limit", \.limit), .column("seed", \.seed),
      .column("error", \.error, unit: "u²"),
      .column("share", \.share, format: .percent),
    ] + ResultField.distribution("spread", \.spread, heading: "spread")
  }
}

struct ResultTableTests {
  private var rows: [ExampleRow] {
    var first = ExampleRow()
    first.name = "a, \"b\""
    first.count = 1_234_567
    first.seed = .max
    first.error = 1.0 / 3
    first.share = 0.25
    first.spread = Distribution([1, 2, 3])
    var second = ExampleRow()
    second.name = "c"
    second.note = "n"
    second.limit = 7
    second.error = .infinity
    second.spread = Distribution([0.1])
    return [first, second]
  }

  @Test func csvComesBackToTheBit() throws {
    let table = ResultTable(rows)
    #expect(
      table.csvHeader
        == "name,note,count,limit,seed,error,share,mean,median,p10,p90")
    #expect(
      table.csvRows[0]
        == "\"a, \"\"b\"\"\",,1234567,,18446744073709551615,"
        + "0.3333333333333333,0.25,2,2,1.2,2.8")
    let csv = try CSVTable(
      text: table.csv.joined(separator: "\n"), path: "t.csv")
    #expect(ExampleRow.matches(csv.header))
    #expect(try ExampleRow.rows(of: csv) == rows)
  }

  @Test func jsonGroupsADistributionAndLeavesOutWhatIsMissing() throws {
    let lines = try ResultTable(rows).json(.lines)
    let first = try #require(
      try JSONSerialization.jsonObject(with: Data(lines[0].utf8))
        as? [String: Any])
    #expect(
      Set(first.keys) == ["name", "count", "seed", "error", "share", "spread"])
    #expect((first["spread"] as? [String: Double])?["p90"] == 2.8)
    #expect(lines[1].contains("\"error\":\"Infinity\""))
    let array = try ResultTable(rows).json(.array)
    #expect(array == ["[" + lines.joined(separator: ",") + "]"])
  }

  @Test func textIsAlignedAndForPeople() {
    let lines = ResultTable(rows).text.lines
    #expect(lines.count == 4)
    #expect(lines[2].contains("1,234,567") && lines[2].contains("0.333"))
    #expect(lines[2].contains("25 %") && lines[3].contains("–"))
    #expect(Set(lines[0...1].map(\.count)).count == 1)
    // A column that no row has anything in is left out.
    #expect(!ResultTable([rows[0]]).text.header.contains("note"))
    #expect(ResultTable([ExampleRow]()).text.header.contains("note"))
  }

  @Test func aWrongFileIsNamedWithItsColumnAndValue() throws {
    func complaint(_ text: String) throws -> String {
      let table = try CSVTable(text: text, path: "t.csv")
      return message { _ = try DescentRow.rows(of: table) }
    }
    #expect(
      try complaint("problem,method,step,seconds\n0,a,0,1\n")
        == "t.csv: has no column 'objective'")
    for bad in ["nan", "1e300", "99999999999999999999", "", "x"] {
      #expect(
        try complaint("problem,method,step,seconds,objective\n\(bad),a,0,1,1\n")
          == "t.csv: '\(bad)' in column 'problem' is not a number")
    }
  }

  /// Columns that came later may be missing in older files.
  @Test func olderTablesOfNoiseAreRead() throws {
    let table = try CSVTable(
      text: "noise,target,level,solver,samples,mean,median,p10,p90,failures,"
        + "microseconds_per_system\nrms,both,1e-3,lu,9,1,1,1,1,2,3.5\n",
      path: "old.csv")
    let row = try #require(try RobustnessRow.rows(of: table).first)
    #expect(row.noiseTitle == "rms noise on A and b")
    #expect(row.failures == 2 && row.knows.isEmpty)
  }

  /// The columns are contracts with scripts.
  @Test func theColumnsArePinned() {
    func header<Row: ResultRow>(_ kind: Row.Type) -> String {
      ResultTable([Row]()).csvHeader
    }
    #expect(
      header(TrainingRow.self)
        == "epoch,step,samples,lr,train_mse,test_mse,test_relative_mse,seconds")
    #expect(
      header(EvaluationRow.self)
        == "samples,mse,mean,median,p10,p90,zeros,failures,label_median,"
        + "label_p90,mean_mse,covered")
    #expect(
      header(RobustnessRow.self)
        == "noise,target,level,solver,samples,mean,median,p10,p90,failures,"
        + "microseconds_per_system,residual,low,middle,high,boundary,knows,zeros,"
        + "law,covered"
    )
    #expect(
      header(SweepRow.self)
        == "variable,value,network,samples,mse,mean,median,p10,p90,condition,"
        + "zeros,failures")
    #expect(
      header(DescentRow.self) == "problem,method,step,seconds,objective")
    #expect(
      header(BenchmarkRow.self)
        == "job,model,parameters,precision,batch,threads,"
        + "milliseconds_per_step,samples_per_second,gflops,share_of_limit,"
        + "optimizer")
  }
}

struct DocumentedColumnsTests {
  /// Every column stands in the article on file formats, with its unit.
  @Test func everyColumnIsDocumented() throws {
    func check<Row: ResultRow>(_ kind: Row.Type, _ heading: String) throws {
      let units = try FormatArticle.units(under: heading)
      for column in ResultTable([Row]()).columns {
        let unit = try #require(
          units[column.name], "\(heading): \(column.name)")
        // What follows a semicolon is about special cases; the unit of what
        // a sweep varies is that of the parameter.
        #expect(
          column.unit == unit || unit.hasPrefix(column.unit + ";")
            || column.name == "value",
          "\(heading): \(column.name) in \(column.unit), not \(unit)")
      }
    }
    try check(TrainingRow.self, "metrics.csv")
    try check(EvaluationRow.self, "bvp evaluate")
    try check(RobustnessRow.self, "bvp robustness")
    try check(SweepRow.self, "bvp sweep")
    try check(DescentRow.self, "bvp newton compare")
    try check(BenchmarkRow.self, "bvp bench")
    try check(DescentSummary.self, "JSON")
    #expect(
      try FormatArticle.missing(SampleCurves.functionNames + ["x", "sample"])
        .isEmpty)
    #expect(try FormatArticle.missing(["no_such_column"]) == ["no_such_column"])
  }
}

struct NumberFormatTests {
  @Test func numbersAreWrittenOneWay() {
    let short = NumberFormat.short.text
    #expect(
      [0, 0.012345, 0.5, 1, 12.345, 123.4, 12345, 1e-5, -0.5].map(short)
        == [
          "0", "0.012", "0.500", "1.00", "12.3", "123", "1.23e+04", "1.00e-05",
          "-0.500",
        ])
    #expect(short(-.nan) == "nan" && short(.infinity) == "inf")
    let exact = NumberFormat.exact.text
    #expect(
      [0, -0.0, 64, 0.1, 1e-6, -.nan].map(exact)
        == ["0", "0", "64", "0.1", "1e-06", "nan"])
    for value in [1.0 / 3, 1e300, 2.3e-308, -2.5] {
      #expect(Double(exact(value)) == value)
    }
    #expect(NumberFormat.percent.text(0.456) == "46 %")
    #expect(NumberFormat.scientific.text(0.00123) == "1.2e-03")
    #expect(
      [0, 999, 1000, -1_234_567].map { NumberFormat.grouped($0) }
        == ["0", "999", "1,000", "-1,234,567"])
    #expect(
      [0, 1e-4, 2.5e-4].map(NumberFormat.noiseLevel)
        == ["clean", "1e-04", "0.00025"])
  }
}
