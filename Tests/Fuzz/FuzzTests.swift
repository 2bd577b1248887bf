import Foundation
import TestSupport
import Testing

/// Mutated inputs for every reader: nothing that is in a file traps, hangs, or
/// is refused without a line that names it.
///
/// `scripts/fuzz` runs this for as long as one wants, alone and under other
/// seeds; by itself it is a short share of that, always the same.
@Suite(.serialized)
struct FuzzTests {
  private static let folder = Repository.path("Tests/Fuzz/corpus")
  private static let environment = ProcessInfo.processInfo.environment

  private static let corpus = Result {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      .map { name in
        (
          name: name,
          input: try #require(
            try FuzzInput(contentsOf: folder + "/" + name),
            "\(name) is of no known kind")
        )
      }
  }

  /// Seconds that the calling thread has computed.
  private static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }

  /// The largest size of the process so far, in kB; 0 where nothing else in it
  /// stands still.
  private static var memory: Int {
    guard isAlone,
      let status = try? String(
        contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: {
        $0.hasPrefix("VmHWM:")
      })
    else { return 0 }
    return Int(line.filter(\.isNumber)) ?? 0
  }

  /// What is wrong with how an input is read; nil if nothing is.
  private static func complaint(_ input: FuzzInput, _ readers: FuzzReaders)
    -> String?
  {
    let (start, size) = (seconds, memory)
    do {
      try readers.read(input)
    } catch {
      return "\(error)"
    }
    let duration = seconds - start
    if duration > 1 { return "takes \(duration) seconds" }
    if memory - size > 1 << 18 { return "takes \(memory - size) kB" }
    return nil
  }

  private static var isAlone: Bool { environment["BVP_FUZZ_FOLDER"] != nil }

  @Test func everyInputOfTheCorpusIsReadOrRefused() throws {
    let corpus = try Self.corpus.get()
    let readers = try FuzzReaders(corpus: corpus.map(\.input))
    #expect(readers.readsStates)
    for kind in FuzzInput.Kind.allCases {
      #expect(corpus.count { $0.input.kind == kind } >= 3, "\(kind)")
    }
    for (name, input) in corpus {
      if let complaint = Self.complaint(input, readers) {
        Issue.record("\(name): \(complaint)")
      }
    }
    let files = Self.environment["BVP_FUZZ_REPLAY"] ?? ""
    for path in files.split(separator: "\n").map(String.init) {
      let input = try #require(
        try FuzzInput(contentsOf: path), "\(path) is of no known kind")
      if let complaint = Self.complaint(input, readers) {
        Issue.record("\(path): \(complaint)")
      }
    }
  }

  @Test(.timeLimit(.minutes(60 * 24)))
  func nothingThatIsReadTrapsHangsOrIsRefusedWithoutALine() throws {
    guard Self.environment["BVP_FUZZ_REPLAY"] == nil else { return }
    let corpus = try Self.corpus.get().map(\.input)
    let readers = try FuzzReaders(corpus: corpus)
    let number = { Self.environment[$0].flatMap(UInt64.init) }
    let seed = number("BVP_FUZZ_SEED") ?? 1
    let limit = number("BVP_FUZZ_SECONDS").map { Double($0) }
    let (own, found) = try folders()
    let end = limit.map { Date().addingTimeInterval($0) }
    var index = 0
    var seen: Set<String> = []
    while end.map({ Date() < $0 }) ?? (index < 20_000) {
      let random = FuzzRandom(seed: seed, index: index)
      index += 1
      var grammar = FuzzGrammar(random: random)
      var mutation = FuzzMutation(random: random, corpus: corpus)
      let input =
        index.isMultiple(of: 5) ? grammar.input() : mutation.mutant()
      // A trap takes the process with it and leaves this file.
      let current = try own.write(
        Data(input.bytes), to: "current" + input.kind.rawValue)
      if let complaint = Self.complaint(input, readers) {
        // One of each kind is enough.
        let key = input.kind.rawValue + complaint.filter(\.isLetter).prefix(24)
        if seen.insert(key).inserted {
          try FileManager.default.createDirectory(
            atPath: found, withIntermediateDirectories: true)
          let path = found + "/" + input.name
          try Data(input.bytes).write(to: URL(fileURLWithPath: path))
          Issue.record(
            "seed \(seed), input \(index), \(input.name): \(complaint)")
        }
      }
      unlink(current)
    }
    if Self.isAlone { print("fuzz: \(index) inputs of seed \(seed)") }
  }

  /// Where the input that is being read lies, and the path of those that were
  /// read badly.
  private func folders() throws -> (
    own: any FuzzFolder, found: String
  ) {
    if let path = Self.environment["BVP_FUZZ_FOLDER"] {
      return (GivenFolder(path: path), path + "/found")
    }
    return (
      try TemporaryFolder(inMemory: true), NSTemporaryDirectory() + "bvp-fuzz"
    )
  }
}

private protocol FuzzFolder {
  @discardableResult
  func write(_ data: Data, to name: String) throws -> String
}

extension TemporaryFolder: FuzzFolder {}

private struct GivenFolder: FuzzFolder {
  let path: String

  func write(_ data: Data, to name: String) throws -> String {
    try data.write(to: URL(fileURLWithPath: path + "/" + name))
    return path + "/" + name
  }
}
