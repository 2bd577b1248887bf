import Foundation
import TestSupport
import Testing

/// What the command says of an equation's own solution.
@Suite struct TruthTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func bvp(_ line: String) throws -> Command {
    try Command.run(line.split(separator: " ").map(String.init), in: folder)
  }

  private func write(_ name: String, _ text: String) throws {
    try folder.write(text, to: name)
  }

  @Test func theTestSetIsRightOrRefused() throws {
    let result = try bvp("check --csv -q")
    #expect(result.status == 0, "\(result.messages)")
    let rows = result.lines.dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(
        String.init)
    }
    #expect(rows.count > 100)
    var verdicts: [String: Int] = [:]
    for row in rows {
      verdicts[row[5], default: 0] += 1
      guard let error = Double(row[3]), let estimate = Double(row[4]) else {
        #expect(row[0] == "cash-mazzia-17" && row[1] == "eps = 0.01")
        continue
      }
      // Values of the literature have ten digits.
      let isRounded = ["carrier", "troesch"].contains(row[0])
      #expect(isRounded || error <= 3 * estimate, "\(row)")
    }
    #expect(verdicts["wrong"] == nil && verdicts["warned"] == nil)
    #expect(verdicts["refused"] == 1)
  }

  @Test func aWrongSolutionIsCalledSo() throws {
    try write(
      "wrong.yaml",
      equationText(coefficients: ["K: 1", "f: 2"])
        + "check: {source: none, solution: x * (1 - x) + x^3 / 1000}\n")
    let result = try bvp("check wrong.yaml")
    #expect(result.status == 1)
    #expect(result.output.contains(",wrong,"))
    #expect(result.messages.contains("1 of 1 solutions are wrong"))
    try write("plain.yaml", equationText())
    let plain = try bvp("check plain.yaml")
    #expect(plain.status == 1 && plain.messages.contains("check: the key is"))
  }

  @Test func singularProblemsAreRefusedEverywhere() throws {
    try write(
      "n.yaml",
      equationText(
        coefficients: ["K: 1", "f: cos(pi * x)"], left: "{neumann: 0}",
        right: "{neumann: 0}"))
    for line in [
      "solve n.yaml", "solve n.yaml --nodes 64", "solve n.yaml --method qr",
      "generate n.yaml --samples 3 --output n",
    ] {
      let result = try bvp(line)
      #expect(result.status == 1 && result.output.isEmpty, "\(line)")
      #expect(result.messages.contains("sample 0"), "\(line)")
      #expect(result.messages.contains("u = const solves"), "\(line)")
    }
    // A resonance that only some samples are near.
    try write(
      "r.yaml",
      equationText(
        parameters: ["m: {choice: [1, 1.5]}"],
        coefficients: ["K: 1", "f: 1", "q: -(m * pi)^2"]))
    let result = try bvp("generate r.yaml --samples 20 --output r")
    #expect(result.status == 1)
    #expect(result.messages.contains("no unique solution"))
    #expect(try folder.content.allSatisfy { !$0.hasPrefix("r.s") })
  }

  @Test func labelsSayHowFarTheyAreFromTheEquation() throws {
    #expect(
      try bvp("generate reaction-diffusion --samples 40 -q --output g").status
        == 0)
    let inspected = try bvp("inspect g --json")
    func value(_ key: String) throws -> Double {
      let object = try JSONSerialization.jsonObject(
        with: Data(inspected.output.utf8))
      let metadata =
        (object as? [String: Any])?["metadata"] as? [String: String]
      let text = try #require(metadata?[key])
      return try #require(Double(text))
    }
    // The jump in q: two hundred times what the shipped network reaches.
    #expect((1e-6...1e-4).contains(try value("label_error_median")))
    #expect(try value("label_error_p90") >= value("label_error_median"))
    #expect(try bvp("inspect g").output.contains("label error"))

    #expect(
      try bvp(
        "generate reaction-diffusion --samples 4 -q --labels resolved --output r"
      ).status == 0)
    #expect(
      try bvp("inspect r").output.contains("the resolved solution at the grid"))
    // The node nearest to the middle, against the solution there.
    let row = try #require(
      try bvp("export r --count 1").lines.dropFirst(32).first)
    let cells = row.split(separator: ",").compactMap { Double($0) }
    let solved = try bvp("solve reaction-diffusion --tolerance 1e-12 -q").lines
      .dropFirst().map { $0.split(separator: ",").compactMap { Double($0) } }
    let after = try #require(solved.first { $0[0] > cells[1] })
    let before = try #require(solved.last { $0[0] <= cells[1] })
    #expect(
      cells[5] >= min(before[4], after[4]) - 1e-9
        && cells[5] <= max(before[4], after[4]) + 1e-9)
  }

  @Test func jumpsAndNonlinearEquationsAreSaidToBeSo() throws {
    try write(
      "j.yaml", equationText() + "jump: {at: 0.5, u: 1}\n")
    try write("u.yaml", equationText(coefficients: ["K: 1", "f: exp(u)"]))
    #expect(try bvp("solve j.yaml -q").status == 0)
    for (line, reason) in [
      ("solve j.yaml --nodes 64", "u jumps"),
      ("generate j.yaml --samples 2 --output x", "flux jumps"),
      ("generate j.yaml --samples 2 --output x --initial 0", "is linear"),
      ("generate u.yaml --samples 2 --output x --initial y", "unknown name"),
      ("generate diffusion --samples 2 --output x --linearised", "is linear"),
      (
        "pretrain u.yaml --preset smoke --output x",
        "is nonlinear: give datasets"
      ),
      ("solve diffusion --initial 0", "--initial goes with"),
      ("solve u.yaml --initial y", "unknown name 'y'"),
      ("solve u.yaml --continue lambda=1:2", "unknown parameter 'lambda'"),
    ] {
      let result = try bvp(line)
      #expect(result.status == 1, "\(line)")
      #expect(result.messages.contains(reason), "\(line): \(result.messages)")
    }
    let solved = try bvp("solve u.yaml --points 3 --nodes 32 --method qr")
    #expect(solved.messages.contains("correction"))
    #expect(solved.lines.contains { $0.hasPrefix("0.5,1,1.15089421030") })
    #expect(
      try bvp("solve u.yaml --points 3 --nodes 32 --method projection").lines
        .contains { $0.hasPrefix("0.5,1,1.150894") })
  }

  /// Datasets of a nonlinear equation go the same ways as all others.
  @Test func networksAreTrainedOnNonlinearEquations() throws {
    try write(
      "u.yaml",
      equationText(
        parameters: ["lambda: {uniform: [0.2, 2]}"],
        coefficients: ["K: 1", "f: lambda * exp(u)"]))
    for line in [
      "generate u.yaml --samples 48 --nodes 16 --output train -q",
      "generate u.yaml --samples 8 --seed 1 --nodes 16 --output test -q",
      "generate u.yaml --samples 8 --seed 1 --nodes 16 --linearised --output steps -q",
      "pretrain u.yaml --preset smoke --nodes 16 --data train --test-data test "
        + "--steps 4 --output run -q",
      "evaluate run/model.safetensors --data test",
      "evaluate run/model.safetensors --data steps",
      "robustness --data steps --solvers lu,projection",
    ] {
      let result = try bvp(line)
      #expect(result.status == 0, "\(line): \(result.messages)")
    }
    let rows = try bvp("export steps --points 5 --count 1").lines
    #expect(rows.first == "sample,x,K,f,q,u,u_start" && rows.count == 6)
    #expect(
      try bvp("inspect steps").output.contains(
        "the steps of Newton's method from u = 0"))
    let doubt = try bvp(
      "solve u.yaml --nodes 16 --method run/model.safetensors")
    #expect(doubt.status == 1)
    #expect(doubt.messages.contains("Newton's method does not converge"))
  }

  @Test func keysOfEquationFilesAreChecked() throws {
    for (text, reason) in [
      ("jump: {u: 1}\n", "jump: the key 'at' is missing"),
      ("jump: {at: x, u: 1}\n", "'x' is not allowed here"),
      ("breakpoints: [0.5, y]\n", "unknown name 'y'"),
      ("check: {source: none}\n", "expected 'solution', 'points' or 'slopes'"),
      ("check: {source: a, solution: x, values: {k: [1]}}\n", "no such param"),
      ("check: {source: a, points: []}\n", "at least one"),
      ("check: {source: a, points: [[2, 1]]}\n", "outside of the domain"),
      ("breakpoints: [0.5, 1 / 0]\n", "breakpoints[1]: '1 / 0' is inf"),
    ] {
      try write("k.yaml", equationText() + text)
      let result = try bvp("solve k.yaml")
      #expect(result.status == 1, "\(text)")
      #expect(result.messages.contains(reason), "\(text): \(result.messages)")
    }
    try write("o.yaml", equationText() + "jump: {at: 1.5, u: 1}\n")
    #expect(try bvp("solve o.yaml").messages.contains("inside of the domain"))
    try write("d.yaml", equationText(coefficients: ["K: 1", "f: diff(du)"]))
    #expect(try bvp("solve d.yaml").messages.contains("second derivative of u"))
    let long = Array(repeating: "x", count: 3000).joined(separator: " + ")
    try write("l.yaml", equationText(coefficients: ["K: 1", "f: \(long)"]))
    #expect(try bvp("solve l.yaml").messages.contains("more than 2000"))
  }

  /// A grid that does not resolve the operator is told by what is left, beside the
  /// training's own.
  @Test func aCoarseGridIsDoubted() throws {
    let folder = try TemporaryFolder()
    let network = Repository.path("checkpoints/diffusion-polya.safetensors")
    try Command.run(
      "generate", "diffusion", "--samples", "8", "--seed", "77", "--nodes", "5",
      "--output", folder.path("d"), "-q")
    let warned = try Command.run(
      "evaluate", network, "--data", folder.path("d"))
    #expect(warned.status == 0)
    #expect(warned.messages.contains("residual"), "\(warned.messages)")
    let solved = try Command.run(
      "solve", "diffusion", "--nodes", "5", "--seed", "77", "--method", network)
    #expect(solved.messages.contains("residual: "), "\(solved.messages)")
  }
}
