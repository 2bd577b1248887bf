import Foundation
import TensorFiles
import TestSupport
import Testing

/// Whatever number of threads the system grants, the results are those of as
/// many as were asked for.
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

  @Test func aShortTeamWritesTheSameFiles() throws {
    let whole = try TemporaryFolder()
    let shorts = try Self.shortages.map { ($0, try TemporaryFolder()) }
    func same(_ line: String, _ check: (TemporaryFolder) throws -> Bool) throws
    {
      _ = try run(line, [:], in: whole)
      for (shortage, folder) in shorts {
        _ = try run(line, shortage, in: folder)
        #expect(try check(folder), "\(line) \(shortage)")
      }
    }
    func same(_ name: String, _ line: String) throws {
      try same(line) { try $0.bytes(name) == whole.bytes(name) }
    }
    try same(
      "data",
      "generate advection-reaction-diffusion --samples 70 --nodes 12 "
        + "--with-systems --threads 3 --output data")
    for (model, precision) in [
      ("algebraformer", "f32"), ("algebraformer", "bf16"), ("lstm", "f32"),
      ("gru", "bf16"),
    ] {
      try same(
        model + precision + "/model.safetensors",
        "pretrain diffusion --model \(model) --preset smoke --nodes 12 "
          + "--width 16 --samples 64 --steps 4 --test-samples 16 --precision "
          + "\(precision) --threads 3 --output \(model)\(precision)")
    }
    let model = "algebraformerf32/model.safetensors"
    try same(
      "predicted",
      "predict \(model) --data data --threads 3 --output predicted")
    try same(
      "newton generate --problems 4 --rows 500 --columns 7 --threads 3 "
        + "--output newton"
    ) { folder in
      let files = try [folder, whole].map {
        try SafetensorsFile(path: $0.path("newton"))
      }
      return try files[0].tensors.allSatisfy {
        try $0.name == "seconds"
          || files[0].doubles($0.name) == files[1].doubles($0.name)
      }
    }
    let table =
      "robustness \(model) --data data --levels 1e-3 "
      + "--solvers lu,svd,tsvd,projection --threads 3 --csv"
    let right = try figures(run(table, [:], in: whole))
    for (shortage, folder) in shorts {
      #expect(try figures(run(table, shortage, in: folder)) == right)
    }
  }

  /// Above 64 nodes, where products, blocks and tiles have other shapes.
  @Test func ninetySixNodesOnAnyNumberOfThreads() throws {
    let folder = try TemporaryFolder()
    for threads in [1, 2, 3, 8] {
      let name = "data\(threads)"
      _ = try run(
        "generate advection-reaction-diffusion --samples 40 --nodes 96 "
          + "--with-systems --threads \(threads) --output \(name)", [:],
        in: folder)
      #expect(try folder.bytes(name) == folder.bytes("data1"), "\(name)")
    }
    _ = try run(
      "generate advection-reaction-diffusion --samples 8 --nodes 96 --seed 1 "
        + "--output test", [:], in: folder)
    for model in ["algebraformer", "gru"] {
      for threads in [1, 3] {
        let name = "\(model)\(threads)"
        _ = try run(
          "pretrain advection-reaction-diffusion --data data1 "
            + "--test-data test --model \(model) --preset smoke --nodes 96 "
            + "--width 16 --steps 4 --precision f32 --threads \(threads) "
            + "--output \(name)", [:], in: folder)
        _ = try run(
          "predict \(model)1/model.safetensors --data data1 --threads "
            + "\(threads) --output \(name)-predicted", [:], in: folder)
        for file in ["/model.safetensors", "-predicted"] {
          #expect(
            try folder.bytes(name + file) == folder.bytes(model + "1" + file),
            "\(name)\(file)")
        }
      }
    }
  }

  /// Every model, precision and optimiser; batches whose last chunk is short.
  @Test(
    arguments: ["algebraformer", "lstm", "gru"], ["f32", "bf16"])
  func weightsAndAnswersAreTheSameOnAnyNumberOfThreads(
    _ model: String, _ precision: String
  ) throws {
    let folder = try TemporaryFolder()
    for optimizer in ["adamw", "muon"] {
      var right: [Int: String] = [:]
      for threads in [1, 2, 3, 8] {
        let name = optimizer + "\(threads)"
        _ = try run(
          "pretrain diffusion --model \(model) --preset smoke --nodes 20 "
            + "--width 24 --samples 90 --steps 6 --batch 45 --chunk 4 "
            + "--test-samples 21 --optimizer \(optimizer) --precision "
            + "\(precision) --threads \(threads) --output \(name)", [:],
          in: folder)
        let weights = name + "/model.safetensors"
        #expect(
          try folder.bytes(weights)
            == folder.bytes(optimizer + "1/model.safetensors"), "\(weights)")
        for samples in [1, 2, 21] {
          let table = try run(
            "evaluate \(weights) --samples \(samples) --precision "
              + "\(precision) --threads \(threads) --csv", [:], in: folder)
          #expect(table.output == right[samples, default: table.output])
          right[samples] = table.output
        }
      }
    }
  }

  /// The chunk decides the order of sums, and so the weights.
  @Test func theChunkIsPartOfTheRecipe() throws {
    let folder = try TemporaryFolder()
    for chunk in [3, 16] {
      _ = try run(
        "pretrain diffusion --preset smoke --nodes 12 --width 16 --samples 32 "
          + "--steps 2 --test-samples 4 --precision f32 --chunk \(chunk) "
          + "--output run\(chunk)", [:], in: folder)
      #expect(
        try String(
          decoding: folder.bytes("run\(chunk)/recipe.yaml"), as: UTF8.self
        ).contains("chunk: \(chunk)\n"))
    }
    let files = try [3, 16].map {
      try SafetensorsFile(path: folder.path("run\($0)/model.safetensors"))
    }
    let difference = try relativeDifference(
      files[0].floats("blocks.0.mlp.up.weight"),
      files[1].floats("blocks.0.mlp.up.weight"))
    #expect(difference > 0 && difference < 1e-5)
  }
}
