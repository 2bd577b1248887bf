import Equations
import Foundation
import Networks
import Parallel
import Studies
import Systems
import Tables
import TestSupport
import Testing
import Training
import Yams

@Suite struct StudyTests {
  private func study(_ yaml: String) throws -> Study {
    try Study(yaml: yaml, path: "s.yaml")
  }

  private func message(_ yaml: String) -> String {
    do {
      _ = try study(yaml).runs()
      return "no error"
    } catch { return "\(error)" }
  }

  @Test func runsAreTheProductOfAxesAndSeeds() throws {
    let runs = try study(
      """
      base:
        equation: diffusion
        preset: smoke
        optimizer: {kind: adamw}
      axes:
        network.width: [16, 32]
        start:
          scratch: {schedule.epochs: 4}
          tuned, few: {schedule: {epochs: 2}, data.samples: 10}
      seeds: [7, 18446744073709551615]
      """
    ).runs()
    #expect(runs.count == 8)
    #expect(
      runs.map(\.name).prefix(3) == [
        "width-16_start-scratch_seed-7",
        "width-16_start-scratch_seed-18446744073709551615",
        "width-16_start-tuned--few_seed-7",
      ])
    let last = try #require(runs.last).recipe
    #expect(last.network.width == 32)
    #expect(last.schedule.epochs == 2)
    #expect(last.data.samples == 10)
    #expect(last.optimizer.kind == .adamw)
    #expect(last.seed == .max)
    // What nobody said is the preset's.
    #expect(last.network.heads == 2)
    #expect(last.data.equation?.contains("name: diffusion") == true)
  }

  @Test(arguments: [
    ("{log: [10, 1000], count: 3}", ["10", "100", "1000"]),
    ("{log: [0.001, 0.1], count: 3}", ["0.001", "0.01", "0.1"]),
    ("{linear: [1, 4], count: 4}", ["1", "2", "3", "4"]),
    ("{linear: [0.5, 0.1], count: 2}", ["0.5", "0.1"]),
  ]) func rangesHaveTheirEnds(_ range: String, _ labels: [String]) throws {
    let key = labels[0].contains("0.") ? "optimizer.clip" : "network.width"
    let width = labels == ["1", "2", "3", "4"] ? "schedule.epochs" : key
    let runs = try study(
      """
      base: {equation: diffusion, preset: smoke, network.heads: 1}
      axes:
        \(width): \(range)
      """
    ).runs()
    #expect(runs.map { $0.labels[0] } == labels)
  }

  @Test func aSettingLeavesTheRestAlone() throws {
    let recipe = Recipe.pretraining(
      .compact, equation: try Equation.load("diffusion").source)
    #expect(try recipe.setting([], from: "s") == recipe)
    var other = recipe
    other.optimizer.learningRate = 0.1 + 0.2
    #expect(
      try recipe.setting(
        [("optimizer.learning_rate", "0.30000000000000004")], from: "s")
        == other)
  }

  @Test(arguments: [
    ("base: {equation: diffusion, netwrk.width: 3}", "netwrk"),
    ("base: {equation: diffusion, network.width: wide}", "network.width"),
    ("base: {equation: diffusion, network.width.x: 3}", "network.width.x"),
    ("base: {equation: diffusoin}", "did you mean 'diffusion'"),
    ("base: {preset: smoke}", "base.equation: is missing"),
    ("base: {equation: diffusion, preset: tiny}", "known are"),
    ("base: {equation: diffusion, seed: 3}", "seeds"),
    ("base: {equation: diffusion}\nseeds: [1, 1]", "twice"),
    ("base: {equation: diffusion}\nseeds: []", "one at least"),
    ("base: {equation: diffusion}\nseeds: [-1]", "-1"),
    ("base: {equation: diffusion}\naxes: {network.width: []}", "no values"),
    ("base: {equation: diffusion}\naxes: {network.width: [8, 8]}", "twice"),
    ("base: {equation: diffusion}\naxes: {seed: [1]}", "seeds"),
    ("base: {equation: diffusion}\naxes: {steps: [1]}", "'steps'"),
    ("base: {equation: diffusion}\naxis: {}", "did you mean 'axes'"),
    (
      "base: {equation: diffusion, schedule.epochs: 3}\n"
        + "axes: {schedule.steps: [1]}", "excludes schedule.steps"
    ),
    ("base: {equation: diffusion, from: nowhere}", "nowhere"),
    (
      "base: {equation: diffusion}\naxes: {data.samples: {log: [0, 9], count: 2}}",
      "positive"
    ),
    (
      "base: {equation: diffusion}\nmeasure: {a: {noise: {level: -1}}}",
      "measure.a.noise.level"
    ),
    ("base: {equation: diffusion}\nmeasure: {a: {sample: 3}}", "'samples'"),
    ("[1]", "s.yaml"), ("", "empty"), ("base: [", "line"),
    (
      "base: {equation: diffusion, network.width: 8, network: {width: 16}}",
      "given twice"
    ),
    (
      "base: {equation: diffusion}\naxes: {network.width: [8], "
        + "design: {a: {network.width: 24}}}", "as another axis does"
    ),
    (
      "base: {equation: diffusion, network: {model: lstm, heads: 2}}",
      "lstm has none"
    ),
    ("base: {equation: diffusion, network.from: x}", "called 'from' here"),
    ("base: {equation: diffusion, data.file: none}", "none"),
    ("base: {equation: diffusion, network.width: 7}", "network: "),
    (
      "base: {equation: diffusion}\nmeasure: {a b: {}, a_b: {}}",
      "another measure"
    ),
    ("base: {equation: diffusion}\nmeasure: {a: {data: none}}", "none"),
    ("base: {equation: diffusion}\nmeasure: {a: 3}", "a mapping with the keys"),
  ]) func whatIsWrongIsNamed(_ yaml: String, _ part: String) {
    let message = message(yaml)
    #expect(message.contains(part), "\(message)")
    #expect(!message.contains("\n"))
  }

  @Test(arguments: [10, 480, 100_000]) func depthIsBounded(levels: Int) {
    for part in nestedYAML(levels: levels) {
      let message = onSmallStack {
        self.message("base: {equation: diffusion}\nseeds: " + part)
      }
      #expect(message.hasPrefix("s.yaml: "), "\(message)")
      #expect(!message.contains("\n"))
      if levels > 1000, part.hasPrefix("[") {
        #expect(message == "s.yaml: nested deeper than 64 levels at line 2")
      }
    }
  }
}

