import Tables
import Testing

struct OneLineTests {
  @Test func whatWouldEndALineIsEscaped() {
    #expect(
      "a.yaml: é '😀' – 'x' \\ \"".onOneLine == "a.yaml: é '😀' – 'x' \\ \"")
    #expect(
      "a\nb\r\nc\u{1b}[31m\u{0}\u{85}\u{2028}\u{202e}d\t".onOneLine
        == "a\\nb\\r\\nc\\u{1B}[31m\\0\\u{0085}\\u{2028}\\u{202E}d\\t")
  }

  @Test func theMiddleOfAVeryLongLineIsLeftOut() {
    let long = "path: " + String(repeating: "x", count: 5000) + ": the end"
    let line = long.onOneLine
    #expect(line.count == 1903)
    #expect(line.hasPrefix("path: xxx") && line.hasSuffix("x: the end"))
    #expect(line.contains("x … x"))
    #expect(String(long.prefix(2000)).onOneLine == long.prefix(2000))
  }
}
