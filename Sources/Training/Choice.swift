/// One of a few names in a recipe; another is refused with the names there are.
@propertyWrapper
public struct Choice<Value>: Codable, Sendable, Equatable
where
  Value: RawRepresentable<String> & CaseIterable & Sendable & Equatable
{
  /// A name that is none of the choices.
  struct Unknown: Error {
    let path: [any CodingKey]
    let name: String
    let known: [String]
  }

  public var wrappedValue: Value

  public init(wrappedValue: Value) { self.wrappedValue = wrappedValue }

  public init(from decoder: any Decoder) throws {
    let name = try decoder.singleValueContainer().decode(String.self)
    guard let value = Value(rawValue: name) else {
      throw Unknown(
        path: decoder.codingPath, name: name,
        known: Value.allCases.map(\.rawValue))
    }
    wrappedValue = value
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(wrappedValue.rawValue)
  }
}
