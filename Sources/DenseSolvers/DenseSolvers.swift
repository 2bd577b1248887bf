public enum DenseSolver { case lu
 public func solve(A: [Double], b: [Double], n: Int) throws -> [Double] { b } }
