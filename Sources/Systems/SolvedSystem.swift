import DenseSolvers
import Equations

/// One linear system with its solution, A column-major.
public struct SolvedSystem: Sendable {
  public let n: Int
  /// The matrix, [n, n] in column-major order.
  public var A: [Double]
  /// The right-hand side, [n].
  public var b: [Double]
  /// The solution, [n].
  public var u: [Double]

  /// A system of order `n`, all zero.
  public init(n: Int) {
    self.n = n
    A = Array(repeating: 0, count: n * n)
    b = Array(repeating: 0, count: n)
    u = Array(repeating: 0, count: n)
  }
}

/// Memory that making systems uses again from one to the next; each thread has
/// its own.
public final class SystemWorkspace {
  /// Of the dense solvers.
  public let solver = Workspace()
  /// The sample that the last system of an equation was made of.
  public internal(set) var problem = BoundaryValueProblem(K: [], f: [])
  private var flux: [Double] = []
  var system: SolvedSystem?

  public init() {}

  /// A system of this order, whatever is in it, that nobody else has.
  func takeSystem(order n: Int) -> SolvedSystem {
    defer { system = nil }
    if let system, system.n == n { return system }
    return SolvedSystem(n: n)
  }

  /// Assembles the system of a problem; its solution stays as it was.
  func assemble(
    _ problem: BoundaryValueProblem, _ collocation: Collocation,
    into system: inout SolvedSystem
  ) {
    let n = collocation.n
    if flux.count != n * n { flux = Array(repeating: 0, count: n * n) }
    system.A.withUnsafeMutableBufferPointer { A in
      system.b.withUnsafeMutableBufferPointer { b in
        flux.withUnsafeMutableBufferPointer { flux in
          guard let A = A.baseAddress, let b = b.baseAddress else { return }
          collocation.assemble(problem, A: A, b: b, flux: flux.baseAddress)
        }
      }
    }
  }
}

extension SolvedSystem {
  /// A system whose solution is not known yet; zeros stand for it.
  public init(_ system: LinearSystem) {
    self.init(n: system.n)
    A = system.A
    b = system.b
  }
}
