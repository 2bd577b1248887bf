// swift-tools-version:6.1

import PackageDescription

// Micro-benchmarks of the hot kernels, apart from the workbench so that nobody
// who builds that needs them:
//
//   swift package --package-path Benchmarks benchmark
let package = Package(
  name: "bvp-benchmarks",
  dependencies: [
    .package(name: "bvp-workbench", path: ".."),
    .package(
      url: "https://github.com/ordo-one/benchmark", from: "1.38.1",
      // Without the default, which needs jemalloc.
      traits: []),
  ],
  targets: [
    .executableTarget(
      name: "Kernels",
      dependencies: [
        .product(name: "Benchmark", package: "benchmark"),
        .product(name: "BVPWorkbench", package: "bvp-workbench"),
      ],
      path: "Benchmarks/Kernels",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
  ]
)
