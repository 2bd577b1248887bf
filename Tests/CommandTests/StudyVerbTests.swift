import Foundation
import TestSupport
import Testing

@Suite struct StudyVerbTests {
  private let text = """
    base:
      equation: diffusion
      preset: smoke
      network: {model: polya, nodes: 64, width: 8, depth: 1, heads: 1}
      data: {samples: 16, test.samples: 8}
      precision.products: f32
    axes:
      network.width: [8, 16]
      schedule.steps: [4, 400]
    seeds: [0, 1]
    measure:
      law: {samples: 8}
    """

  private func study(_ folder: TemporaryFolder, _ options: String...) throws
    -> Command
  {
    try write(folder)
    return try Command.run(
      ["study", "s.yaml", "--output", "out", "--threads", "1"] + options,
      in: folder)
  }

  private func write(_ folder: TemporaryFolder) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path("s.yaml")))
  }

  /// The lines of a table without their times.
  private func errors(_ lines: [String]) -> [String] {
    lines.map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).enumerated()
        .filter { $0.offset != 8 }.map { String($0.element) }
        .joined(separator: ",")
    }
  }

  @Test func aStudyThatIsKilledGoesOnAndEndsInTheSameWeights() throws {
    let folder = try TemporaryFolder()
    let whole = try study(folder, "--csv", "-q")
    #expect(whole.status == 0, "\(whole.messages)")
    #expect(whole.lines.count == 9)
    #expect(
      whole.lines[0].hasPrefix("run,width,schedule.steps,seed,state,steps,"))
    // Killed at any moment, its workers with it.
    let killed = try Command.shell(
      """
      bvp study s.yaml --output killed --threads 2 --jobs 2 -q & P=$!
      until [ -e killed/width-8_schedule.steps-4_seed-0/measured.csv ]; do
        sleep 0.02
      done
      kill -9 $P
      wait $P
      for i in $(seq 200); do
        pgrep -f "^[^ ]*bvp study s.yaml --output killed" > /dev/null || exit 0
        sleep 0.05
      done
      exit 3
      """, in: folder)
    #expect(killed.status == 0, "\(killed.messages)")
    let resumed = try Command.run(
      [
        "study", "s.yaml", "--output", "killed", "--jobs", "2", "--threads",
        "2", "--csv", "-q",
      ], in: folder)
    #expect(resumed.status == 0, "\(resumed.messages)")
    #expect(errors(resumed.lines) == errors(whole.lines))
    for line in whole.lines.dropFirst() {
      let run = line.prefix { $0 != "," }
      #expect(
        try folder.bytes("out/\(run)/model.safetensors")
          == folder.bytes("killed/\(run)/model.safetensors"))
    }
  }

  @Test func partsMakeTheWhole() throws {
    let folder = try TemporaryFolder()
    for part in 1...3 {
      let done = try study(folder, "--shard", "\(part)/3", "--csv")
      #expect(done.status == 0, "\(done.messages)")
      let left = done.lines.count { $0.contains(",new,") }
      #expect(left == [5, 2, 0][part - 1])
      #expect(done.messages.contains("have no result yet") == (left > 0))
    }
    let table = try Command.run(
      ["study", "s.yaml", "--output", "out", "--table"], in: folder)
    #expect(table.lines.count == 6)
    #expect(table.messages.contains("best by law median: width"))
    let page = try Command.run(
      ["report", "out", "--output", "r.html"], in: folder)
    #expect(page.status == 0, "\(page.messages)")
    let html = try String(
      contentsOfFile: folder.path("r.html"), encoding: .utf8)
    #expect(html.contains("Study: out"))
    #expect(html.contains("Error against width"))
    #expect(html.contains("×÷"))
    #expect(!html.contains("Training</h2>"))
    let compared = try Command.run(
      ["compare", "out", "--csv", "--plot", "c.svg"], in: folder)
    #expect(compared.status == 0, "\(compared.messages)")
    #expect(
      compared.lines[0].hasPrefix(
        "run,seed,network.width,schedule.steps,schedule.evaluate_every,epoch,"))
    #expect(compared.lines.count == 9)
    #expect(
      try String(contentsOfFile: folder.path("c.svg"), encoding: .utf8)
        .contains("width-8_schedule.steps-4_seed-0"))
  }

  @Test func partsThatStartAndEndTogetherLoseNothing() throws {
    let folder = try TemporaryFolder()
    try write(folder)
    let all = try Command.shell(
      """
      for i in $(seq 8); do
        bvp study s.yaml --output out --threads 1 --shard $i/8 -q > /dev/null &
        jobs="$jobs $!"
      done
      for job in $jobs; do wait $job || exit 1; done
      grep -c ,done, out/study.csv
      """, in: folder)
    #expect(all.status == 0, "\(all.messages)")
    #expect(all.lines == ["8"])
  }

  @Test func aRunThatFailsIsToldByTheStatus() throws {
    let folder = try TemporaryFolder()
    try write(folder)
    for jobs in ["1", "2"] {
      let done = try Command.run(
        [
          "study", "s.yaml", "--output", "out" + jobs, "--threads", "2",
          "--jobs", jobs, "--csv", "--set",
          "optimizer={kind: adamw, learning_rate: 1e300, clip: 0}", "--set",
          "schedule.warmup=0", "--seeds", "0",
        ], in: folder)
      #expect(done.status == 1, "\(done.messages)")
      #expect(done.lines.count == 5)
      #expect(done.output.contains("diverged: the"))
      #expect(done.messages.contains("of 4 runs have failed"))
    }
  }

  @Test func thePlanTrainsNothing() throws {
    let folder = try TemporaryFolder()
    let plan = try study(
      folder, "--dry-run", "--csv", "--seeds", "5", "--set",
      "network.depth=2")
    #expect(plan.status == 0, "\(plan.messages)")
    #expect(plan.lines.count == 5)
    #expect(plan.messages.contains("4 of 4 runs to do, about "))
    #expect(!FileManager.default.fileExists(atPath: folder.path("out")))
  }

  @Test(arguments: [
    ("--by nothing", "best by 'nothing'"),
    ("--set network.depth", "KEY=VALUE"),
    ("--set network.depth=x", "network.depth"),
    ("--set netwrk.depth=1", "netwrk"),
    ("--shard 4/3", "--shard"), ("--jobs 0", "--jobs"),
    ("--seeds 1,1", "--seeds"),
  ]) func whatIsWrongIsNamed(_ options: String, _ part: String) throws {
    let folder = try TemporaryFolder()
    try write(folder)
    let command = try Command.run(
      ["study", "s.yaml", "--output", "out"]
        + options.split(separator: " ").map(String.init), in: folder)
    #expect(command.status != 0)
    #expect(command.messages.contains(part), "\(command.messages)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("out")))
  }

  @Test func filesInTheWayAreNamed() throws {
    let folder = try TemporaryFolder()
    let none = try Command.run(
      ["study", "none.yaml", "--output", "out"], in: folder)
    #expect(none.status == 1)
    #expect(none.messages == "bvp: none.yaml: cannot be read\n")
    try Data().write(to: URL(fileURLWithPath: folder.path("out")))
    let file = try study(folder)
    #expect(file.status == 1)
    #expect(file.messages.contains("out: is a file"))
    let compared = try Command.run(["compare", "nowhere"], in: folder)
    #expect(compared.status == 1)
    #expect(compared.messages == "bvp: nowhere: there is no such run\n")
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func shellsCompleteVerbs(_ shell: String) throws {
    let script = try Command.run("completion", shell)
    #expect(script.status == 0)
    #expect(script.output.contains("calibrate"))
    #expect(script.output.contains("--solvers"))
  }

  /// What is mended in the scripts is there: a parser of arguments that writes
  /// others needs others.
  @Test(arguments: [
    (
      "bash",
      [
        ";};trap - RETURN\" RETURN", "complete -F _bvp bvp",
        "|| compopt -o filenames", "\"${words[@]}\" 2>/dev/null",
        "'family'\n        __bvp_add_completions -o plusdirs -fX '!*.@(yaml)'",
        "'map'\n        __bvp_add_completions -o plusdirs -fX "
          + "'!*.@(safetensors)'",
      ]
    ),
    (
      "zsh",
      [
        "\"${command_line[@]}\" 2>/dev/null)", ":_path_files -/'",
        "_path_files -g '\\''*.safetensors(-.) *(-/)'\\''",
        "[@]}\"; _path_files -g \"*.yaml(-.) *(-/)\"}",
        "[@]}\"; _path_files -g \"*.safetensors(-.) *(-/)\"}",
      ]
    ),
    (
      "fish",
      [
        "'^.*/' '' -- $unparsed_tokens[1]", "$argv $tokens 2>/dev/null",
        "diffusion family (for p in", "projection map (for p in",
      ]
    ),
  ]) func scriptsAreMended(_ shell: String, _ parts: [String]) throws {
    let script = try Command.run("completion", shell).output
    for part in parts { #expect(script.contains(part), "\(part)") }
    #expect(!script.contains(":_files -g"))
  }

  @Test func bashCompletesEquationsFilesAndSolvers() throws {
    let folder = try TemporaryFolder()
    let done = try Command.shell(
      """
      touch net.safetensors other.txt "it's.yaml" '$(touch pwned).yaml'
      mkdir bin equations && ln -s "$BVP" bin/bvp && PATH=$PWD/bin:$PATH
      touch equations/mine.yaml
      unset -f bvp
      source <(bvp completion bash)
      complete_() {
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMPREPLY=()
        COMP_POINT=${#COMP_LINE}
        _bvp bvp "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        echo "${COMPREPLY[*]}"
      }
      complete_ bvp generate reac
      complete_ bvp evaluate n
      complete_ bvp robustness --solvers lu,tikhonov-
      complete_ bvp solve i
      complete_ bvp solve equations/
      complete_ bvp solve diffusion --method ts
      complete_ bvp solve diffusion --method n
      complete_ bvp generate ''
      ls
      """, in: folder)
    #expect(
      done.lines.prefix(7) == [
        "reaction-diffusion", "net.safetensors", "lu,tikhonov-gcv",
        "it's.yaml", "equations/mine.yaml", "tsvd tsvd-gcv", "net.safetensors",
      ], "\(done.output) \(done.messages)")
    // Nothing that stands in the name of a file is done.
    #expect(!done.lines.contains("pwned"))
  }

  @Test(.enabled(if: isThere("/usr/bin/fish")))
  func fishCompletesEquationsFilesAndSolvers() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "mine.yaml")
    try folder.write("", to: "net.safetensors")
    let script = try Command.run("completion", "fish").output
    try folder.write(script, to: "bvp.fish")
    let done = try Command.shell(
      """
      unset -f bvp; mkdir bin; ln -s "$BVP" bin/bvp; export PATH=$PWD/bin:$PATH
      for line in 'bvp generate reac' 'bvp solve mi' 'bvp evaluate n' \
        'bvp solve diffusion --method ts'; do
        fish --no-config -c "source bvp.fish; complete -C '$line'" 2>/dev/null |
          cut -f1 | tr '\\n' ' '
        echo
      done
      """, in: folder)
    #expect(
      done.lines.map { $0.split(separator: " ") } == [
        ["reaction-diffusion"], ["mine.yaml"],
        ["net.safetensors"], ["tsvd", "tsvd-gcv"],
      ], "\(done.output) \(done.messages)")
  }
}

private func isThere(_ path: String) -> Bool {
  FileManager.default.isExecutableFile(atPath: path)
}
