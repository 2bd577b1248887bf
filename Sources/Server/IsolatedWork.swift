import Foundation
import TensorFiles

/// A request that is answered by a process of its own, which the server ends when
/// its client leaves or its time is over: libraries that are at work ask nobody.
///
/// The process is `bvp serve --answer`; it reads the request from standard input
/// and writes a line that says what the answer is, and the answer.
enum IsolatedWork {
  /// What the process is told.
  private struct Request: Codable {
    let method: String
    let path: String
    let query: [[String]]
    let body: Data
  }

  /// What stands before the bytes of an answer.
  private struct Head: Codable {
    enum Kind: String, Codable { case json, csv, page, file, error }

    let kind: Kind
    var name = ""
    var status = 200
    var line: Int?
    var column: Int?
  }

  /// Has a request answered; called by a thread that may wait for it.
  ///
  /// - Throws: ``ServiceError``.
  static func answer(_ request: HTTPRequest, in folder: ServedFolder) throws
    -> Answer
  {
    let given = try JSONEncoder().encode(
      Request(
        method: request.method, path: request.path,
        query: request.query.map { [$0.name, $0.value] }, body: request.body))
    let done = try CompanionProcess.run(
      ["serve", "--answer"], input: given, in: folder)
    let parts = done.output.split(
      separator: UInt8(ascii: "\n"), maxSplits: 1,
      omittingEmptySubsequences: false)
    guard done.isGood, parts.count == 2 else {
      let last = done.lastMessage
      throw ServiceError(
        503, last.isEmpty ? "the work has come to an untimely end" : last)
    }
    return try answer(OutsideJSON.decode(Head.self, from: parts[0]), parts[1])
  }

  private static func answer(_ head: Head, _ bytes: Data) throws -> Answer {
    let text = String(decoding: bytes, as: UTF8.self)
    switch head.kind {
    case .json: return .encoded(Data(bytes))
    case .csv: return .csv(text, name: head.name)
    case .page: return .page(Data(bytes))
    case .file: return .file(text)
    case .error:
      var error = ServiceError(head.status, text)
      (error.line, error.column) = (head.line, head.column)
      throw error
    }
  }

  /// What the process writes for what it has read.
  static func output(for input: Data, _ routes: Routes) throws -> Data {
    let given = try OutsideJSON.decode(Request.self, from: input)
    let query = given.query.compactMap { pair in
      pair.count == 2 ? (name: pair[0], value: pair[1]) : nil
    }
    guard
      let operation = routes.operations.first(where: {
        ($0.method, $0.path) == (given.method, given.path)
      })
    else { throw ServiceError.missing("there is no '\(given.path)'") }
    var (head, bytes) = (Head(kind: .error), Data())
    do {
      let answer = try Work.$current.withValue(Work(isIsolated: true)) {
        try operation.answer(
          given.method == "POST"
            ? RequestFields(body: given.body, query: query)
            : RequestFields(query: query))
      }
      (head, bytes) = parts(of: answer)
    } catch {
      let error = ServiceError(error)
      (head.status, head.line, head.column) = (
        error.status, error.line, error.column
      )
      bytes = Data(error.message.utf8)
    }
    return try JSONEncoder().encode(head) + Data("\n".utf8) + bytes
  }

  private static func parts(of answer: Answer) -> (Head, Data) {
    switch answer {
    case .encoded(let data): (Head(kind: .json), data)
    case .csv(let text, let name):
      (Head(kind: .csv, name: name), Data(text.utf8))
    case .page(let data): (Head(kind: .page), data)
    case .file(let path): (Head(kind: .file), Data(path.utf8))
    }
  }
}
