import Foundation
import TensorFiles
import TestSupport
import Testing

private let hasMPI = ProcessInfo.processInfo.environment["BVP_MPI"] == "1"

/// The command on several ranks of MPI: the same files as on one, whoever dies.
///
/// These need a program that was built with BVP_MPI=1; `scripts/test` does, and
/// says so.
@Suite(.serialized, .enabled(if: hasMPI))
struct RankTests {
  private static let environment = [
    "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
  ]

  /// Runs `bvp` on a number of ranks in a folder.
  private func run(
    _ line: String, ranks: Int, in folder: TemporaryFolder
  ) throws -> Command {
    try Command.shell(
      ranks == 0
        ? "bvp \(line)"
        : "mpirun --oversubscribe -n \(ranks) \"$BVP\" \(line)",
      in: folder, environment: Self.environment)
  }

  private func expectSuccess(_ command: Command, _ line: String) {
    #expect(command.status == 0, "\(line): \(command.messages)")
  }

  private static let training =
    "pretrain diffusion --preset smoke --nodes 20 --width 24 --samples 90 "
    + "--batch 45 --chunk 4 --steps 6 --test-samples 21 --quiet "

  @Test(
    arguments: [
      "--precision f32 --optimizer muon", "--precision bf16 --optimizer adamw",
      "--precision f32 --model lstm --threads 2",
      "--precision bf16 --model gru --optimizer muon",
      "--precision f32 --online --chunk 16",
    ])
  func aTrainingEndsInTheSameWeightsOnAnyNumberOfRanks(_ options: String)
    throws
  {
    let folder = try TemporaryFolder()
    for ranks in [0, 1, 2, 3, 4] {
      let line = Self.training + options + " --output run\(ranks)"
      expectSuccess(try run(line, ranks: ranks, in: folder), line)
      #expect(
        try folder.bytes("run\(ranks)/model.safetensors")
          == folder.bytes("run0/model.safetensors"), "\(ranks): \(options)")
      let states = try [ranks, 0].map {
        try SafetensorsFile(path: folder.path("run\($0)/state.safetensors"))
      }
      for tensor in states[0].tensors {
        #expect(
          try states[0].floats(tensor.name) == states[1].floats(tensor.name),
          "\(ranks): \(tensor.name)")
      }
    }
  }

  @Test func everyDealtVerbWritesWhatOneWould() throws {
    let folder = try TemporaryFolder()
    let model = Repository.checkpoint("diffusion")
    let lines = [
      "generate reaction-diffusion --samples 101 --nodes 12 --with-systems "
        + "--output NAME --quiet",
      "evaluate \(model) --samples 21 --seed 31 --csv > NAME",
      "sweep \(model) --vary omega --values 0.1,0.5 --samples 9 --csv > NAME",
      "robustness \(model) --data systems --levels 1e-3 --solvers lu,tsvd "
        + "--csv | cut -d, -f1-9 > NAME",
      "finetune reaction-diffusion --preset smoke --from \(model) --samples 16 "
        + "--steps 2 --test-samples 3 --precision f32 --quiet --output DIR && "
        + "cp DIR/model.safetensors NAME",
    ]
    expectSuccess(
      try run(
        "generate diffusion --samples 13 --seed 31 --output systems --quiet",
        ranks: 0, in: folder), "generate")
    for (index, line) in lines.enumerated() {
      for ranks in [0, 2, 3] {
        let own = line.replacing("NAME", with: "out\(index)-\(ranks)")
          .replacing("DIR", with: "dir\(index)-\(ranks)")
        expectSuccess(try run(own, ranks: ranks, in: folder), own)
        #expect(
          try folder.bytes("out\(index)-\(ranks)")
            == folder.bytes("out\(index)-0"), "\(own)")
      }
    }
  }

  @Test func newtonsTrajectoriesAreTheSame() throws {
    let folder = try TemporaryFolder()
    for ranks in [0, 3] {
      let line =
        "newton generate --problems 7 --rows 300 --columns 7 --output \(ranks)"
      expectSuccess(try run(line, ranks: ranks, in: folder), line)
    }
    let files = try ["0", "3"].map {
      try SafetensorsFile(path: folder.path($0))
    }
    #expect(files[0].metadata == files[1].metadata)
    for tensor in files[0].tensors where tensor.name != "seconds" {
      #expect(
        try files[0].doubles(tensor.name) == files[1].doubles(tensor.name),
        "\(tensor.name)")
    }
  }

  private static let long =
    "pretrain diffusion --preset smoke --nodes 16 --width 16 --samples 64 "
    + "--epochs 400 --evaluate-every 40 --test-samples 5 --precision f32 "
    + "--quiet "

  /// A rank is killed, or the job is asked to stop: the state on disk is whole,
  /// and another number of ranks goes on from it.
  @Test(arguments: ["pkill -KILL -n -f", "pkill -TERM -n -f"])
  func aJobThatStopsGoesOn(_ kill: String) throws {
    let folder = try TemporaryFolder()
    let whole = Self.long + "--output whole"
    expectSuccess(try run(whole, ranks: 0, in: folder), whole)
    let stopped = try Command.shell(
      """
      mpirun --oversubscribe -n 3 "$BVP" \(Self.long) --output "$PWD/run" &
      for i in $(seq 200); do [ -e run/model.safetensors ] && break; sleep 0.05; done
      sleep 0.2; \(kill) "$PWD/run"; SECONDS=0; wait $!; status=$?
      [ $SECONDS -lt 10 ] || exit 77
      exit $status
      """, in: folder, environment: Self.environment)
    #expect(stopped.status != 0 && stopped.status != 77)
    let resumed = Self.long + "--output run --resume"
    expectSuccess(try run(resumed, ranks: 2, in: folder), resumed)
    #expect(
      try folder.bytes("run/model.safetensors")
        == folder.bytes("whole/model.safetensors"))
    #expect(try !folder.content.contains { $0.hasSuffix(".tmp") })
  }

  @Test func whatIsWrongIsSaidOnce() throws {
    let folder = try TemporaryFolder()
    for (line, complaint) in [
      ("evaluate nothing", "nothing: cannot open"),
      ("pretrain difusion --output x", "did you mean 'diffusion'"),
      ("generate diffusion --samples 3 --output /proc/x", "/proc/x"),
    ] {
      let failed = try run(line, ranks: 3, in: folder)
      #expect(failed.status != 0, "\(line)")
      #expect(
        failed.messages.split(separator: "\n").count {
          $0.contains("bvp: ") && $0.contains(complaint)
        } == 1, "\(failed.messages)")
    }
  }

  @Test func ranksThatDifferAreRefused() throws {
    let folder = try TemporaryFolder()
    let line = "pretrain diffusion --preset smoke --output run"
    let other = try Command.shell(
      "mpirun --oversubscribe -n 2 sh -c "
        + "'\"$BVP\" \(line) --seed $OMPI_COMM_WORLD_RANK'",
      in: folder, environment: Self.environment)
    #expect(other.status != 0)
    #expect(other.messages.contains("rank 1 has another command line"))
  }

  @Test func whatIsNotDealtIsDoneOnce() throws {
    let folder = try TemporaryFolder()
    let line = "solve diffusion --set alpha=0.5 --nodes 8"
    let one = try run(line, ranks: 0, in: folder)
    let three = try run(line, ranks: 3, in: folder)
    #expect(three.status == 0 && three.output == one.output)
  }
}
