import Equations
import Foundation
import Tables
import Training
import Yams

// A study's file: what each key may hold.

extension Study {
  /// The most runs of a study.
  static let mostRuns = 100_000

  /// Reads a file.
  ///
  /// - Throws: `EquationError` that names the file and the key.
  public init(contentsOf path: String) throws(EquationError) {
    guard let text = textOfFile(path) else {
      throw EquationError(file: path, message: "cannot be read")
    }
    guard text.utf8.count < 1 << 20 else {
      throw EquationError(file: path, message: "is too long for a study")
    }
    try self.init(yaml: text, path: path)
  }

  /// Reads a file's text; `path` is what errors call it.
  public init(yaml: String, path: String) throws(EquationError) {
    let root = try YAMLValue.parse(yaml, file: path)
    let values = try root.mapping(
      required: ["base"],
      optional: [
        "name", "description", "axes", "seeds", "measure", "baseline",
      ])
    self.path = path
    source = yaml
    let file = URL(fileURLWithPath: path).deletingPathExtension()
    name = try values["name"]?.text() ?? file.lastPathComponent
    base = try root.child("base").settings()
    axes = try values["axes"]?.axes() ?? []
    seeds = try values["seeds"]?.seeds() ?? [0]
    measures = try values["measure"]?.measures() ?? []
    let columns = measures.flatMap(\.columns)
    for axis in axes where columns.contains(axis.name) {
      throw EquationError(
        file: path, key: "axes", message: "'\(axis.name)' is a measure's column"
      )
    }
    if let value = values["baseline"] { try takeBaseline(value) }
    try checkBaseline()
    var count = seeds.count
    for axis in axes { count = min(count * axis.levels.count, .max / 4096) }
    guard count <= Self.mostRuns else {
      throw EquationError(
        file: path, key: "axes",
        message: "make more than \(Self.mostRuns) runs")
    }
  }

  /// Takes what the others are compared with: a place on an axis, or on several.
  mutating func takeBaseline(_ value: YAMLValue) throws(EquationError) {
    baseline = [:]
    for (name, level) in try value.entries(
      expecting: "axes with a place on each")
    {
      let label = try level.text(expecting: "a place on '\(name)'")
      try takeBaseline(on: name, label)
    }
  }

  /// Takes a place on an axis, which is named as in tables or by its whole key.
  mutating func takeBaseline(
    on name: String, _ label: String
  ) throws(EquationError) {
    let index = axes.firstIndex { $0.name == name || $0.key == name }
    guard let index else { throw noAxis("baseline.\(name)") }
    baseline[index] = label
  }

  /// That a key names none of the axes.
  func noAxis(_ key: String) -> EquationError {
    let known = axes.map(\.name).joined(separator: ", ")
    return EquationError(
      file: path, key: key,
      message: "is no axis; there "
        + (axes.isEmpty ? "is none" : "are: \(known)"))
  }

  /// Refuses a baseline that is on no axis.
  func checkBaseline() throws(EquationError) {
    for (index, label) in baseline
    where !axes[index].levels.contains(where: { $0.label == label }) {
      let known = axes[index].levels.map(\.label).joined(separator: ", ")
      throw EquationError(
        file: path, key: "baseline.\(axes[index].name)",
        message: "there is no '\(label)' on this axis; there are: \(known)")
    }
  }
}

extension YAMLValue {
  /// Settings, whose keys may be nested or dotted.
  fileprivate func settings() throws(EquationError) -> [Study.Setting] {
    var settings: [Study.Setting] = []
    for (key, value) in try entries(expecting: "a mapping of settings") {
      try value.addSettings(key, to: &settings)
    }
    for (index, setting) in settings.enumerated()
    where settings[..<index].contains(where: { $0.key == setting.key }) {
      throw setting.value.error("is given twice")
    }
    return settings
  }

  /// Adds what is under a key, which may be a mapping of more.
  func addSettings(
    _ key: String, to settings: inout [Study.Setting]
  ) throws(EquationError) {
    if key == "seed" { throw error("is given by the study's 'seeds'") }
    guard node.mapping != nil else {
      return settings.append(Study.Setting(key: key, value: self))
    }
    for (name, value) in try entries(expecting: "settings") {
      try value.addSettings(key + "." + name, to: &settings)
    }
  }

  // MARK: Axes

