import Foundation
import TensorFiles
import TestSupport
import Testing

/// Whatever number of threads the system grants, the results are those of as
/// many as were asked for.
@Suite(.serialized)
struct ThreadTests {
  private static let shortages = [
    ["OMP_THREAD_LIMIT": "1"], ["OMP_THREAD_LIMIT": "2"],
    ["OMP_NUM_THREADS": "1"], ["OMP_DYNAMIC": "true"],
  ]

  /// Runs a line of arguments in a folder of its own.
  private func run(
    _ line: String, _ environment: [String: String], in folder: TemporaryFolder
  ) throws -> Command {
    let result = try Command.run(
      line.split(separator: " ").map(String.init), environment: environment,
      in: folder)
    #expect(result.status == 0, "\(line) \(environment): \(result.messages)")
    return result
  }

  /// CSV without the columns of times.
  private func figures(_ command: Command) -> [[Substring]] {
    let lines = command.lines.map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let kept = lines[0].indices.filter {
      !["microseconds_per_system", "seconds"].contains(lines[0][$0])
    }
    return lines.map { line in kept.map { line[$0] } }
  }

  @Test(arguments: shortages)
  func aShortTeamGivesTheSameAnswers(_ shortage: [String: String]) throws {
    let folder = try TemporaryFolder()
    let model = Repository.checkpoint("diffusion")
    for (verb, precision) in [
      ("evaluate", "f32"), ("evaluate", "bf16"),
    ] {
      let line =
        "\(verb) \(model) --samples 5 --threads 3 --precision \(precision) "
        + "--csv"
      let whole = try run(line, [:], in: folder)
      #expect(whole.lines.count == 2)
      #expect(try run(line, shortage, in: folder).output == whole.output)
    }
  }

  @Test(arguments: shortages)
  func aShortTeamWritesTheSameFiles(_ shortage: [String: String]) throws {
    let (folder, short) = (try TemporaryFolder(), try TemporaryFolder())
    func same(_ name: String, _ line: String) throws {
      _ = try run(line, [:], in: folder)
      _ = try run(line, shortage, in: short)
      #expect(try folder.bytes(name) == short.bytes(name), "\(line)")
    }
    try same(
      "data",
      "generate advection-reaction-diffusion --samples 70 --nodes 12 "
        + "--with-systems --threads 3 --output data")
    for model in ["algebraformer", "lstm", "gru"] {
      for precision in ["f32", "bf16"] {
        let run = "\(model)-\(precision)"
        try same(
          run + "/model.safetensors",
          "pretrain diffusion --model \(model) --preset smoke --nodes 12 "
            + "--width 16 --samples 96 --steps 6 --test-samples 16 "
            + "--precision \(precision) --threads 3 --output \(run)")
        try same(
          run + ".predicted",
          "predict \(run)/model.safetensors --data data --threads 3 "
            + "--precision \(precision) --output \(run).predicted")
      }
    }
    let table =
      "robustness algebraformer-f32/model.safetensors --data data --levels 1e-3 "
      + "--solvers lu,svd,tsvd,projection --threads 3 --csv"
    #expect(
      try figures(run(table, [:], in: folder))
        == figures(run(table, shortage, in: short)))
    let newton =
      "newton generate --problems 4 --rows 500 --columns 7 --threads 3 "
      + "--output newton"
    _ = try run(newton, [:], in: folder)
    _ = try run(newton, shortage, in: short)
    let files = try [folder, short].map {
      try SafetensorsFile(path: $0.path("newton"))
    }
    for tensor in files[0].tensors where tensor.name != "seconds" {
      #expect(
        try files[0].doubles(tensor.name) == files[1].doubles(tensor.name),
        "\(tensor.name)")
    }
  }

  /// Above 64 nodes, where products, blocks and tiles have other shapes.
  @Test func ninetySixNodesOnAnyNumberOfThreads() throws {
    let folder = try TemporaryFolder()
    for threads in [1, 2, 3, 8] {
      for systems in ["", "--with-systems "] {
        let name = "data\(threads)\(systems.isEmpty ? "" : "A")"
        _ = try run(
          "generate advection-reaction-diffusion --samples 40 --nodes 96 "
            + systems + "--threads \(threads) --output \(name)", [:], in: folder
        )
        #expect(
          try folder.bytes(name)
            == folder.bytes(systems.isEmpty ? "data1" : "data1A"), "\(name)")
      }
    }
    func train(_ name: String, _ model: String, _ threads: Int) throws {
      _ = try run(
        "pretrain advection-reaction-diffusion --data data1 --test-data data1 --model \(model) "
          + "--preset smoke --nodes 96 --width 16 --steps 5 --test-samples 8 "
          + "--threads \(threads) --output \(name)", [:], in: folder)
    }
    for model in ["algebraformer", "gru"] {
      for threads in [1, 2, 3] {
        let (first, second) = ("\(model)\(threads)a", "\(model)\(threads)b")
        try train(first, model, threads)
        try train(second, model, threads)
        let weights = "/model.safetensors"
        #expect(
          try folder.bytes(first + weights) == folder.bytes(second + weights))
        _ = try run(
          "predict \(model)1a\(weights) --data data1 --threads \(threads) "
            + "--output p\(model)\(threads)", [:], in: folder)
        let solutions = try ["p\(model)1", "p\(model)\(threads)"].map {
          try SafetensorsFile(path: folder.path($0)).floats("solutions")
        }
        #expect(relativeDifference(solutions[1], solutions[0]) < 1e-6)
        // Sums have another order with other threads, and that alone.
        let losses = try ["\(model)1a", first].map {
          try SafetensorsFile(path: folder.path($0 + weights))
            .metadata["test_mse"].flatMap(Double.init)
        }
        let (one, many) = (
          try #require(losses[0]), try #require(losses[1])
        )
        #expect(abs(many / one - 1) < 1e-4)
      }
    }
  }
}
