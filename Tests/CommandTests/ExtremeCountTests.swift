import Foundation
import TestSupport
import Testing

/// Counts and numbers that nobody means: a result, or one line and no trap.
struct ExtremeCountTests {
  private static let values = [
    "9223372036854775807", "9223372036854775806", "4611686018427387904",
    "-9223372036854775808", "0", "-1", "1e300", "nan", "inf",
  ]

  private static let verbs: [(String, [String])] = [
    (
      "generate diffusion --samples 2 --nodes 8 -q --force -o o",
      ["samples", "seed", "nodes", "threads", "shard"]
    ),
    (
      "solve diffusion --nodes 8 -q",
      ["seed", "index", "nodes", "points", "set alpha"]
    ),
    ("inspect d", ["samples"]), ("export d", ["first", "count", "points"]),
    (
      "pretrain diffusion --preset smoke --nodes 8 --width 8 --samples 8 -q "
        + "--test-samples 2 --steps 1 --force -o o",
      [
        "batch", "epochs", "steps", "samples", "test-samples", "warmup",
        "evaluate-every", "threads", "nodes", "width", "depth", "heads", "clip",
        "learning-rate", "floor", "weight-decay", "f32-share", "train-noise",
      ]
    ),
    ("robustness --data d -q", ["samples", "levels", "threads"]),
    ("study none -o o -q", ["seeds", "jobs", "threads"]),
    (
      "newton generate --problems 1 --rows 20 --columns 4 -q --force -o o",
      [
        "problems", "seed", "first", "rows", "columns", "tolerance", "limit",
        "threads",
      ]
    ),
    (
      "newton compare --data n -q", ["problems", "limit", "threads"]
    ),
    (
      "bench transform --nodes 8 --batch 8 --repeats 1",
      ["batch", "nodes", "repeats", "threads"]
    ),
  ]

