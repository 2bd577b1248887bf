// swift-tools-version:6.0

import PackageDescription

// BVP_MPI=1 builds with Open MPI (scripts/setup --mpi).
let usesMPI = Context.environment["BVP_MPI"] == "1"
let mpi: [Target] =
  usesMPI
  ? [
    .systemLibrary(
      name: "CMPI", pkgConfig: "ompi-c", providers: [.apt(["libopenmpi-dev"])])
  ] : []

// BVP_SERVE=0 leaves out bvp serve, and the HTTP server that it needs.
let serves = Context.environment["BVP_SERVE"] != "0"

let library: [Target] =
  mpi + [
    // C libraries, from Debian's packages.
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(
      name: "CLAPACKE", pkgConfig: "lapacke",
      providers: [.apt(["liblapacke-dev"])]),
    .systemLibrary(
      name: "CFFTW3", pkgConfig: "fftw3",
      providers: [.apt(["libfftw3-dev"])]),

    // Processes of an MPI job, the thread pool, signals, element-wise kernels compiled
    // for several processors at once, and matrix products by oneDNN (Debian's
    // libdnnl-dev), 2.6 or 3.
    .target(
      name: "CRanks", dependencies: usesMPI ? ["CMPI"] : [],
      cSettings: usesMPI ? [.define("BVP_MPI")] : []),
    .target(name: "CParallel"),
    .target(name: "CSignals"),
    .target(name: "CKernels"),
    .target(
      name: "CMatmul",
      linkerSettings: [
        .linkedLibrary("dnnl", .when(platforms: [.linux])),
        .linkedLibrary("gomp", .when(platforms: [.linux])),
      ]),

    // The workbench: each module imports only those above it.
    .target(name: "Randomness"),
    .target(name: "Ranks", dependencies: ["CRanks"]),
    .target(
      name: "Parallel", dependencies: ["CParallel", "COpenBLAS", "Ranks"]),
    .target(name: "Tables"),
    .target(name: "TensorFiles", dependencies: ["Ranks"]),
    .target(name: "Chebyshev", dependencies: ["CFFTW3"]),
    .target(
      name: "DenseSolvers", dependencies: ["COpenBLAS", "CLAPACKE", "Parallel"]),
    .target(
      name: "Equations",
      dependencies: [
        "COpenBLAS", "Randomness", "Parallel", "Tables", "Chebyshev",
        .product(name: "Yams", package: "Yams"),
      ]),
    .target(
      name: "Solutions",
      dependencies: [
        "COpenBLAS", "Tables", "Chebyshev", "DenseSolvers", "Equations",
      ]),
    .target(
      name: "Systems",
      dependencies: [
        "Randomness", "Ranks", "Parallel", "Tables", "TensorFiles",
        "Chebyshev", "DenseSolvers", "Equations", "Solutions",
      ]),
    .target(
      name: "Networks",
      dependencies: [
        "CKernels", "CMatmul", "Chebyshev", "Randomness", "Ranks", "Parallel",
        "Tables",
        "TensorFiles", "DenseSolvers", "Solutions", "Systems",
      ]),
    .target(
      name: "Training",
      dependencies: [
        "CKernels", "Randomness", "Ranks", "Parallel", "Tables",
        "TensorFiles", "Equations", "Systems", "Networks",
        .product(name: "Yams", package: "Yams"),
      ]),
    .target(
      name: "Newton",
      dependencies: [
        "COpenBLAS", "CLAPACKE", "Randomness", "Ranks", "Parallel", "Tables",
        "TensorFiles", "DenseSolvers", "Systems", "Networks", "Training",
      ]),
    .target(
      name: "Experiments",
      dependencies: [
        "COpenBLAS",
        "Randomness", "Ranks", "Parallel", "Tables", "Chebyshev",
        "DenseSolvers", "Equations", "Solutions", "Systems", "Networks",
        "Training", "Newton",
      ]),
    .target(
      name: "Studies",
      dependencies: [
        "Parallel", "Tables", "TensorFiles", "DenseSolvers", "Equations",
        "Systems", "Networks", "Training", "Experiments",
        .product(name: "Yams", package: "Yams"),
      ]),
    .target(name: "Reports", dependencies: ["Tables", "TensorFiles"]),
    // All of them, and the documentation.
    .target(
      name: "BVPWorkbench",
      dependencies: [
        "Randomness", "Ranks", "Parallel", "Tables", "TensorFiles",
        "Chebyshev", "DenseSolvers", "Equations", "Solutions", "Systems",
        "Networks", "Training", "Newton", "Experiments", "Studies", "Reports",
      ]),
  ]

