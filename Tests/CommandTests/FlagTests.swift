import Foundation
import TensorFiles
import TestSupport
import Testing

/// Flags that would do nothing, and messages where none, or at another time, are
/// wanted.
@Suite struct FlagTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func bvp(_ line: String) throws -> Command {
    try Command.run(line.split(separator: " ").map(String.init), in: folder)
  }

  private static let nonlinear = equationText(
    domain: "[0, 7.5]", parameters: ["c: {uniform: [0.001, 0.002]}"],
    coefficients: ["K: 1", "f: 1 + c * u^2"])
  private static let unsolvable = equationText(
    coefficients: ["K: 1", "f: 1"], left: "{neumann: 0}",
    right: "{neumann: 0}")

  @Test func aFlagThatDoesNothingIsRefused() throws {
    try folder.write(Self.nonlinear, to: "n.yaml")
    let polya = Repository.checkpoint("diffusion-polya")
    for (line, culprit) in [
      ("solve diffusion --nodes 16 --tolerance 1e-3", "--tolerance"),
      ("solve diffusion --method qr --tolerance 1e-3", "--tolerance"),
      ("solve diffusion --method \(polya) --tolerance 1e-3", "--tolerance"),
      ("solve diffusion --method \(polya) --refine --tolerance 0.1", "--tol"),
      ("solve n.yaml --method \(polya) --fields", "--fields"),
      ("solve n.yaml --continue c=0.1:0.1", "--continue leads from 0.1"),
      ("solve diffusion --plot terminal --points 9", "--points"),
      ("solve diffusion --plot terminal --force", "--force"),
      ("solve diffusion --initial 1", "--initial"),
      ("iterate --data d --threads 2", "--threads"),
      ("iterate --data d --precision f32", "--precision"),
      ("study s.yaml --output o --dry-run --by test_mse", "--by"),
      (
        "finetune diffusion --from \(polya) --preset paper --floor 0.1 "
          + "--samples 4 --precision f32 --output r", "--floor"
      ),
    ] {
      let refused = try bvp(line)
      #expect([1, 64].contains(refused.status), "\(line)")
      #expect(
        refused.messages.contains(culprit), "\(line): \(refused.messages)")
      #expect(refused.output.isEmpty, "\(line)")
    }
    // Where they do something they are taken.
    for line in [
      "solve diffusion --tolerance 1e-3",
      "solve n.yaml --nodes 24 --tolerance 1e-3",
      "solve n.yaml --continue c=0.001:0.002",
      "solve diffusion --method \(polya) --iterate gmres --tolerance 1e-3",
    ] {
      let taken = try bvp(line)
      #expect(taken.status == 0, "\(line): \(taken.messages)")
    }
  }

  /// A flag is named where a flag was written, and none where none was.
  @Test func flagsAreNamedAndNotKeys() throws {
    for (arguments, culprit) in [
      ("--learning-rate -1", "--learning-rate: must"),
      ("--steps 0", "--steps: must"), ("--batch 0", "--batch: must"),
      ("--rank 3", "--rank: goes with the model 'greens'"),
      ("--train-noise 2e31", "--train-noise: must"),
      ("--clip -1", "--clip: must"),
      ("--test-seed 0", "--test-seed: the test samples"),
      ("--seed 1000003", "--test-seed: the test samples"),
    ] {
      let refused = try bvp(
        "pretrain diffusion --preset smoke --precision f32 --output run "
          + arguments)
      #expect(refused.status == 1, "\(arguments)")
      #expect(
        refused.messages.hasPrefix("bvp: " + culprit), "\(refused.messages)")
    }
  }

  @Test func quietIsQuiet() throws {
    try folder.write(Self.nonlinear, to: "n.yaml")
    let model = Repository.checkpoint("diffusion")
    let toy =
      "--preset smoke --nodes 12 --width 16 --steps 2 --test-samples 4 -q "
    for line in [
      "generate reaction-diffusion --samples 3 --seed 5 -o d -q",
      "solve n.yaml --nodes 24 -q", "solve n.yaml -q",
      "solve n.yaml --method qr --nodes 24 -q",
      "solve reaction-diffusion --method \(model) -q",
      "solve diffusion --nodes 8 -q",
      // A network that has learned nothing.
      "pretrain diffusion \(toy) --output run",
      "finetune reaction-diffusion --preset smoke --steps 2 --samples 4 -q "
        + "--from run/model.safetensors --output tuned",
      "evaluate \(model) --data d --precision auto -q",
      "predict \(model) --data d --precision auto -q -o p",
      "robustness \(model) --data d --levels 0.1 --precision auto -q",
      "sweep \(model) --vary alpha --values 0.8 --samples 2 --precision auto -q",
      "iterate \(model) --data d --precision auto -q",
      "calibrate run/model.safetensors --samples 100 --seed 9 -o c -q",
      "newton generate --problems 2 --rows 40 --columns 6 --limit 1 -o n -q",
      "newton compare --data n -q", "join d -o j -q",
    ] {
      let said = try bvp(line)
      #expect(said.status == 0, "\(line): \(said.messages)")
      #expect(said.messages.isEmpty, "\(line): \(said.messages)")
    }
  }

  @Test func defaultsGoTogether() throws {
    let toy =
      "--preset smoke --nodes 12 --width 16 --steps 2 --precision f32 -q "
    #expect(try bvp("pretrain diffusion \(toy) --output run").status == 0)
    for line in [
      "calibrate run/model.safetensors -o c", "evaluate c",
      "sweep c --vary omega --values 0.5",
    ] {
      let made = try bvp(line)
      #expect(made.status == 0, "\(line): \(made.messages)")
    }
    for seed in [0, 301] {
      let used = try bvp("evaluate c --seed \(seed)")
      #expect(used.messages.contains("trained or calibrated on"))
    }
  }

  @Test func aDatasetOfNothingIsAFailure() throws {
    try folder.write(Self.unsolvable, to: "u.yaml")
    let line = "generate u.yaml --nodes 12 --skip-unsolvable -o d"
    let none = try bvp(line + " --samples 3")
    #expect(none.status == 1)
    #expect(none.messages.contains("none of its 3 samples"))
    #expect(try folder.content == ["u.yaml"])
    // A part may have nothing that others have.
    let part = try bvp(line + " --samples 4 --shard 1/2")
    #expect(part.status == 0, "\(part.messages)")
    #expect(part.messages.contains("2 of 2 samples left out"))
  }

  @Test func namesOfOutputs() throws {
    let long = String(repeating: "n", count: 243)
    for line in [
      "generate diffusion --samples 2 --nodes 12 -q -o \(long)",
      "robustness --data \(long) --levels 0.1 -q -o \(long).csv",
    ] {
      let made = try bvp(line)
      #expect(made.status == 0, "\(line): \(made.messages)")
    }
    #expect(
      Set(try folder.content)
        == [long, long + ".csv", long + ".csv.command"])
    // One whose record would have no name is refused before any work.
    let record = String(repeating: "m", count: 246) + ".csv"
    let refused = try bvp("robustness --data \(long) --levels 0.1 -o \(record)")
    #expect(refused.status == 1)
    #expect(refused.messages.contains("the name is too long for that of"))
    #expect(refused.output.isEmpty)
    for line in [
      "generate diffusion --samples 2 --nodes 12 -o -",
      "robustness --data \(long) --levels 0.1 -o -", "join \(long) -o -",
      "pretrain diffusion --preset smoke -o -", "study s.yaml -o -",
      "solve diffusion --plot -", "export \(long) --folder -",
      "compare x -o -", "report x -o -",
    ] {
      let refused = try bvp(line)
      #expect(refused.status != 0, "\(line)")
      #expect(
        refused.messages.contains("./- is a file") || line.contains("--plot"),
        "\(line): \(refused.messages)")
      #expect(refused.output.isEmpty)
      #expect(try !folder.content.contains("-"))
    }
  }

  /// K that jumps has no smooth factors.
  @Test func polyaDoesNotLearnAJump() throws {
    try folder.write(
      equationText(
        parameters: ["c: {uniform: [0.3, 0.6]}"],
        coefficients: ["K: where(x < c, 1, 1.2)", "f: 1"]), to: "k.yaml")
    let refused = try bvp(
      "pretrain k.yaml --model polya --preset smoke --nodes 16 -o r")
    #expect(refused.status == 1)
    #expect(refused.messages.contains("K jumps (of sample 0 at x = "))
    let polya = Repository.checkpoint("diffusion-polya")
    let solved = try bvp("solve k.yaml --method \(polya)")
    #expect(solved.messages.contains("K jumps at x = "))
    // A kink, and a reaction that jumps, have some.
    try folder.write(
      equationText(
        coefficients: [
          "K: 2 + abs(x - 0.4)", "f: 1", "q: indicator(0.2, 0.5)",
        ]), to: "q.yaml")
    let smooth = try bvp("solve q.yaml --method \(polya)")
    #expect(!smooth.messages.contains("jumps"), "\(smooth.messages)")
  }

  /// A network that solves Newton's steps says once what there is to say of it.
  @Test func aNetworkInNewtonsMethodSpeaksOnce() throws {
    try folder.write(Self.nonlinear, to: "n.yaml")
    let solved = try bvp(
      "solve n.yaml --tolerance 1e-3 --method "
        + Repository.checkpoint("diffusion"))
    let warnings = solved.messages.split(separator: "\n").filter {
      $0.contains("outside of what the network was trained on")
    }.map { $0.split(separator: " ").prefix(12) }
    #expect(warnings.count > 1, "\(solved.messages)")
    #expect(Set(warnings).count == warnings.count, "\(warnings)")
    #expect(
      solved.messages.split(separator: "\n").count > warnings.count + 3,
      "several steps: \(solved.messages)")
  }

  /// Parts of a dataset count their samples as the whole does.
  @Test func samplesAreNumberedAsInTheWhole() throws {
    let model = Repository.checkpoint("diffusion")
    _ = try bvp("generate diffusion --samples 4 --seed 7 --shard 2/2 -o d -q")
    _ = try bvp("predict \(model) --data d -o p -q")
    func samples(_ line: String) throws -> [String] {
      let lines = try bvp(line).lines
      let column = lines[0].split(separator: ",").firstIndex(of: "sample") ?? 0
      var found: [String] = []
      for line in lines.dropFirst() {
        let sample = String(line.split(separator: ",")[column])
        if found.last != sample { found.append(sample) }
      }
      return found
    }
    for line in [
      "export d", "export d --parameters", "export p",
      "export d --checkpoint \(model)",
    ] { #expect(try samples(line) == ["2", "3"], "\(line)") }
    #expect(try samples("export p --first 1") == ["3"])
    _ = try bvp(
      "iterate --data d --inverses laplacian --spectrum s.csv -q")
    let spectrum = try folder.text("s.csv").split(separator: "\n").dropFirst()
    #expect(Set(spectrum.map { $0.split(separator: ",")[1] }) == ["2", "3"])
    _ = try bvp(
      "newton generate --problems 2 --first 5 --rows 40 --columns 6 -o n -q")
    let rows = try bvp("newton compare --data n --csv -q").lines.dropFirst()
    #expect(Set(rows.map { $0.split(separator: ",")[0] }) == ["5", "6"])
    // A prediction of the whole is as it was.
    _ = try bvp("generate diffusion --samples 2 --seed 7 -o w -q")
    _ = try bvp("predict \(model) --data w -o v -q")
    #expect(
      try SafetensorsFile(path: folder.path("v")).tensors.map(\.name)
        == ["x", "solutions"])
  }

  /// Files whose lines end as on another system are files of lines.
  @Test func linesEndInTwoCharactersToo() throws {
    let text = try bvp("equations diffusion --yaml").output
    try folder.write(text.replacing("\n", with: "\r\n"), to: "e.yaml")
    let made = try bvp("generate e.yaml --samples 2 --nodes 12 -q -o d")
    #expect(made.status == 0, "\(made.messages)")
    let shown = try bvp("inspect d").output
    #expect(!shown.unicodeScalars.contains("\r"))
    #expect(shown.contains(" lines; --json shows them)"))
  }
}