  @Test func noFlagTraps() throws {
    let folder = try TemporaryFolder()
    for line in [
      "generate diffusion --samples 2 --nodes 8 -q -o d",
      "newton generate --problems 1 --rows 20 --columns 4 -q -o n",
    ] {
      #expect(
        try Command.run(
          line.split(separator: " ").map(String.init), in: folder
        ).status == 0)
    }
    for (verb, flags) in Self.verbs {
      let words = verb.split(separator: " ").map(String.init)
      for flag in flags {
        for value in Self.values {
          // The number may be a part of a flag's value.
          let parts = flag.split(separator: " ").map(String.init)
          let text =
            flag == "shard"
            ? "\(value)/\(value)"
            : parts.count > 1 ? "\(parts[1])=\(value)" : value
          let result = try Command.run(
            words + ["--\(parts[0])=\(text)"], in: folder)
          #expect(
            [0, 1, 64].contains(result.status)
              && (result.status != 1
                || result.messages.split(separator: "\n").count == 1),
            "\(verb) \(flag) \(value): \(result.status) \(result.messages)")
        }
      }
    }
  }

  /// Numbers in the files that a verb reads back.
  @Test func noFileTraps() throws {
    let folder = try TemporaryFolder()
    let run = folder.path("run")
    let pretrain =
      ["pretrain", "diffusion", "--output", run, "--steps", "4"]
      + OutputTests.smoke
    #expect(try Command.run(pretrain).status == 0)
    let recipe = try folder.text("run/recipe.yaml")
    let lines = recipe.components(separatedBy: "\n")
    for (index, line) in lines.enumerated() {
      let parts = line.components(separatedBy: ": ")
      guard parts.count == 2, Double(parts[1]) != nil else { continue }
      for value in Self.values + ["-inf", "99999999999999999999", "~", "\"\""] {
        var changed = lines
        changed[index] = "\(parts[0]): \(value)"
        try folder.write(
          changed.joined(separator: "\n"), to: "run/recipe.yaml")
        for arguments in [
          pretrain + ["--resume"],
          ["report", run, "--force", "--output", folder.path("page.html")],
        ] {
          let result = try Command.run(arguments)
          #expect(
            [0, 1].contains(result.status)
              && result.messages.split(separator: "\n").count <= 1,
            "\(changed[index]): \(result.status) \(result.messages)")
        }
      }
    }
  }

  // MARK: Metadata

  private static let extremes = [
    "9223372036854775807", "-9223372036854775808", "99999999999999999999",
    "1e300", "1e18", "nan", "0", "-1", "",
  ]

  /// The metadata of a safetensors file, and the file with others.
  private func metadata(_ file: Data) throws -> (
    values: [String: String], with: ([String: String]) throws -> Data
  ) {
    let length = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let json = try #require(
      try JSONSerialization.jsonObject(
        with: file.subdata(in: 8..<(8 + length))) as? [String: Any])
    let own = json["__metadata__"] as? [String: String] ?? [:]
    return (
      own,
      { values in
        var changed = json
        changed["__metadata__"] = values
        let header = try JSONSerialization.data(withJSONObject: changed)
        var count = UInt64(header.count).littleEndian
        return Data(bytes: &count, count: 8) + header
          + file.subdata(in: (8 + length)..<file.count)
      }
    )
  }

  /// Runs verbs on a file whose numbers are changed one by one.
  private func change(
    _ name: String, _ folder: TemporaryFolder, _ verbs: [[String]]
  ) throws {
    let file = try folder.bytes(name)
    let (values, with) = try metadata(file)
    for (key, old) in values where Double(old) != nil {
      for value in Self.extremes {
        for verb in verbs {
          try folder.write(
            with(values.merging([key: value]) { _, new in new }), to: name)
          let result = try Command.run(verb, in: folder)
          #expect(
            [0, 1].contains(result.status)
              && (result.status == 0
                || result.messages.split(separator: "\n").count == 1),
            "\(key) = \(value), \(verb): \(result.status) \(result.messages)")
        }
      }
    }
    try folder.write(file, to: name)
  }

  @Test func noMetadataTrap() throws {
    let folder = try TemporaryFolder()
    for arguments in [
      [
        "generate", "diffusion", "--samples", "2", "--nodes", "12", "-q", "-o",
        "d",
      ],
      ["pretrain", "diffusion", "-o", "r", "--steps", "4"] + OutputTests.smoke,
      [
        "newton", "generate", "--problems", "2", "--rows", "20", "--columns",
        "4", "-q", "-o", "n",
      ],
    ] {
      #expect(try Command.run(arguments, in: folder).status == 0)
    }
    try change(
      "d", folder,
      [
        ["export", "d"], ["join", "d", "-qfo", "j"],
        ["robustness", "--data", "d", "--levels", "0.1", "-q"],
      ])
    try change(
      "r/model.safetensors", folder,
      [
        ["evaluate", "r/model.safetensors", "--data", "d", "-q"]
      ])
    try change(
      "r/state.safetensors", folder,
      [["pretrain", "diffusion", "-o", "r", "-q", "--resume"]])
    try change(
      "n", folder,
      [["newton", "compare", "--data", "n", "-q"]])
  }

  @Test func noEquationTraps() throws {
    let folder = try TemporaryFolder()
    for name in ["diffusion", "advection-reaction-diffusion"] {
      let text = try Repository.text("equations/\(name).yaml")
      for match in text.matches(of: /[0-9]+(\.[0-9]+)?/) {
        for value in Self.extremes {
          try folder.write(
            text.replacingCharacters(in: match.range, with: value),
            to: "e.yaml")
          let result = try Command.run(
            ["solve", "e.yaml", "--nodes", "12", "-q"], in: folder)
          #expect(
            [0, 1].contains(result.status)
              && (result.status == 0
                || result.messages.split(separator: "\n").count == 1),
            "\(match.output.0) = \(value): \(result.messages)")
        }
      }
    }
  }
}