@Suite struct StudyFolderTests {
  private let text = """
    base:
      equation: diffusion
      preset: smoke
      network: {model: polya, nodes: 64, width: 16, depth: 1, heads: 1}
      data: {samples: 16, test.samples: 8}
      precision.products: f32
    axes:
      schedule.steps: [2, 3]
    seeds: [0, 1]
    measure:
      law: {samples: 8}
      short: {samples: 8, set: {length: 0.3, alpha: 0.5}}
      noisy: {samples: 8, noise: {level: 1e-2}}
    """

  private func open(_ yaml: String, _ folder: TemporaryFolder) throws
    -> StudyFolder
  {
    try StudyFolder(
      Study(yaml: yaml, path: "s.yaml"), in: folder.path + "/out",
      precision: { _ in .f32 })
  }

  private func run(_ study: StudyFolder) throws -> Int {
    var steps = 0
    for entry in study.entries {
      let outcome = try study.run(
        entry, threads: 1, cancellation: .never,
        report: { if case .progress = $1 { steps += 1 } })
      #expect(outcome == .done)
    }
    return steps
  }

  @Test func whatIsDoneIsKnownByItsRecipe() throws {
    let folder = try TemporaryFolder()
    let first = try open(text, folder)
    #expect(try run(first) == 10)
    let table = try first.table()
    #expect(table.rows.allSatisfy { $0.state == "done" })
    #expect(table.settings.count == 2)
    // The same again trains nothing.
    #expect(try run(open(text, folder)) == 0)
    // Under other names too: what was varied is told now.
    let renamed = text.replacing(
      "schedule.steps: [2, 3]",
      with: """
        length of it:
            short: {schedule.steps: 2}
            long: {schedule.steps: 3}
        """)
    let second = try open(renamed, folder)
    #expect(try run(second) == 0)
    #expect(try second.table().rows.map(\.values) == table.rows.map(\.values))
    #expect(try second.table().axes == ["length of it"])
    // Another setting is another run, whatever its folder would be called.
    let other = text.replacing("width: 16", with: "width: 8")
    let third = try open(other, folder)
    #expect(try run(third) == 10)
    #expect(third.entries[0].name.hasSuffix("seed-0_2"))
    #expect(try run(open(text, folder)) == 0)
    // Another measure is measured, and nothing trained.
    let measured = try open(
      text.replacing("samples: 8, noise", with: "samples: 4, noise"), folder)
    #expect(try !measured.isDone(measured.entries[0]))
    #expect(try run(measured) == 0)
    #expect(try measured.isDone(measured.entries[0]))
  }

