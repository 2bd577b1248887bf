import Equations
import Foundation
import Networks
import Systems
import TestSupport
import Testing
import Training

@testable import Server

/// Which sample a request is about, and how commands call it.
struct SampleTests {
  private func sample(_ json: String) throws -> SampleRequest {
    try SampleRequest(
      RequestFields(body: Data(json.utf8), query: []), ServedFolder("."))
  }

  @Test("No network that ships has learned from the samples of the page")
  func pageSeed() throws {
    let script = try Repository.text("Sources/Server/Page/state.js")
    let found = try #require(script.firstMatch(of: /testSeed = (\d+);/))
    let seed = try #require(UInt64(found.1))
    #expect(script.contains("seed: testSeed, index: 0"))
    let folder = Repository.path("checkpoints")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".safetensors") }
    #expect(names.count > 5)
    for name in names {
      let checkpoint = try Checkpoint(path: folder + "/" + name)
      for origin in checkpoint.trainedSamples {
        let shown = SampleOrigin(law: origin.law, seed: seed, count: nil)
        #expect(!origin.shares(with: shown), "\(name)")
      }
    }
    // The pictures of the README are of samples that the page opens.
    let pictures = try Repository.text("scripts/page/pictures.py")
    for match in pictures.matches(of: /equation=[a-z-]+&seed=(\d+)/) {
      #expect(UInt64(match.1) == seed)
    }
  }

  @Test("A sample is of the law unless a parameter is set to what is not drawn")
  func origin() throws {
    let drawn = try sample(#"{"equation": "diffusion", "seed": 7, "index": 3}"#)
    let origin = try #require(try drawn.origin())
    #expect((origin.seed, origin.first, origin.count) == (7, 3, 1))
    let values = try drawn.parameters()
    let alpha = try #require(values.first { $0.name == "alpha" }?.value)
    func set(_ value: Double) throws -> SampleOrigin? {
      try sample(
        """
        {"equation": "diffusion", "seed": 7, "index": 3,
          "set": {"alpha": \(value)}}
        """
      ).origin()
    }
    #expect(try set(alpha) == origin)
    #expect(try set(alpha.nextUp) == nil)
  }

  @Test("Commands make the file of an equation that is typed, and only of that")
  func scripts() throws {
    var script = Script()
    let shipped = try sample(
      #"{"equation": "diffusion", "index": 4, "set": {"alpha": 0.5}}"#)
    script.add(shipped.solving(&script))
    #expect(
      script.text
        == "bvp solve diffusion --seed 0 --index 4 --set alpha=0.5")
    var typed = Script()
    let yaml = """
      name: -odd 'name'
      domain: [0, 1]
      coefficients:
        K: 1 # END
        f: 1
      boundary:
        left: {dirichlet: 0}
        right: {dirichlet: 0}
      """
    let body = try JSONEncoder().encode(["yaml": yaml + "\nEND: 1\n"])
    #expect(throws: EquationError.self) {
      try sample(String(decoding: body, as: UTF8.self))
    }
    let good = try sample(
      String(
        decoding: JSONEncoder().encode(["yaml": yaml + "\n# a\n#END\n"]),
        as: UTF8.self))
    typed.add(good.solving(&typed))
    let lines = typed.text.split(separator: "\n")
    #expect(
      lines[0].firstMatch(of: /^cat >equation-odd--name--\w+\.yaml/) != nil)
    #expect(lines.last?.hasPrefix("bvp solve equation-odd") == true)
  }

  @Test("A large index is one sample of the command, not all before it")
  func shards() throws {
    for (index, expected) in [(0, 0), (7, 0), (2_000_000, 2)] {
      var script = Script()
      let own = try sample(
        #"{"equation": "diffusion", "seed": 3, "index": \#(index)}"#)
      let (_, row) = try own.generate(&script)
      #expect((0...expected).contains(row), "\(script.text)")
      let shard = script.text.firstMatch(of: /--shard (\d+)\/\d+/)
      #expect((shard != nil) == (index > 0))
    }
  }
}
