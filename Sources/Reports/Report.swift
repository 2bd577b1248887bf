import Tables

/// A page of tables and figures: one HTML file that needs nothing else.
public struct Report: Sendable {
  /// A part of the page.
  public struct Section: Sendable {
    public var title: String
    /// Its content, as HTML.
    public var body: [String]

    public init(_ title: String, _ body: [String]) {
      self.title = title
      self.body = body
    }
  }

  public var title: String
  public var sections: [Section]

  public init(_ title: String, _ sections: [Section]) {
    self.title = title
    self.sections = sections
  }

  // MARK: Elements

  /// A table.
  public static func table(_ table: TextTable) -> String {
    func row(_ cells: [String], _ tag: String) -> String {
      "<tr>"
        + zip(cells, table.isText).map { text, isText in
          let kind = isText ? "" : " class=\"n\""
          return "<\(tag)\(kind)>\(escaped(text))</\(tag)>"
        }.joined() + "</tr>"
    }
    let rows = table.rows.map { row($0, "td") }.joined(separator: "\n")
    return "<div class=\"wide\"><table><thead>\(row(table.header, "th"))"
      + "</thead><tbody>\(rows)</tbody></table></div>"
  }

  public static func figure(_ figure: Figure, caption: String = "") -> String {
    let note =
      caption.isEmpty ? "" : "<figcaption>\(escaped(caption))</figcaption>"
    return "<figure>\(figure.svg)\(note)</figure>"
  }

  /// The command that made something, and its recipe behind a click.
  public static func origin(command: String?, recipe: String? = nil) -> String {
    var result = ""
    if let command { result += "<pre>\(escaped(command))</pre>" }
    if let recipe {
      result +=
        "<details><summary>recipe</summary><pre>\(escaped(recipe))</pre>"
        + "</details>"
    }
    return result
  }

  // MARK: Page

  /// The whole page.
  public var html: String {
    let body = sections.map { section in
      "<section><h2>\(escaped(section.title))</h2>\n"
        + section.body.joined(separator: "\n") + "</section>"
    }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(escaped(title))</title>
      <style>
      \(Self.style)
      </style>
      </head>
      <body>
      <h1>\(escaped(title))</h1>
      \(body.joined(separator: "\n"))
      </body>
      </html>

      """
  }

  private static let style = """
    :root { color-scheme: light dark; --back: #ffffff; --text: #1b1b1f;
      --line: #d4d4da; --soft: #f4f4f7; }
    @media (prefers-color-scheme: dark) {
      :root { --back: #17181c; --text: #e6e6ea; --line: #3a3b42;
        --soft: #212228; } }
    body { background: var(--back); color: var(--text); margin: 2.5rem auto;
      max-width: 66rem; padding: 0 1.25rem;
      font: 16px/1.5 system-ui, sans-serif; }
    h1 { font-size: 1.6rem; margin: 0 0 1.5rem; }
    h2 { font-size: 1.2rem; margin: 2.5rem 0 0.75rem;
      border-bottom: 1px solid var(--line); padding-bottom: 0.3rem; }
    .wide { overflow-x: auto; }
    table { border-collapse: collapse; font-size: 0.9rem; margin: 0.75rem 0;
      font-variant-numeric: tabular-nums; }
    th, td { padding: 0.25rem 0.75rem 0.25rem 0; text-align: left;
      border-bottom: 1px solid var(--line); }
    th.n, td.n { text-align: right; padding: 0.25rem 0 0.25rem 0.9rem;
      white-space: nowrap; }
    figure { margin: 1rem 0; }
    svg { width: 100%; max-width: 44rem; height: auto; }
    figcaption { font-size: 0.9rem; opacity: 0.85; }
    pre { background: var(--soft); padding: 0.6rem 0.8rem; overflow-x: auto;
      font-size: 0.8rem; border-radius: 4px; }
    .pair { display: grid; gap: 1rem;
      grid-template-columns: repeat(auto-fit, minmax(26rem, 1fr)); }
    """
}