  @Test func tablesComeBackFromTheirFiles() throws {
    let folder = try TemporaryFolder()
    let study = try open(text, folder)
    _ = try run(study)
    let table = try study.table()
    let read = try StudyTable(
      CSVTable(
        text: table.result.csv.joined(separator: "\n"), path: "study.csv"))
    #expect(read.result == table.result)
    #expect(table.quantities.suffix(4).first == "noisy_mean")
    #expect(
      table.shown == ["test_mse", "law_median", "short_median", "noisy_median"])
    let noisy = try #require(
      table.spread("noisy_median", of: table.settings[0]))
    #expect(noisy.count == 2)
    #expect(noisy.factor >= 1)
  }

  @Test func whatAnotherProcessTrainsIsLeftToIt() throws {
    let folder = try TemporaryFolder()
    let study = try open(text, folder)
    let entry = study.entries[0]
    let lock = try entry.folder.lock()
    let outcome = try study.run(
      entry, threads: 1, cancellation: .never, report: { _, _ in })
    #expect(outcome == .busy)
    withExtendedLifetime(lock) {}
  }

  @Test func aRunThatDivergesIsARowOfItsOwn() throws {
    let folder = try TemporaryFolder()
    let study = try open(
      text.replacing(
        "precision.products: f32",
        with: """
          precision.products: f32
            optimizer: {kind: adamw, learning_rate: 1e300, clip: 0}
            schedule.warmup: 0
          """), folder)
    let outcome = try study.run(
      study.entries[1], threads: 1, cancellation: .never, report: { _, _ in })
    guard case .failed(let reason) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(reason.contains("not finite"))
    #expect(try study.table().rows[1].state == reason)
  }
}

/// What a study knows before it trains, and what it does not take for what it was.
@Suite struct StudyCheckTests {
  private let base = """
    base:
      equation: diffusion
      preset: smoke
      network: {nodes: 12, width: 8, depth: 1, heads: 1}
      data: {samples: 16, test.samples: 8}
      schedule.steps: 2
      precision.products: f32

    """

  private func message(_ yaml: String, _ folder: TemporaryFolder) -> String {
    do {
      _ = try open(yaml, folder)
      return "no error"
    } catch { return "\(error)" }
  }

  private func open(_ yaml: String, _ folder: TemporaryFolder) throws
    -> StudyFolder
  {
    try StudyFolder(
      Study(yaml: yaml, path: "s.yaml"), in: folder.path("out"),
      precision: { _ in .f32 })
  }

  private func run(_ study: StudyFolder, _ index: Int = 0) throws
    -> StudyFolder.Outcome
  {
    try study.run(
      study.entries[index], threads: 1, cancellation: .never,
      report: { _, _ in })
  }

