import Foundation
import Tables

/// What is sent back.
enum Answer: Sendable {
  /// JSON.
  case encoded(Data)
  /// A table, under a name for the file.
  case csv(String, name: String)
  /// A page of its own.
  case page(Data)
  /// A file, as it is.
  case file(String)

  /// A value as JSON.
  static func json(_ value: some Encodable) throws -> Answer {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes]
    return .encoded(try encoder.encode(value))
  }

  static func csv(_ table: ResultTable, name: String) -> Answer {
    .csv(table.csv.joined(separator: "\n") + "\n", name: name)
  }
}

/// How an answer is asked for.
enum AnswerFormat: String, CaseIterable { case json, csv }

/// Numbers of an answer; those that are not finite are null.
struct Numbers: Encodable, Sendable {
  let values: [Double]
  init(_ values: [Double]) { self.values = values }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    for value in values {
      if value.isFinite {
        try container.encode(value)
      } else {
        try container.encodeNil()
      }
    }
  }
}

/// A function at points.
struct NamedValues: Encodable, Sendable {
  let name: String
  let values: Numbers

  init(_ name: String, _ values: [Double]) {
    self.name = name
    self.values = Numbers(values)
  }
}

/// A number that stands beside an answer: without it the answer is as good, and it
/// says why it is not there.
struct Judged<Value> {
  private(set) var value: Value?
  private var failure: String?

  init(_ judge: () throws -> Value) {
    do {
      value = try judge()
    } catch {
      failure = ServiceError(error).message
    }
  }

  /// Why there is none, in a sentence about what it is.
  func warnings(_ what: String) -> [String] {
    failure.map { ["\(what) is not known: \($0)"] } ?? []
  }
}

/// A parameter of a sample.
struct NamedValue: Encodable, Sendable {
  let name: String
  let value: Double
}

extension Double {
  /// The number, unless it is none.
  var ifFinite: Double? { isFinite ? self : nil }
}

extension ResultTable {
  /// The numbers of a column.
  func numbers(_ column: Int) -> [Double] {
    rows.map {
      if case .number(let value) = $0[column] { value } else { .nan }
    }
  }
}
