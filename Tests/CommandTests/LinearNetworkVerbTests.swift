import Foundation
import TensorFiles
import TestSupport
import Testing

/// Networks whose answers are linear in b, of operators' factors or Green's functions,
/// go through every verb, and into iterations.
struct LinearNetworkVerbTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    // Sixteen nodes resolve it.
    try folder.write(
      equationText(
        domain: "[0, 7.5]",
        parameters: [
          "alpha: {uniform: [0, 0.3]}", "velocity: {uniform: [-0.5, 0.5]}",
        ],
        coefficients: [
          "K: 1 + alpha * cos(x / 2)", "f: 1 + alpha * x", "v: velocity",
        ]), to: "a.yaml")
  }

  private func bvp(_ line: String) throws -> Command {
    try Command.run(line.split(separator: " ").map(String.init), in: folder)
  }

  private static let models = ["polya", "greens"]

  private static func training(_ model: String) -> String {
    "pretrain a.yaml --model \(model) --preset smoke --nodes 16 "
      + "--samples 64 --test-samples 8 --precision f32 -q"
  }

  private static let training = training("polya")

  @Test(arguments: models) func everyVerbTakesIt(_ model: String) throws {
    for line in [
      Self.training(model) + " --output run",
      "generate a.yaml --samples 6 --seed 9 --nodes 16 "
        + "--output data -q",
      "evaluate run/model.safetensors --data data",
      "predict run/model.safetensors --data data --with-tokens --output p",
      "robustness run/model.safetensors --data data --levels 0.01 --noise rms",
      "sweep run/model.safetensors --equation a.yaml --vary alpha "
        + "--values 0.1 --samples 4",
      "finetune a.yaml --from run/model.safetensors --preset smoke "
        + "--seed 5 --output tuned -q",
      "inspect tuned/model.safetensors",
    ] {
      let result = try bvp(line)
      #expect(result.status == 0, "\(line): \(result.messages)")
    }
    let tokens = try #require(
      try SafetensorsFile(path: folder.path("p"))["tokens"])
    #expect(tokens.shape == [6, 16, model == "polya" ? 3 : 37])
    #expect(try bvp("inspect run/model.safetensors").output.contains(model))
  }

  @Test(arguments: models)
  func itTrainsToTheSameBytesHoweverManyThreads(_ model: String) throws {
    for (name, threads) in [("one", 1), ("three", 3)] {
      let line =
        Self.training(model) + " --threads \(threads) --output \(name)"
      #expect(try bvp(line).status == 0)
    }
    #expect(
      try SafetensorsFile(path: folder.path("one/model.safetensors"))
        .floats("decode.weight")
        == SafetensorsFile(path: folder.path("three/model.safetensors"))
        .floats("decode.weight"))
  }

  @Test(arguments: models)
  func aRunThatGoesOnEndsInTheSameWeights(_ model: String) throws {
    for line in [
      Self.training(model) + " --steps 8 --threads 1 --output whole",
      Self.training(model)
        + " --steps 4 --schedule constant --threads 1 --output part",
    ] {
      #expect(try bvp(line).status == 0, "\(line)")
    }
    let again = try bvp(
      Self.training(model)
        + " --steps 4 --schedule constant --threads 1 --output part "
        + "--resume")
    #expect(again.status == 0, "\(again.messages)")
    let more = try bvp(
      Self.training(model)
        + " --steps 8 --schedule constant --threads 1 --output part "
        + "--resume")
    #expect(more.status == 0, "\(more.messages)")
    #expect(
      try bvp(
        Self.training(model) + " --steps 8 --schedule constant --threads 1 "
          + "--output other"
      ).status == 0)
    #expect(
      try SafetensorsFile(path: folder.path("part/model.safetensors"))
        .floats("decode.weight")
        == SafetensorsFile(path: folder.path("other/model.safetensors"))
        .floats("decode.weight"))
  }

  @Test func itIsAnApproximateInverse() throws {
    _ = try bvp(Self.training + " --output run")
    _ = try bvp(
      "generate a.yaml --samples 6 --seed 9 --nodes 16 "
        + "--output data -q")
    let result = try bvp("iterate run/model.safetensors --data data")
    #expect(result.status == 0, "\(result.messages)")
    let rows = result.lines.dropFirst().map {
      $0.split(separator: ",").map(String.init)
    }
    #expect(rows.map { $0[0] } == ["laplacian", "mean", "factors", "run"])
    for row in rows {
      let most = try #require(Int(row[6]))
      #expect((1...16).contains(most) && row[7] == "0", "\(row)")
    }
    for iteration in ["gmres", "richardson"] {
      let solved = try bvp(
        "solve a.yaml --method run/model.safetensors --iterate "
          + "\(iteration) --tolerance 1e-9")
      #expect(solved.status == 0)
      #expect(solved.messages.contains(iteration + ", ‖b − Ax‖/‖b‖: 1.00 → "))
    }
    let exact = try bvp("solve a.yaml --nodes 16 -q").lines
    let found = try bvp(
      "solve a.yaml --method run/model.safetensors --iterate gmres "
        + "--tolerance 1e-12 -q"
    ).lines
    #expect(exact.count == 17 && found.count == 17)
    for (a, b) in zip(exact, found).dropFirst() {
      let (a, b) = (a.split(separator: ",")[4], b.split(separator: ",")[4])
      let left = try #require(Double(a))
      let right = try #require(Double(b))
      #expect(abs(left - right) < 1e-8)
    }
  }

  /// A network that says a Green's function is one too, and what each leaves of an
  /// error has eigenvalues.
  @Test func approximateInversesHaveSpectra() throws {
    _ = try bvp(Self.training("greens") + " --steps 40 --output run")
    _ = try bvp(
      "pretrain a.yaml --preset smoke --nodes 16 --steps 1 --precision f32 "
        + "--samples 8 --test-samples 8 --output plain -q")
    _ = try bvp(
      "generate a.yaml --samples 3 --seed 9 --nodes 16 --output data -q")
    for name in ["s.csv", "s.svg"] {
      let result = try bvp(
        "iterate run/model.safetensors plain/model.safetensors --data data "
          + "--inverses factors --spectrum \(name) --force")
      #expect(result.status == 0, "\(result.messages)")
      #expect(result.messages.contains("plain is not linear in b"))
    }
    let lines = try String(
      contentsOfFile: folder.path("s.csv"), encoding: .utf8
    ).split(separator: "\n").map { $0.split(separator: ",") }
    #expect(lines.count == 1 + 2 * 3 * 16)
    for line in lines where line[0] == "factors" {
      let modulus = try #require(Double(line[5]))
      #expect(modulus < 1e-3)
    }
    #expect(
      try String(contentsOfFile: folder.path("s.svg"), encoding: .utf8)
        .contains("Eigenvalues of I − G A"))
    let refused = try bvp(
      "iterate plain/model.safetensors --data data --inverses none "
        + "--spectrum t.csv")
    #expect(refused.status == 1 && refused.messages.contains("t.csv"))
    #expect(
      !FileManager.default.fileExists(atPath: folder.path("t.csv")))
  }

  /// Iteration stops where the data's errors explain what is left.
  @Test func theDiscrepancyStopsAnIteration() throws {
    _ = try bvp(Self.training + " --output run")
    func steps(_ options: String) throws -> Int {
      let solved = try bvp(
        "solve a.yaml --method run/model.safetensors --iterate gmres "
          + options)
      #expect(solved.status == 0, "\(solved.messages)")
      return solved.messages.split(separator: "→").count
    }
    let unmet = try bvp(
      "solve a.yaml --method run/model.safetensors --iterate gmres "
        + "--uncertainty 1e-30")
    #expect(unmet.status == 0)
    #expect(unmet.messages.contains("no residual as small as errors of"))
    #expect(!unmet.messages.contains("--tolerance"))
    let wide = try bvp(
      "solve a.yaml --method run/model.safetensors --iterate gmres "
        + "--uncertainty 1e150")
    #expect(wide.status == 64)
    #expect(wide.messages.contains("--uncertainty must lie"))
    let few = try steps("--uncertainty 1e-2")
    let some = try steps("--uncertainty 1e-6")
    let all = try steps("--tolerance 1e-11")
    #expect(few < some && some < all)
  }

  @Test func theFieldsStandBesideTheNetworks() throws {
    _ = try bvp(Self.training + " --output run")
    let solved = try bvp(
      "solve a.yaml --method run/model.safetensors --fields -q "
        + "--set velocity=1 --set alpha=0")
    #expect(
      solved.lines.first
        == "x,K,f,v,u,ln_K,drift,ln_e,ln_K_network,drift_network,ln_e_network")
    // K = 1 and v = 1 on [0, 7.5], whose half is 3.75; e = 1 solves (v u)′ = 0.
    for line in solved.lines.dropFirst() {
      let values = line.split(separator: ",").compactMap { Double($0) }
      #expect(abs(values[5]) < 1e-9 && abs(values[6] - 1) < 1e-9)
      #expect(abs(values[7]) < 1e-9)
    }
    #expect(
      try bvp(
        "solve a.yaml --method run/model.safetensors --fields "
          + "--plot u.svg -q"
      ).status == 0)
    #expect(
      try String(contentsOfFile: folder.path("u.svg"), encoding: .utf8)
        .contains("the network&apos;s")
        || String(contentsOfFile: folder.path("u.svg"), encoding: .utf8)
          .contains("the network's")
    )
  }

  /// Each matrix is solved for other right-hand sides as well, which add up.
  @Test(arguments: models) func manyRightHandSidesAreTaken(_ model: String)
    throws
  {
    _ = try bvp(Self.training(model) + " --output run")
    _ = try bvp(
      "generate a.yaml --samples 2 --seed 9 --nodes 16 --output data -q")
    let first = (0..<16).map { sin(Double($0)) }
    let second = (0..<16).map { cos(Double(3 * $0)) }
    let rows = first + second + zip(first, second).map { 2 * $0 - $1 }
    func write(_ shape: [Int], _ values: [Double], to name: String) throws {
      let writer = try SafetensorsWriter(
        path: folder.path(name), tensors: [("b", .F64, shape)], metadata: [:])
      try writer.write("b", doubles: values)
      try writer.finish()
    }
    try write([3, 16], rows, to: "same")
    try write([2, 3, 16], rows + rows, to: "each")
    let line = "predict run/model.safetensors --data data --right-hand-sides "
    for name in ["same", "each"] {
      let made = try bvp(line + name + " --output p-" + name)
      #expect(made.status == 0, "\(made.messages)")
    }
    #expect(try folder.bytes("p-same").count == folder.bytes("p-each").count)
    let file = try SafetensorsFile(path: folder.path("p-each"))
    #expect(file["right_hand_side_solutions"]?.shape == [2, 3, 16])
    let found = try file.doubles("right_hand_side_solutions")
    #expect(
      try found
        == SafetensorsFile(path: folder.path("p-same")).doubles(
          "right_hand_side_solutions"))
    for sample in 0..<2 {
      let own = Array(found[(48 * sample)..<(48 * sample + 48)])
      let size = own.map(abs).max() ?? 0
      #expect(size > 0)
      for i in 0..<16 {
        let sum = 2 * own[i] - own[16 + i]
        #expect(abs(own[32 + i] - sum) < 1e-5 * size)
      }
    }
    try write([3, 15], Array(rows.prefix(45)), to: "short")
    try write([1, 16], Array(repeating: .nan, count: 16), to: "nan")
    try write([1, 1, 16], Array(rows.prefix(16)), to: "one")
    try write([1, 16], Array(repeating: 1e200, count: 16), to: "huge")
    for (name, reason) in [
      ("huge", "over 1e+30"), ("short", "short: 'b' is [3, 15]"),
      ("nan", "row 0 of 'b'"),
      ("one", "[2, count, 16]"), ("p-same", "has no tensor 'b'"),
      ("nowhere", "nowhere: cannot open"),
    ] {
      let refused = try bvp(line + name + " --output q")
      #expect(refused.status == 1)
      #expect(refused.messages.contains(reason), "\(refused.messages)")
    }
  }

  /// Trained with noise, a network reads estimates of the coefficients; it goes
  /// through the verbs, and on where it stopped.
  @Test func noiseMakesItReadEstimates() throws {
    let training =
      Self.training + " --train-noise 0.01 --train-noise-model rms --threads 1"
    for line in [
      training + " --steps 8 --output whole",
      training + " --steps 4 --schedule constant --output part",
      "generate a.yaml --samples 3 --seed 9 --nodes 16 --output data -q",
      "evaluate whole/model.safetensors --data data",
      "robustness whole/model.safetensors --data data --levels 0,0.01 "
        + "--noise rms --solvers map,bound",
      "predict whole/model.safetensors --data data --with-tokens --output p",
      "finetune a.yaml --from whole/model.safetensors --preset smoke --seed 5 "
        + "--steps 2 --train-noise 0.01 --output tuned -q",
    ] {
      let result = try bvp(line)
      #expect(result.status == 0, "\(line): \(result.messages)")
    }
    #expect(
      try bvp("inspect whole/model.safetensors").output.contains("estimates"))
    let tokens = try SafetensorsFile(path: folder.path("p"))["tokens"]
    #expect(tokens?.shape == [3, 16, 19])
    let again = try bvp(
      training + " --steps 8 --schedule constant --output part --resume")
    #expect(again.status == 0, "\(again.messages)")
    _ = try bvp(
      training + " --steps 8 --schedule constant --output straight")
    #expect(
      try SafetensorsFile(path: folder.path("part/model.safetensors"))
        .floats("decode.weight")
        == SafetensorsFile(path: folder.path("straight/model.safetensors"))
        .floats("decode.weight"))
    let other = try bvp(
      "generate a.yaml --samples 2 --seed 9 --nodes 24 --output other -q")
    #expect(other.status == 0)
    let refused = try bvp("evaluate whole/model.safetensors --data other")
    #expect(refused.status == 1)
    #expect(refused.messages.contains("order 16"), "\(refused.messages)")
  }

  /// A run goes on with its model, an operator without factors is a failure among
  /// others, and a spectrum that there is not names whose it would be.
  @Test func aFailureNamesItsCulprit() throws {
    _ = try bvp(Self.training("greens") + " --steps 2 --output run")
    let other = try bvp(Self.training + " --steps 3 --output run --resume")
    #expect(other.status == 1)
    #expect(other.messages.contains("run: the run has network.model greens"))
    try folder.write(
      equationText(
        coefficients: ["K: 1", "f: 1", "q: -20"]), to: "o.yaml")
    _ = try bvp("generate o.yaml --samples 2 --nodes 16 --output data -q")
    let counted = try bvp("iterate --data data --inverses factors")
    #expect(counted.status == 0, "\(counted.messages)")
    #expect(counted.lines.last?.contains("factors,gmres,2,,,,,2,") == true)
    let spectrum = try bvp(
      "iterate --data data --inverses factors --spectrum s.csv -q")
    #expect(spectrum.status == 1)
    #expect(spectrum.messages.contains("factors: sample 0: the homogeneous"))
    try rewrite(
      folder.path("run/model.safetensors"),
      values: { _, numbers in
        for i in numbers.indices { numbers[i] = 1e30 }
      })
    let broken = try bvp(
      "iterate run/model.safetensors --data data --inverses none "
        + "--spectrum s.csv -q")
    #expect(broken.status == 1)
    #expect(broken.messages.contains("run: sample 0: the solution is not"))
  }

  @Test func whatDoesNotGoTogetherIsRefused() throws {
    try folder.write(
      equationText(coefficients: ["K: 1", "f: 1", "q: -20"]), to: "o.yaml")
    _ = try bvp(
      "generate diffusion --samples 2 --nodes 16 --output data -q")
    for (line, status, reason) in [
      (Self.training + " --encoding raw --output x", 64, "neither --encoding"),
      ("iterate --data data --inverses magic", 64, "unknown inverse 'magic'"),
      (Self.training + " --nodes 3 --output x", 1, "--nodes: must"),
      (Self.training + " --rank 2 --output x", 1, "--rank: goes"),
      (Self.training + " --rhs 4 --output x", 1, "--rhs: goes"),
      (Self.training("greens") + " --rhs 0 --output x", 64, "--rhs must"),
      (
        Self.training("greens") + " --rhs-random 1.5 --output x", 64,
        "--rhs-random must"
      ),
      (Self.training("greens") + " --rank 0 --output x", 1, "rank"),
      (Self.training("greens") + " --nodes 3 --output x", 1, "--nodes: must"),
      (
        Self.training("greens") + " --rhs 1 --rhs-random 0.5 --output x", 64,
        "--rhs-random means nothing"
      ),
      (
        Self.training + " --rhs-random 0.5 --output x", 1, "--rhs-random: goes"
      ),
      (
        Self.training + " --train-noise 0.1 --train-noise-target b --output x",
        1, "--train-noise-target: must"
      ),
      (
        Self.training("greens")
          + " --train-noise 0.1 --train-noise-target both --output x", 1,
        "reads no b"
      ),
      ("iterate --data data --spectrum s.txt", 64, "--spectrum takes"),
      ("solve diffusion --uncertainty 1", 64, "--uncertainty goes with"),
      ("iterate --data data --inverses none", 64, "goes with checkpoints"),
      ("solve diffusion --fields", 64, "--fields goes with a checkpoint"),
      ("solve diffusion --iterate gmres", 64, "--iterate goes with"),
      (
        "pretrain o.yaml --model polya --preset smoke --nodes 16 --output y", 1,
        "oscillates"
      ),
      ("iterate nowhere.safetensors --data data", 1, "nowhere.safetensors"),
    ] {
      let result = try bvp(line)
      #expect(result.status == status, "\(line): \(result.messages)")
      #expect(result.messages.contains(reason), "\(line): \(result.messages)")
    }
  }
}
