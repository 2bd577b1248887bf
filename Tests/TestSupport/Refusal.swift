/// The error of a kind that something throws; nil if it throws none, or another.
public func refusal<Failure: Error, Result>(
  _ kind: Failure.Type, _ body: () throws -> Result
) -> Failure? {
  do {
    _ = try body()
    return nil
  } catch {
    return error as? Failure
  }
}
