import Foundation
import TensorFiles
import TestSupport
import Testing

@Suite struct ImportVerbTests {
  /// Systems that are diagonally dominant, of order 6, as tensors A, b and x.
  private func arrays(
    _ folder: TemporaryFolder, _ name: String, count: Int, shift: Double = 0,
    withSolutions: Bool = true
  ) throws {
    let n = 6
    var (A, b, x): ([Double], [Double], [Double]) = ([], [], [])
    for k in 0..<count {
      let solution = (0..<n).map { cos(Double($0 + 5 * k) + shift) }
      x += solution
      for row in 0..<n {
        var product = 0.0
        for column in 0..<n {
          let wave: Double = sin(Double(row * n + column + 37 * k) + shift)
          let entry: Double = (row == column ? 8 : 0) + wave
          A.append(entry)
          product += entry * solution[column]
        }
        b.append(product)
      }
    }
    let writer = try SafetensorsWriter(
      path: folder.path(name),
      tensors: [("A", .F64, [count, n, n]), ("b", .F64, [count, n])]
        + (withSolutions ? [("x", .F64, [count, n])] : []))
    try writer.write("A", doubles: A)
    try writer.write("b", doubles: b)
    if withSolutions { try writer.write("x", doubles: x) }
    try writer.finish()
  }

  private func bvp(_ line: String, _ folder: TemporaryFolder) throws -> Command
  {
    try Command.run(line.split(separator: " ").map(String.init), in: folder)
  }

