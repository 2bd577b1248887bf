// swift-tools-version:6.0

import PackageDescription

let package = Package(
  name: "bvp-workbench",
  products: [
    .executable(name: "bvp", targets: ["bvp"]),
    .library(
      name: "BVPWorkbench",
      targets: [
        "Chebyshev", "DenseSolvers", "Equations", "TensorFiles", "Datasets",
        "Networks", "Newton", "Training", "Experiments", "Reports",
      ]),
  ],
  dependencies: [
    .package(
      url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
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
    .systemLibrary(name: "CDNNL", providers: [.apt(["libdnnl-dev"])]),

    // Element-wise kernels, compiled for several processors at once.
    .target(
      name: "CKernels",
      linkerSettings: [.linkedLibrary("gomp", .when(platforms: [.linux]))]),

    // The workbench: each module imports only those above it.
    .target(name: "Chebyshev", dependencies: ["CFFTW3"]),
    .target(name: "DenseSolvers", dependencies: ["COpenBLAS", "CLAPACKE"]),
    .target(
      name: "Equations",
      dependencies: [
        "Chebyshev", "COpenBLAS", .product(name: "Yams", package: "Yams"),
      ]),
    .target(name: "TensorFiles"),
    .target(
      name: "Datasets",
      dependencies: [
        "Chebyshev", "DenseSolvers", "Equations", "TensorFiles",
      ]),
    .target(
      name: "Networks",
      dependencies: ["CDNNL", "CKernels", "Equations", "TensorFiles"]),
    .target(
      name: "Newton",
      dependencies: [
        "COpenBLAS", "CLAPACKE", "CKernels", "DenseSolvers", "Equations",
        "TensorFiles",
      ]),
    .target(
      name: "Training",
      dependencies: [
        "Newton",
        "CDNNL", "CKernels", "DenseSolvers", "Equations", "TensorFiles",
        "Datasets", "Networks", .product(name: "Yams", package: "Yams"),
      ]),
    .target(
      name: "Experiments",
      dependencies: [
        "Chebyshev", "DenseSolvers", "Equations", "TensorFiles", "Datasets",
        "Networks", "Newton", "Training",
      ]),
    .target(
      name: "Reports", dependencies: ["Networks", "TensorFiles", "Training"]),
    .executableTarget(
      name: "bvp",
      dependencies: [
        "Chebyshev", "DenseSolvers", "Equations", "TensorFiles", "Datasets",
        "Networks", "Newton", "Training", "Experiments", "Reports",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ]),

    .target(name: "TestSupport", path: "Tests/TestSupport"),
    .testTarget(name: "ChebyshevTests", dependencies: ["Chebyshev"]),
    .testTarget(name: "DenseSolversTests", dependencies: ["DenseSolvers"]),
    .testTarget(
      name: "EquationsTests",
      dependencies: ["Equations", "Chebyshev", "DenseSolvers"],
      exclude: ["Golden"]),
    .testTarget(
      name: "NewtonTests",
      dependencies: ["Newton", "TensorFiles", "TestSupport"]),
    .testTarget(
      name: "TensorFilesTests", dependencies: ["TensorFiles", "TestSupport"]),
    .testTarget(
      name: "DatasetsTests",
      dependencies: [
        "Datasets", "DenseSolvers", "Equations", "TensorFiles", "TestSupport",
      ]),
    .testTarget(
      name: "NetworksTests",
      dependencies: ["Networks", "TensorFiles", "CKernels", "TestSupport"],
      resources: [.copy("Golden")]),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "Training", "Networks", "Datasets", "Equations", "TensorFiles",
        "TestSupport",
      ]),
    .testTarget(
      name: "ExperimentsTests",
      dependencies: [
        "Experiments", "Chebyshev", "Datasets", "Equations", "DenseSolvers",
        "Networks", "Training",
      ]),
    .testTarget(
      name: "ReportsTests",
      dependencies: ["Reports", "TensorFiles", "TestSupport"]),
    .testTarget(name: "CommandTests", dependencies: ["bvp", "TestSupport"]),
  ]
)

for target in package.targets
where [.executable, .test, .regular].contains(target.type) {
  // https://github.com/apple/swift-evolution/blob/main/proposals/0335-existential-any.md
  // https://github.com/apple/swift-evolution/blob/main/proposals/0444-member-import-visibility.md
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ]
}
