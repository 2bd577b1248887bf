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
}
