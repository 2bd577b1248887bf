import COpenBLAS

/// The threads of OpenBLAS, and of LAPACK with it: one, from before `main`.
///
/// Systems of this size are solved one to a core, and bits must not depend on a
/// library's idea of the machine; `CParallel` sees to it, so that no caller can
/// forget to.
public var blasThreadCount: Int { Int(openblas_get_num_threads()) }