// The workbench over HTTP, and the page, which the program carries with it.
let page: [Target] =
  serves
  ? [
    .target(
      name: "Server",
      dependencies: [
        "Parallel", "Tables", "TensorFiles", "Chebyshev",
        "DenseSolvers", "Equations", "Solutions", "Systems", "Networks",
        "Training", "Experiments",
        .product(name: "FlyingSocks", package: "FlyingFox"),
      ], exclude: ["Page"]),
    .testTarget(
      name: "ServerTests",
      dependencies: [
        "Server", "Equations", "Networks", "Parallel", "Systems", "Training",
        "TestSupport",
      ]),
  ] : []

let command: [Target] = [
  .executableTarget(
    name: "bvp",
    dependencies: [
      "CSignals", "Ranks", "Parallel", "Tables", "TensorFiles", "Chebyshev",
      "DenseSolvers",
      "Equations", "Solutions", "Systems", "Networks", "Training", "Newton",
      "Experiments", "Studies", "Reports",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ]),

  .target(
    name: "TestSupport",
    dependencies: ["Equations", "Networks", "TensorFiles"],
    path: "Tests/TestSupport", exclude: ["Golden"]),
  .testTarget(name: "RandomnessTests", dependencies: ["Randomness"]),
  .testTarget(
    name: "ParallelTests", dependencies: ["Parallel", "TestSupport"]),
  .testTarget(name: "TablesTests", dependencies: ["Tables", "TestSupport"]),
  .testTarget(
    name: "TensorFilesTests", dependencies: ["TensorFiles", "TestSupport"]),
  .testTarget(name: "ChebyshevTests", dependencies: ["Chebyshev"]),
  .testTarget(name: "DenseSolversTests", dependencies: ["DenseSolvers"]),
  .testTarget(
    name: "EquationsTests",
    dependencies: [
      "Equations", "Chebyshev", "DenseSolvers", "Randomness", "TestSupport",
    ],
    exclude: ["Golden"]),
  .testTarget(
    name: "SolutionsTests",
    dependencies: ["Solutions", "Chebyshev", "Equations", "TestSupport"]),
  .testTarget(
    name: "SystemsTests",
    dependencies: [
      "Systems", "DenseSolvers", "Equations", "Parallel", "Tables",
      "TensorFiles", "TestSupport",
    ]),
  // The elementary functions of CKernels, which are inline there.
  .target(
    name: "CKernelsProbe", dependencies: ["CParallel"],
    path: "Tests/CKernelsProbe"),
  .testTarget(
    name: "NetworksTests",
    dependencies: [
      "Networks", "CKernels", "CKernelsProbe", "CMatmul", "Chebyshev",
      "Equations",
      "Parallel",
      "Systems",
      "TensorFiles", "TestSupport",
    ]),
  .testTarget(
    name: "TrainingTests",
    dependencies: [
      "Training", "Equations", "Networks", "Parallel", "Systems", "Tables",
      "TensorFiles", "TestSupport",
    ]),
  .testTarget(
    name: "NewtonTests",
    dependencies: [
      "Newton", "Networks", "Tables", "TensorFiles", "TestSupport",
      "Training",
    ]),
  .testTarget(
    name: "ExperimentsTests",
    dependencies: [
      "Experiments", "Chebyshev", "DenseSolvers", "Equations", "Networks",
      "Parallel", "Systems", "Tables", "TestSupport", "Training",
    ]),
  .testTarget(
    name: "StudiesTests",
    dependencies: [
      "Studies", "Equations", "Networks", "Parallel", "Systems", "Tables",
      "TestSupport", "Training",
      .product(name: "Yams", package: "Yams"),
    ]),
  .testTarget(
    name: "ReportsTests", dependencies: ["Reports", "Tables", "TestSupport"]),
  .testTarget(
    name: "FuzzTests",
    dependencies: [
      "Equations", "Networks", "Newton", "Parallel", "Reports", "Systems",
      "Tables", "TensorFiles", "TestSupport", "Training",
    ], path: "Tests/Fuzz", exclude: ["corpus"]),
  .testTarget(
    name: "CommandTests", dependencies: ["bvp", "TensorFiles", "TestSupport"]),
]

let package = Package(
  name: "bvp-workbench",
  products: [
    .executable(name: "bvp", targets: ["bvp"]),
    .library(name: "BVPWorkbench", targets: ["BVPWorkbench"]),
  ],
  dependencies: [
    .package(
      url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: library + page + command)

if serves {
  package.dependencies.append(
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"))
  package.targets.first { $0.name == "bvp" }?.dependencies.append("Server")
}

// Documentation is built by scripts/docs; nobody else needs the plugin.
if Context.environment["BVP_DOCS"] != nil {
  package.dependencies.append(
    .package(
      url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"))
}

for target in package.targets
where [.executable, .test, .regular].contains(target.type) {
  // https://github.com/apple/swift-evolution/blob/main/proposals/0335-existential-any.md
  // https://github.com/apple/swift-evolution/blob/main/proposals/0444-member-import-visibility.md
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ]
  if serves, ["bvp", "CommandTests"].contains(target.name) {
    target.swiftSettings?.append(.define("BVP_SERVE"))
  }
}