  private func dataset(
    _ name: String, _ equation: String, _ folder: TemporaryFolder,
    count: Int = 8, nodes: Int = 12
  ) throws {
    try DatasetGenerator(
      Equation.load(equation), nodes: nodes, seed: 9, samples: 0..<count,
      threads: 1
    ).write(to: folder.path(name))
  }

  @Test(arguments: [
    ("axes: {optimizer.learning_rate: [1e-3, 0.001]}", "the same training"),
    ("seeds: [0, 1000003]", "seed-1000003: data.test.seed"),
    ("measure: {a: {set: {foo: 1}}}", "the measure 'a'"),
    ("measure: {a: {set: {alpha: 2}}}", "the measure 'a'"),
    ("measure: {a: {seed: 0}}", "trained on its systems"),
  ]) func whatCannotBeMeasuredIsNotTrained(_ rest: String, _ part: String)
    throws
  {
    let folder = try TemporaryFolder()
    let message = message(base + rest, folder)
    #expect(message.contains(part), "\(message)")
  }

  /// All that a measure would refuse after the training is refused before.
  @Test func whatAMeasureNeedsIsThereBeforehand() throws {
    let folder = try TemporaryFolder()
    let mine = try folder.write(
      equationText(
        parameters: ["k: {choice: [-1, 1]}"], coefficients: ["K: k", "f: 1"]),
      to: "mine.yaml")
    for seed in 1...4 {
      // Of some the first sample can be made.
      let message = message(
        base + "measure: {a: {equation: \(mine), seed: \(seed), samples: 40}}",
        folder)
      #expect(message.contains("the measure 'a'"), "\(message)")
    }
    let first = try open(base, folder)
    #expect(try run(first) == .done)
    let tuned = base.replacing(
      "equation: diffusion",
      with: "equation: reaction-diffusion\n  from: "
        + first.entries[0].folder.model)
    let other = try TemporaryFolder()
    #expect(
      message(tuned + "measure: {a: {equation: diffusion, seed: 5}}", other)
        == "no error")
    #expect(
      message(tuned + "measure: {a: {equation: diffusion, seed: 0}}", other)
        .contains("the measure 'a': "))
    #expect(
      message(
        tuned.replacing("reaction-", with: "")
          .replacing("test.samples: 8", with: "test: {samples: 8, seed: 0}")
          + "seeds: [7]", other
      ).contains("was trained on samples of"))
  }

  @Test func filesAreWhatTheyHold() throws {
    let folder = try TemporaryFolder()
    try dataset("d", "diffusion", folder)
    try dataset("wide", "diffusion", folder, nodes: 16)
    let data = folder.path("d")
    func study(_ samples: String) -> String {
      base.replacing("samples: 16", with: "file: \(data)\(samples)")
    }
    #expect(
      message(study(", samples: 9"), folder).contains("the file holds 8"))
    // All of them, where nobody says how many.
    let all = try open(study(""), folder)
    #expect(all.entries[0].recipe.data.samples == 8)
    #expect(
      message(base + "measure: {a: {data: \(folder.path("wide"))}}", folder)
        .contains("order 12, the systems 16"))
    #expect(
      message(base + "measure: {a: {data: \(data), samples: 9}}", folder)
        .contains("holds 8 systems"))
  }

  @Test func aCheckpointHasItsOwnShape() throws {
    let folder = try TemporaryFolder()
    let first = try open(base, folder)
    #expect(try run(first) == .done)
    let from = first.entries[0].folder.model
    let tuned = """
      base: {equation: diffusion, preset: smoke, from: \(from), \
      schedule.steps: 1, data.samples: 8, precision.products: f32}
      axes: {network.width: [8, 16]}
      seeds: [5]
      """
    #expect(
      message(tuned, folder).contains(
        "is the checkpoint's, 8, and cannot be 16"))
    let fitting = tuned.replacing("[8, 16]", with: "[8]")
    #expect(try run(open(fitting, folder)) == .done)
    // Another checkpoint in its place is no start of that run.
    let other = try open(base + "seeds: [3]", folder)
    #expect(try run(other) == .done)
    let manager = FileManager.default
    try manager.removeItem(atPath: from)
    try manager.copyItem(atPath: other.entries[0].folder.model, toPath: from)
    #expect(message(fitting, folder).contains("another checkpoint by now"))
    // Nor is the network that was measured.
    #expect(try !first.isDone(first.entries[0]))
  }

  @Test func measuresOfOtherDataAreTakenAgain() throws {
    let folder = try TemporaryFolder()
    try dataset("d", "diffusion", folder)
    let study = base + "measure: {a: {data: \(folder.path("d"))}}"
    let first = try open(study, folder)
    #expect(try run(first) == .done)
    let before = try first.table().rows[0].values
    try FileManager.default.removeItem(atPath: folder.path("d"))
    try dataset("d", "reaction-diffusion", folder)
    let again = try open(study, folder)
    #expect(try !again.isDone(again.entries[0]))
    #expect(try run(again) == .done)
    let after = try again.table().rows[0].values
    #expect(after.prefix(3) == before.prefix(3))
    #expect(after != before)
  }

  @Test func aRunWithoutItsStateIsNoRunOfThatName() throws {
    let folder = try TemporaryFolder()
    let first = try open(base, folder)
    #expect(try run(first) == .done)
    unlink(first.entries[0].folder.state)
    let other = try open(base.replacing("steps: 2", with: "steps: 5"), folder)
    #expect(other.entries[0].name == first.entries[0].name + "_2")
  }

  @Test func aRunThatAnotherProcessBeginsKeepsItsName() throws {
    let folder = try TemporaryFolder()
    let first = try open(base, folder)
    let place = first.entries[0].folder
    try place.create()
    let file = place.state + ".123-abcdef.tmp"
    try Data("half".utf8).write(to: URL(fileURLWithPath: file))
    let again = try open(base, folder)
    #expect(again.entries[0].name == first.entries[0].name)
    // A study that was read before another of its name began does not go on
    // with that one's run.
    let other = try open(base.replacing("steps: 2", with: "steps: 3"), folder)
    #expect(other.entries[0].name == first.entries[0].name)
    #expect(try run(other) == .done)
    guard case .failed(let reason) = try run(first) else {
      Issue.record("went on with another run")
      return
    }
    #expect(reason.contains("another run has begun there"))
  }

  @Test func oneRunThatFailsStopsNoOther() throws {
    let folder = try TemporaryFolder()
    let study = try open(base + "seeds: [0, 1]", folder)
    #expect(try run(study) == .done)
    // The state of the first is another's by the time it goes on.
    let entry = study.entries[1]
    try entry.folder.create()
    try Data("nan".utf8).write(
      to: URL(fileURLWithPath: entry.folder.path + "/failure.txt"))
    // Tried once a call: whoever ran it has told.
    #expect(try run(study, 1) == .busy)
    #expect(try study.table().rows[1].state == "nan")
    study.forgetFailures(of: study.entries)
    #expect(try run(study, 1) == .done)
  }

  @Test func aNetworkInAnothersPlaceIsReplacedByItsOwn() throws {
    let folder = try TemporaryFolder()
    let text = base + "seeds: [0, 1]\nmeasure: {a: {samples: 4}}"
    let study = try open(text, folder)
    #expect(try run(study) == .done)
    #expect(try run(study, 1) == .done)
    let table = try study.table().result
    let model = study.entries[0].folder.model
    let own = try Data(contentsOf: URL(fileURLWithPath: model))
    let other = URL(fileURLWithPath: study.entries[1].folder.model)
    var damaged = own
    damaged[damaged.count - 37] ^= 0x41
    for content in [try Data(contentsOf: other), damaged, Data(), nil] {
      try? FileManager.default.removeItem(atPath: model)
      try content?.write(to: URL(fileURLWithPath: model))
      #expect(try !study.isDone(study.entries[0]))
      let again = try open(text, folder)
      #expect(try run(again) == .done)
      #expect(try Data(contentsOf: URL(fileURLWithPath: model)) == own)
      #expect(try again.table().result == table)
    }
    // Other files of the folder are made again, too.
    unlink(study.entries[0].folder.metrics)
    #expect(try !study.isDone(study.entries[0]))
    #expect(try run(study) == .done)
    #expect(try study.table().result == table)
  }

  @Test func aDamagedRunIsPassedOverAndStopsNoOther() throws {
    let folder = try TemporaryFolder()
    let text = base + "seeds: [0, 1]"
    let study = try open(text, folder)
    #expect(try run(study) == .done)
    try Data("x".utf8).write(
      to: URL(fileURLWithPath: study.entries[0].folder.state))
    let again = try open(text, folder)
    #expect(again.remarks.count == 1)
    #expect(again.remarks[0].contains("state.safetensors"))
    #expect(again.entries[0].name == study.entries[0].name + "_2")
    #expect(try run(again) == .done)
    #expect(try run(again, 1) == .done)
  }

  @Test func aMeasureThatFailsHidesNoOther() throws {
    let folder = try TemporaryFolder()
    // K of the second sample is negative.
    let law = try Equation.load("diffusion").source.replacing(
      "alpha: {uniform: [0.25, 0.75]}", with: "alpha: {uniform: [0.25, 2]}")
    let file = folder.path("late.yaml")
    try Data(law.utf8).write(to: URL(fileURLWithPath: file))
    let seed = try #require(
      (0..<200).first { seed in
        let source = try? EquationSource(
          Equation.load(file), nodes: 12, seed: UInt64(seed), count: 8)
        return (try? source?.system(0)) != nil
          && (1..<8).contains { (try? source?.system($0)) == nil }
      })
    let text =
      base + "measure: {late: {equation: \(file), seed: \(seed), samples: 8}, "
      + "ok: {samples: 4}}"
    // It is known beforehand, unless the file becomes so meanwhile.
    #expect(message(text, folder).contains("the measure 'late': "))
    try Data(try Equation.load("diffusion").source.utf8).write(
      to: URL(fileURLWithPath: file))
    let study = try open(text, folder)
    try Data(law.utf8).write(to: URL(fileURLWithPath: file))
    guard case .failed(let reason) = try run(study) else {
      Issue.record("did not fail")
      return
    }
    #expect(reason.hasPrefix("the measure 'late': "))
    let row = try study.table().rows[0]
    #expect(row.state == reason)
    #expect(row.values.suffix(4).allSatisfy { $0 != nil })
    #expect(row.values.dropLast(4).suffix(4).allSatisfy { $0 == nil })
    #expect(row.values[5] != nil)
  }

  @Test func noiseIsThatOfTheCommand() throws {
    let noisy = try Study(
      yaml: base.replacing(
        "data: {", with: "data: {noise: {model: rms, target: A, level: 0.1}, "),
      path: "s.yaml"
    ).runs()
    #expect(noisy[0].recipe.data.noise?.decades == 5)
    #expect(noisy[0].recipe.data.noise?.balanced == true)
  }

  @Test(arguments: [
    ("schedule: {kind: constant, floor: 0.1}", "schedule.floor"),
    ("precision: {products: f32, f32_share: 0.2}", "precision.f32_share"),
  ]) func settingsWithoutEffectAreRefused(_ setting: String, _ key: String)
    throws
  {
    let study = try Study(
      yaml: "base: {equation: diffusion, preset: smoke, \(setting)}",
      path: "s.yaml")
    #expect {
      try study.runs()
    } throws: {
      "\($0)".contains(key) && "\($0)".contains("means nothing")
    }
  }

  @Test func anAxisIsNoColumnOfAMeasure() {
    #expect {
      try Study(
        yaml: base + "axes: {a_median: {x: {}, y: {network.depth: 2}}}\n"
          + "measure: {a: {}}", path: "s.yaml")
    } throws: { "\($0)".contains("a measure's column") }
  }

  @Test func settingsOnAnAxisAreReplacedThere() throws {
    var study = try Study(
      yaml: base + "axes: {network.width: [8, 16]}", path: "s.yaml")
    #expect(throws: EquationError.self) {
      try study.set("network.width", to: "32")
    }
    #expect(throws: EquationError.self) { try study.set("seed", to: "1") }
    try study.set("axes.width", to: "[32, 64]")
    try study.set("network.depth", to: "2")
    let runs = try study.runs()
    #expect(runs.map(\.recipe.network.width) == [32, 64])
    #expect(runs.map(\.recipe.network.depth) == [2, 2])
  }

  @Test func longLabelsMakeNamesThatFileSystemsTake() throws {
    let label = String(repeating: "long ", count: 80)
    let study = try Study(
      yaml: base + "axes: {a: {\"\(label)1\": {}, \"\(label)2\": "
        + "{network.depth: 2}}}", path: "s.yaml")
    let names = try study.runs().map(\.name)
    #expect(names.allSatisfy { $0.utf8.count < 200 })
    #expect(Set(names).count == 2)
  }
}

