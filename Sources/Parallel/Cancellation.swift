import Ranks

/// Work was called off before it was done.
public struct Cancelled: Error, Equatable, CustomStringConvertible {
  public init() {}

  public var description: String { "interrupted" }
}

/// How long work learns that nobody wants it any more: it asks between steps.
public struct Cancellation {
  private let ask: () -> Bool

  /// Creates a cancellation that is requested when `isRequested` returns true.
  public init(_ isRequested: @escaping () -> Bool) { ask = isRequested }

  /// Work that is always wanted.
  public static var never: Cancellation { Cancellation { false } }

  /// Whether this process was asked to stop.
  public var isRequested: Bool { ask() }

  /// Throws ``Cancelled`` if any process of the job was asked to stop; all of
  /// them call it.
  public func check() throws {
    if try Ranks.all.any(ask()) { throw Cancelled() }
  }
}
