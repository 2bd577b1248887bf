import Tables
import TestSupport
import Testing

struct CSVTableTests {
  @Test func quotesProtectCommasAndLineEnds() throws {
    let table = try CSVTable(
      text: "a,b\r\n\"x, \"\"y\"\"\",1e-3\n\"two\nlines\",-2\n\n", path: "t.csv"
    )
    #expect(table.header == ["a", "b"])
    #expect(try table.column("a") == ["x, \"y\"", "two\nlines"])
    #expect(try table.numbers("b") == [1e-3, -2])
  }

  @Test func whatIsWrongIsNamed() {
    #expect(
      message { _ = try CSVTable(text: "", path: "t.csv") }
        == "t.csv: has no header")
    #expect(
      message { _ = try CSVTable(text: "a,b\n1\n", path: "t.csv") }
        == "t.csv: row 1 has 1 fields, expected 2")
    #expect(
      message {
        _ = try CSVTable(text: "a\nx\n", path: "t.csv").numbers("a")
      } == "t.csv: 'x' in column 'a' is not a number")
    #expect(
      message { _ = try CSVTable(text: "a\n1\n", path: "t.csv").column("b") }
        == "t.csv: has no column 'b'")
    #expect(
      message { _ = try CSVTable(path: "/none.csv") }
        == "/none.csv: cannot be read")
  }

  /// Whatever is written comes back: every field of up to three of the characters
  /// that mean something, in tables of one to three columns.
  @Test func whatIsWrittenComesBack() throws {
    let characters = [
      ",", "\"", "\r", "\n", "\r\n", " ", "a", "\t", "\u{301}", "\u{2028}", "0",
    ]
    var fields = [""]
    var longer = fields
    for _ in 0..<3 {
      longer = longer.flatMap { start in characters.map { start + $0 } }
      fields += longer
    }
    for width in 1...3 {
      var rows: [[String]] = []
      for start in stride(from: 0, to: fields.count, by: width) {
        rows.append((start..<start + width).map { fields[$0 % fields.count] })
      }
      let columns = (0..<width).map {
        ResultColumn(fields[fields.count - 1 - $0])
      }
      let table = ResultTable(
        columns: columns, rows: rows.map { $0.map { .text($0) } })
      for (end, isLast) in [("\n", true), ("\r\n", true), ("\n", false)] {
        let text = table.csv.joined(separator: end) + (isLast ? end : "")
        let read = try CSVTable(text: text, path: "t.csv")
        // By scalars: two texts that look alike are not the same.
        func scalars(_ rows: [[String]]) -> [[[UInt32]]] {
          rows.map { $0.map { $0.unicodeScalars.map(\.value) } }
        }
        #expect(scalars([read.header]) == scalars([columns.map(\.name)]))
        #expect(scalars(read.rows) == scalars(rows))
      }
    }
  }

  @Test func anEmptyCellIsARow() throws {
    let table = ResultTable(
      columns: [ResultColumn("a")],
      rows: [[.missing], [.text("")], [.text("x")], [.missing]])
    #expect(table.csv == ["a", "\"\"", "\"\"", "x", "\"\""])
    let read = try CSVTable(
      text: table.csv.joined(separator: "\n"), path: "t.csv")
    #expect(read.rows == [[""], [""], ["x"], [""]])
    #expect(try CSVTable(text: "a\n\n\nx\n\n", path: "t").rows == [["x"]])
  }
}