  @Test func systemsOfAnyoneAreTrainedAndMeasuredOn() throws {
    let folder = try TemporaryFolder()
    try arrays(folder, "a", count: 32)
    try arrays(folder, "b", count: 16, shift: 0.5, withSolutions: false)
    for name in ["a", "b"] {
      let made = try bvp("import \(name) --output \(name).st", folder)
      #expect(made.status == 0, "\(made.messages)")
      #expect(made.messages.contains("systems of order 6: \(name).st"))
    }
    // What LU finds is what the solutions were.
    let file = try SafetensorsFile(path: folder.path("b.st"))
    let u = try file.doubles("u")
    #expect(
      zip(u, (0..<6).map { cos(Double($0) + 0.5) }).allSatisfy {
        abs($0 - $1) < 1e-14
      })
    let trained = try bvp(
      "pretrain --data a.st --test-data b.st --preset smoke --epochs 40 -q "
        + "--precision f32 --threads 1 --output run", folder)
    #expect(trained.status == 0, "\(trained.messages)")
    let evaluated = try bvp(
      "evaluate run/model.safetensors --data b.st --csv -q", folder)
    #expect(evaluated.status == 0, "\(evaluated.messages)")
    #expect(evaluated.lines[1].hasPrefix("16,"))
    let again = try bvp("evaluate run/model.safetensors --data a.st", folder)
    #expect(again.status == 1)
    #expect(again.messages.contains("was trained on samples of a.st"))
    let tuned = try bvp(
      "finetune --data a.st --test-data b.st --from run/model.safetensors "
        + "--preset smoke --epochs 1 --precision f32 -q --output tuned", folder)
    #expect(tuned.status == 0, "\(tuned.messages)")
    let noisy = try bvp(
      "robustness run/model.safetensors --data b.st --solvers all --levels 1e-2 "
        + "--csv -q", folder)
    #expect(noisy.status == 0, "\(noisy.messages)")
    #expect(noisy.lines.contains { $0.contains(",svd,") })
    #expect(!noisy.output.contains(",projection,"))
    let predicted = try bvp(
      "predict tuned/model.safetensors --data b.st -q --output p.st", folder)
    #expect(predicted.status == 0, "\(predicted.messages)")
    let exported = try bvp("export p.st", folder)
    #expect(exported.lines.count == 1 + 16 * 6, "\(exported.messages)")
  }

  @Test func whatNeedsAnEquationSaysSo() throws {
    let folder = try TemporaryFolder()
    try arrays(folder, "a", count: 4)
    _ = try bvp("import a -q --output a.st", folder)
    for (line, part) in [
      ("robustness --data a.st --solvers map --levels 1e-2", "map needs"),
      ("robustness --data a.st --solvers bound --levels 1e-2", "bound needs"),
      (
        "pretrain diffusion --data a.st --preset smoke --output r",
        "systems of no equation"
      ),
      (
        "pretrain --data a.st --preset smoke --output r",
        "bvp: --test-data: is missing"
      ),
      ("pretrain --preset smoke --output r", "give an equation"),
      ("export a.st", "bvp-systems/1"), ("import a --output a.st", "exists"),
      ("import a --A a --output c", "exclude"),
      ("import none --output c", "none"),
    ] {
      let command = try bvp(line, folder)
      #expect(command.status != 0, "\(line)")
      #expect(command.messages.contains(part), "\(line): \(command.messages)")
    }
    let warned = try bvp("pretrain --data a --preset smoke --output r", folder)
    #expect(warned.messages.contains("a: "))
  }

  /// What a network has learned from is known again: in a part of the file, among
  /// others, in single precision, and as the rows of a dataset.
  @Test func trainedSystemsAreKnownInAnyFile() throws {
    let folder = try TemporaryFolder()
    try arrays(folder, "a", count: 32)
    try arrays(folder, "b", count: 16, shift: 0.5)
    let file = try SafetensorsFile(path: folder.path("a"))
    // Systems 30 and 31, rounded, after one that is new.
    let part = try SafetensorsWriter(
      path: folder.path("part"),
      tensors: [("A", .F32, [3, 6, 6]), ("b", .F32, [3, 6])])
    for (name, width) in [("A", 36), ("b", 6)] {
      let values = try file.floats(name, (30 * width)..<(32 * width))
      try part.write(name, floats: values[..<width].map { $0 + 1 } + values)
    }
    try part.finish()
    for name in ["a", "b", "part"] {
      _ = try bvp("import \(name) -q --output \(name).st", folder)
    }
    let train = "pretrain --preset smoke --epochs 1 -q --precision f32 "
    let trained = try bvp(
      train + "--data a.st --test-data b.st --output run", folder)
    #expect(trained.status == 0, "\(trained.messages)")
    for line in [
      "evaluate run/model.safetensors --data part.st",
      "robustness run/model.safetensors --data part.st --levels 0",
      "robustness run/model.safetensors --data part.st --levels 0 --sample 2",
      "calibrate run/model.safetensors --data part.st --output c.st",
      "finetune --data b.st --test-data part.st --from run/model.safetensors "
        + "--preset smoke --output t",
    ] {
      let refused = try bvp(line, folder)
      #expect(refused.status == 1, "\(line)")
      #expect(
        refused.messages.contains("was trained on samples of"),
        "\(refused.messages)")
    }
    let shared = try bvp(
      train + "--data a.st --test-data part.st --output x", folder)
    #expect(shared.status == 1)
    #expect(shared.messages.contains("--test-data: the test samples (part.st"))
    // The one that is new is no training sample.
    #expect(
      try bvp(
        "robustness run/model.safetensors --data part.st --levels 0 --sample 0",
        folder
      ).status == 0)
    // A checkpoint from before knows the file alone.
    try rewrite(folder.path("run/model.safetensors")) {
      $0["trained_on"] = $0["trained_on"]?.replacing(
        /"digests":"[^"]*",/, with: "")
    }
    #expect(
      try bvp("evaluate run/model.safetensors --data a.st", folder).status == 1)
    #expect(
      try bvp("evaluate run/model.safetensors --data part.st -q", folder)
        .status == 0)
  }

  @Test func rowsOfADatasetAreKnownAsArrays() throws {
    let folder = try TemporaryFolder()
    for (name, seed) in [("d", 3), ("e", 4)] {
      _ = try bvp(
        "generate diffusion --samples 24 --nodes 12 --seed \(seed) "
          + "--with-systems -q --output \(name)", folder)
      _ = try bvp("import \(name) -q --output \(name).st", folder)
    }
    let trained = try bvp(
      "pretrain --data d --test-data e --preset smoke --epochs 1 -q "
        + "--precision f32 --output run", folder)
    #expect(trained.status == 0, "\(trained.messages)")
    let own = try bvp("evaluate run/model.safetensors --data d.st", folder)
    #expect(own.status == 1)
    #expect(own.messages.contains("was trained on samples of d.st"))
    let other = try bvp("evaluate run/model.safetensors --data e.st", folder)
    #expect(other.status == 0, "\(other.messages)")
    let size =
      try SafetensorsFile(path: folder.path("run/model.safetensors"))
      .metadata["trained_on"]?.utf8.count ?? 0
    #expect(size < 4096)
  }

  /// Systems like those of the training are not doubted for what no array says.
  @Test func importedSystemsAreJudgedByWhatTheyAre() throws {
    let folder = try TemporaryFolder()
    for (name, equation) in [
      ("own", "reaction-diffusion"), ("other", "advection-diffusion"),
    ] {
      _ = try bvp(
        "generate \(equation) --samples 20 --seed 77 --with-systems -q "
          + "--output \(name)", folder)
      _ = try bvp("import \(name) -q --output \(name).st", folder)
    }
    let model = Repository.checkpoint("reaction-diffusion")
    for name in ["own", "own.st"] {
      let found = try bvp("evaluate \(model) --data \(name)", folder)
      #expect(found.status == 0)
      #expect(!found.messages.contains("outside of"), "\(found.messages)")
    }
    let other = try bvp("evaluate \(model) --data other.st", folder)
    #expect(
      other.messages.contains(" of 20 samples are outside of"),
      "\(other.messages)")
  }
}