  fileprivate func axes() throws(EquationError) -> [Study.Axis] {
    if isBlank { return [] }
    let entries = try entries(expecting: "a mapping of keys to their values")
    let short = entries.map { String($0.key.split(separator: ".").last ?? "") }
    var axes: [Study.Axis] = []
    for (index, (key, value)) in entries.enumerated() {
      let isOwn =
        short.count { $0 == short[index] } == 1
        && !StudyTable.reserved.contains(short[index])
      let name = isOwn ? short[index] : key
      if key == "seed" { throw value.error("is given by the study's 'seeds'") }
      if StudyTable.reserved.contains(name) {
        throw value.error("an axis must not be called '\(name)'")
      }
      axes.append(
        Study.Axis(
          key: key, name: name, levels: try value.checkedLevels(of: key)))
      for key in axes[index].levels.flatMap(\.settings).map(\.key) {
        let others = axes[..<index].flatMap(\.levels)
        guard !others.contains(where: { $0.has(key) }) else {
          throw value.error("sets \(key), as another axis does")
        }
      }
    }
    return axes
  }

  /// The places on an axis, which are some, and not two of one label.
  func checkedLevels(of key: String) throws(EquationError) -> [Study.Level] {
    let levels = try levels(of: key)
    guard Set(levels.map(\.label)).count == levels.count, !levels.isEmpty else {
      throw error(levels.isEmpty ? "has no values" : "has a value twice")
    }
    return levels
  }

  /// The places on an axis: a list, a range, or settings by names.
  private func levels(of key: String) throws(EquationError) -> [Study.Level] {
    guard node.mapping != nil else {
      var levels: [Study.Level] = []
      for value in elements {
        let text = try value.text(expecting: "a value of \(key)")
        levels.append(
          Study.Level(label: text, settings: [.init(key: key, value: value)]))
      }
      return levels
    }
    let entries = try entries(expecting: "an axis")
    if entries.contains(where: { ["log", "linear"].contains($0.key) }) {
      return try range().map { text in
        Study.Level(
          label: text,
          settings: [.init(key: key, value: replaced(by: text))])
      }
    }
    var levels: [Study.Level] = []
    for (label, value) in entries {
      levels.append(Study.Level(label: label, settings: try value.settings()))
    }
    return levels
  }

  /// The numbers of `{log: [1, 100], count: 3}`, whole ones where both ends are.
  private func range() throws(EquationError) -> [String] {
    let values = try mapping(required: ["count"], optional: ["log", "linear"])
    let count = try child("count").whole(2...Study.mostRuns)
    guard values.count == 2, let ends = values["log"] ?? values["linear"] else {
      throw error("expected one of 'log' and 'linear'")
    }
    let isLogarithmic = values["log"] != nil
    let (first, last) = try ends.pair()
    guard !isLogarithmic || min(first, last) > 0 else {
      throw ends.error("must be positive on a log scale")
    }
    let isWhole = first.rounded() == first && last.rounded() == last
    let numbers = (0..<count).map { index in
      let share = Double(index) / Double(count - 1)
      let number =
        isLogarithmic
        ? exp(log(first) + share * (log(last) - log(first)))
        : first + share * (last - first)
      // Ends are as they were written.
      if index == 0 || index == count - 1 { return index == 0 ? first : last }
      return isWhole
        ? number.rounded() : Double(String(format: "%.6g", number)) ?? number
    }
    return numbers.map(NumberFormat.exact.text)
  }

  private func pair() throws(EquationError) -> (Double, Double) {
    let ends = elements
    guard ends.count == 2 else { throw error("expected [first, last]") }
    return (try ends[0].number(), try ends[1].number())
  }

  // MARK: Values

  /// Text that is not empty.
  func filled(_ what: String) throws(EquationError) -> String {
    let text = try text(expecting: what)
    guard !text.isEmpty else { throw error("expected \(what), found nothing") }
    return text
  }

  fileprivate func seeds() throws(EquationError) -> [UInt64] {
    var seeds: [UInt64] = []
    for value in elements { seeds.append(try value.seed()) }
    guard Set(seeds).count == seeds.count, !seeds.isEmpty else {
      throw error(seeds.isEmpty ? "expected one at least" : "has a seed twice")
    }
    return seeds
  }

  /// A seed.
  func seed() throws(EquationError) -> UInt64 {
    let text = try text(expecting: "a seed")
    guard let seed = UInt64(text) else {
      throw error("expected a seed, 0 or a positive integer, not '\(text)'")
    }
    return seed
  }

  /// A whole number in a range.
  func whole(_ range: ClosedRange<Int>) throws(EquationError) -> Int {
    let text = try text(expecting: "a whole number")
    guard let value = Int(text), range.contains(value) else {
      throw error(
        "must be a whole number between \(range.lowerBound) and "
          + "\(range.upperBound), not '\(text)'")
    }
    return value
  }

  /// One of a few names.
  func named<Value: RawRepresentable<String> & CaseIterable>(
    _ kind: Value.Type, _ what: String
  ) throws(EquationError) -> Value {
    let text = try text(expecting: what)
    guard let value = Value(rawValue: text) else {
      throw error(
        "unknown value '\(text)'; known are "
          + kind.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return value
  }
}
