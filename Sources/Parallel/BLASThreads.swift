import COpenBLAS

/// Gives OpenBLAS, and LAPACK with it, one thread in this process.
///
/// Systems of this size are solved one to a core, and bits must not depend on
/// a library's idea of the machine: whoever calls BLAS calls this first.
public func useOneBLASThread() {
  _ = once
}

private let once: Void = openblas_set_num_threads(1)
