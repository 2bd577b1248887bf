import Equations
import Foundation
import Networks
import Systems
import Tables
import TestSupport
import Testing
import Training

/// The networks in checkpoints/ do what their metadata say they do.
struct ShippedCheckpointsTests {
  private static let folder = Repository.path("checkpoints")

  /// All but those that learned Newton steps, which solve no systems.
  private static let paths = Result {
    try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".safetensors") && !$0.hasPrefix("newton") }
      .sorted().map { folder + "/" + $0 }
  }

  @Test func eachHasItsLog() throws {
    let paths = try Self.paths.get()
    #expect(
      paths.map { $0.split(separator: "/").last ?? "" } == [
        "advection-diffusion-polya.safetensors",
        "advection-diffusion.safetensors", "diffusion-greens.safetensors",
        "diffusion-noise.safetensors", "diffusion-polya-noise.safetensors",
        "diffusion-polya.safetensors", "diffusion.safetensors",
        "family-polya.safetensors",
        "reaction-diffusion-polya.safetensors",
        "reaction-diffusion.safetensors",
      ])
    for path in paths {
      let log = path.replacingOccurrences(
        of: ".safetensors", with: ".metrics.csv")
      #expect(FileManager.default.fileExists(atPath: log), "\(log)")
    }
  }

  @Test func eachReachesTheErrorInItsMetadataOnFreshSamples() throws {
    for path in try Self.paths.get() {
      let checkpoint = try Checkpoint(path: path)
      let recipe = try Recipe(
        path: path, text: try #require(checkpoint.notes["recipe"]))
      let source = try EquationSource(
        Equation(
          yaml: try #require(recipe.data.equation), path: path),
        nodes: recipe.network.nodes, seed: 20_261, count: 96)
      let predictor = try Predictor(
        checkpoint, engine: ComputeEngine(threads: 2), precision: .f32,
        n: recipe.network.nodes)
      let metrics = try predictor.evaluate(
        SystemExamples(source), count: 96)
      let stated = try #require(
        checkpoint.notes["test_relative_mse_median"].flatMap(Double.init))
      // Errors by factors are spread over five decades.
      let factor = recipe.network.model == .polya ? 4 : 1.5
      #expect(
        metrics.relativeMSE.median < factor * stated,
        "\(path): \(metrics.relativeMSE.median), stated \(stated)")
    }
  }

  /// The fields of an operator are functions: a network that says them on one grid
  /// solves on others, where the others refuse.
  @Test(arguments: [48, 96]) func factorsAreThoseOfAnyGrid(_ nodes: Int) throws
  {
    for name in ["diffusion-polya", "advection-diffusion-polya", "diffusion"] {
      let checkpoint = try Checkpoint(
        path: Self.folder + "/\(name).safetensors")
      let recipe = try Recipe(
        path: name, text: try #require(checkpoint.notes["recipe"]))
      func predictor() throws -> Predictor {
        try Predictor(
          checkpoint, engine: ComputeEngine(threads: 1), precision: .f32,
          n: nodes)
      }
      guard checkpoint.encoding.kind == .factors else {
        #expect(throws: NetworkError.self) { try predictor() }
        continue
      }
      let source = try EquationSource(
        Equation(yaml: try #require(recipe.data.equation), path: name),
        nodes: nodes, seed: 20_262, count: 48)
      let errors = try predictor().evaluate(SystemExamples(source), count: 48)
      #expect(errors.relativeMSE.median < 1e-9, "\(name)")
      #expect(errors.relativeMSE.p90 < 1e-6, "\(name)")
    }
  }
}