@Suite struct SpreadTests {
  @Test func errorsDifferByFactors() throws {
    let spread = try #require(Spread([1, 4]))
    #expect(abs(spread.mean - 2) < 1e-14)
    // The deviation of ln 1 and ln 4, whose mean is ln 2, is √2 ln 2.
    #expect(abs(spread.factor - 2.6651441426902252) < 1e-12)
    #expect(Spread([]) == nil)
    #expect(Spread([1, 0]) == nil)
    #expect(Spread([3])?.text == "3.0e+00")
  }

  @Test func theBestIsBetterOnlyBeyondTheSpread() throws {
    func verdict(_ a: [Double], _ b: [Double]) -> String? {
      StudyTable(
        axes: ["width"], quantities: ["test_mse"],
        rows: [("8", a), ("16", b)].flatMap { label, values in
          values.enumerated().map {
            StudyTable.Row(
              run: "\(label)-\($0)", labels: [label], seed: UInt64($0),
              state: "done", values: [$1])
          }
        }
      ).verdict(by: "test_mse")
    }
    #expect(
      verdict([1, 1.1], [3, 3.3])?.contains("more than the spread") == true)
    #expect(verdict([1, 9], [2, 19])?.contains("within the spread") == true)
    #expect(verdict([1], [2])?.contains("one seed") == true)
    #expect(
      verdict([3, 3.3], [1, 1.1])?.hasPrefix("best by test mse: width 16")
        == true)
    #expect(verdict([1, 2], []) == nil)
  }

  @Test func powerLawsAreThoseOfThePoints() throws {
    // y = c x^−1.5 with another c for each of two groups.
    let table = StudyTable(
      axes: ["model", "steps of it"], quantities: ["test_mse"],
      rows: [("a", 2.0), ("b", 50.0)].flatMap { model, factor in
        [10.0, 100, 1000].flatMap { x in
          [0.5, 2].map { seed in
            StudyTable.Row(
              run: "", labels: [model, NumberFormat.exact.text(x)], seed: 0,
              state: "done", values: [seed * factor * pow(x, -1.5)])
          }
        }
      })
    let laws = table.powerLaws(of: "test_mse")
    #expect(laws.map(\.axis) == ["steps of it"])
    #expect(abs(laws[0].law.exponent + 1.5) < 1e-12)
    #expect(abs(laws[0].law.determination - 1) < 1e-12)
    // Points that no law explains: the slope of (0, 0), (1, 1), (2, 0) is 0.
    let e = exp(1.0)
    let none = try #require(
      PowerLaw([[(1, 1), (e, e), (e * e, 1)].map { (x: $0.0, y: $0.1) }]))
    #expect(abs(none.exponent) < 1e-12)
    #expect(none.determination < 1e-12)
    #expect(PowerLaw([[(x: 1, y: 2)], [(x: 2, y: 3)]]) == nil)
  }
}
