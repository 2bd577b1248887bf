import Equations
import Foundation
import Parallel
import Tables

/// Why a request has no answer.
struct ServiceError: Error, Encodable {
  /// The status of HTTP.
  let status: Int
  /// One line, as the command words it.
  let message: String
  /// Where in a text that came with the request, counted from 1.
  var line: Int?
  var column: Int?

  init(_ status: Int, _ message: String) {
    self.status = status
    self.message = message.onOneLine
  }

  /// What a failure of the workbench is to a client: what was asked for is wrong,
  /// or there is no room for it now.
  init(_ error: any Error) {
    switch error {
    case let error as ServiceError: self = error
    case is MemoryShortage: self.init(503, "\(error)")
    default: self.init(400, "\(error)")
    }
    if let position = (error as? EquationError)?.position {
      line = position.line
      column = position.column
    }
  }

  static func wrong(_ message: String) -> ServiceError {
    ServiceError(400, message)
  }

  static func missing(_ message: String) -> ServiceError {
    ServiceError(404, message)
  }

  static func taken(_ message: String) -> ServiceError {
    ServiceError(409, message)
  }

  static let busy = ServiceError(
    503, "too much is asked for at once; try again")

  /// What a client reads.
  var json: Data {
    do {
      return try JSONEncoder().encode(self)
    } catch {
      // Two texts and two numbers always are JSON.
      return Data(#"{"message": "the reason cannot be written as JSON"}"#.utf8)
    }
  }

  private enum CodingKeys: String, CodingKey { case message, line, column }
}
