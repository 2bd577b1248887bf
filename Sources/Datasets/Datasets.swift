import Equations
public struct DatasetReader: Sendable { public let equation: Equation; public let seed: UInt64; public let firstSample: Int; public let count: Int; public let n: Int
 public init(path: String) throws { fatalError() }
 public func problem(_ i: Int) throws -> BoundaryValueProblem { fatalError() }
 public func solution(_ i: Int) throws -> [Double] { [] } }
