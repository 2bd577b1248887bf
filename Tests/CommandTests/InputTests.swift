import Foundation
import TestSupport
import Testing

/// What a verb reads survives what it writes, and flags that mean nothing are
/// not taken.
@Suite struct InputTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ line: String) throws -> Command {
    try Command.run(line.split(separator: " ").map(String.init), in: folder)
  }

  private func prepare() throws {
    for line in [
      "generate diffusion --samples 6 --nodes 12 --seed 3 -q -o d",
      "pretrain diffusion --preset smoke --nodes 12 --width 16 --steps 2 -q "
        + "-o run",
      "sweep run/model.safetensors --vary omega --values 1 "
        + "--samples 2 -q -o s.csv",
      "newton generate --problems 2 --rows 40 --columns 4 -q -o n",
      "newton generate --problems 2 --rows 40 --columns 4 --seed 1 -q -o m",
      "newton train --data n --test-data m --preset smoke --epochs 1 -q -o w",
    ] {
      let result = try run(line)
      #expect(result.status == 0, "\(line): \(result.messages)")
    }
  }

  @Test func noInputIsReplaced() throws {
    try prepare()
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link"), withDestinationPath: "d")
    for (line, input) in [
      ("predict run/model.safetensors --data d -o d", "d"),
      ("predict run/model.safetensors --data d -o link", "d"),
      (
        "predict run/model.safetensors --data d -o run/model.safetensors",
        "run/model.safetensors"
      ),
      ("join d -o d", "d"), ("join d -o ./d", "d"),
      ("robustness --data=d --levels 0.1 -o d", "d"),
      (
        "sweep run/model.safetensors --vary omega --values 1 --samples 2 -o "
          + "run/model.safetensors", "run/model.safetensors"
      ), ("newton compare --data n -o n", "n"),
      ("report s.csv -o s.csv", "s.csv"),
      (
        "finetune diffusion --from run/model.safetensors --preset smoke "
          + "--seed 5 --steps 1 -o run", "run/model.safetensors"
      ),
    ] {
      let before = try folder.bytes(input)
      let refused = try run(line + " --force")
      #expect(refused.status == 1, "\(line)")
      #expect(refused.messages.contains("is also an input"), "\(line)")
      #expect(try folder.bytes(input) == before, "\(line)")
    }
  }

  /// The command beside a table takes the place of another command, and of nothing
  /// else.
  @Test func aRecordReplacesNothingButRecords() throws {
    try prepare()
    try FileManager.default.copyItem(
      atPath: folder.path("d"), toPath: folder.path("t.csv.command"))
    let before = try folder.bytes("t.csv.command")
    let line =
      "sweep run/model.safetensors --vary omega --values 1 --samples 2 -q -o "
    for (line, reason) in [
      (line + "t.csv", "t.csv.command: is no command's record"),
      (line + "t.csv --force", "t.csv.command: is no command's record"),
      (
        "robustness --data t.csv.command --levels 0.1 -q -o t.csv",
        "t.csv.command: is also an input"
      ),
      (
        "iterate --data d --spectrum t.csv -q",
        "t.csv.command: is no command's record"
      ),
    ] {
      let refused = try run(line)
      #expect(refused.status == 1, "\(line)")
      #expect(refused.messages.contains(reason), "\(refused.messages)")
      #expect(try folder.bytes("t.csv.command") == before)
      #expect(!FileManager.default.fileExists(atPath: folder.path("t.csv")))
    }
    // Notes that begin like a record, and a link to one.
    for text in ["bvp was here\n", "bvp sweep a\nbvp sweep b\n# notes\n"] {
      try folder.write(text, to: "u.csv.command")
      #expect(try run(line + "u.csv").status == 1)
      #expect(
        try String(decoding: folder.bytes("u.csv.command"), as: UTF8.self)
          == text)
    }
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("v.csv.command"), withDestinationPath: "nowhere")
    #expect(try run(line + "v.csv").status == 1)
    try FileManager.default.removeItem(atPath: folder.path("s.csv"))
    #expect(try run(line + "s.csv").status == 0)
    #expect(
      try String(decoding: folder.bytes("s.csv.command"), as: UTF8.self)
        == "bvp " + line + "s.csv\n")
  }

  @Test func flagsThatMeanNothingAreRefused() throws {
    try prepare()
    for (line, culprit) in [
      ("export run --first 1", "--first"), ("export run --count 1", "--first"),
      ("export d --precision bf16", "--precision"),
      ("export d --threads 2", "--threads"), ("export d --force", "--force"),
      ("robustness --data d --precision f32", "--precision"),
      ("robustness --data d --force", "--force"),
      ("newton compare --data n --precision f32", "--precision"),
      ("inspect run/model.safetensors --samples 3", "--samples"),
      ("inspect d --samples 0", "--samples"),
      (
        "pretrain diffusion --precision f32 --f32-share 0.5 -o x",
        "--f32-share"
      ),
      ("evaluate run/model.safetensors --samples 2000000000", "--samples"),
      ("bench solve --model gru", "--model"),
      ("bench generate --precision f32", "--precision"),
      ("bench infer --optimizer muon", "--optimizer"),
      ("bench newton --batch 3", "--batch"),
      (
        "pretrain diffusion --train-noise 1e31 --train-noise-model absolute "
          + "-o x", "--train-noise: must lie"
      ), ("robustness --data d --levels 1e300", "--levels"),
      ("robustness --data d --levels 1e-300", "--levels"),
      ("iterate --data d -o x.csv --spectrum ./x.csv -f", "the same file"),
      ("newton train --data n --test-data n -o x", "--test-data: the"),
    ] {
      let refused = try run(line)
      #expect([1, 64].contains(refused.status), "\(line)")
      #expect(
        refused.messages.contains(culprit), "\(line): \(refused.messages)")
    }
  }

  @Test func aRunIsResumedByItsOwnVerb() throws {
    try prepare()
    for (line, verb) in [
      (
        "finetune diffusion --resume -o run",
        "is a run of pretrain, not of finetune"
      ), ("pretrain diffusion --resume -o w", "is a run of newton train"),
      ("newton train --data n --resume -o run", "is a run of pretrain"),
    ] {
      let refused = try run(line)
      #expect(refused.status == 1, "\(line)")
      #expect(refused.messages.contains(verb), "\(line): \(refused.messages)")
    }
  }

  /// What a run leaves that was killed before its first state is no reason to
  /// refuse the next.
  @Test func aRunThatWasKilledAtOnceBeginsAgain() throws {
    try FileManager.default.createDirectory(
      atPath: folder.path("run"), withIntermediateDirectories: true)
    try folder.write("bvp pretrain", to: "run/metrics.csv.command")
    try folder.write("x", to: "run/state.safetensors.1-abcdef.tmp")
    let begun = try run(
      "pretrain diffusion --preset smoke --nodes 12 --width 16 --steps 2 -q "
        + "-o run")
    #expect(begun.status == 0, "\(begun.messages)")
  }

  /// Where memory, disk or file size are short, one line says so.
  @Test func shortagesAreToldInOneLine() throws {
    for (script, status, reason) in [
      // OpenBLAS 0.3.29 looks for room before the program begins where there is
      // still less.
      (
        """
        for size in 300000 450000 600000; do
          said=$( (ulimit -v $size; timeout -s KILL 5 "$BVP" solve diffusion -q) \
            2>&1 >/dev/null )
          [ $? -eq 1 ] && { echo "$said" >&2; exit 1; }
        done
        """, 1, "BLAS"
      ),
      (
        "ulimit -f 20; bvp generate diffusion --samples 300 -q -o u", 1,
        "u: cannot write"
      ),
      (
        "bvp generate diffusion --samples 900000000 --nodes 4096 "
          + "--with-systems -q -o u", 1, "the disk has"
      ),
    ] {
      let result = try Command.shell("(\(script))", in: folder)
      #expect(result.status == status, "\(script): \(result.messages)")
      #expect(result.messages.contains(reason), "\(script): \(result.messages)")
      #expect(result.messages.split(separator: "\n").count == 1)
      #expect(try folder.content.allSatisfy { !$0.hasPrefix("u") })
    }
  }
}
