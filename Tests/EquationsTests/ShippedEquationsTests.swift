import Foundation
import TestSupport
import Testing

@testable import Equations

struct ShippedEquationsTests {
  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("equations")

  @Test(arguments: Equation.shippedNames)
  func embeddedTextIsTheFile(name: String) throws {
    let file = Self.folder.appendingPathComponent("\(name).yaml")
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(Equation.shippedSources[name] == text)
    #expect(try Equation.load(name).name == name)
    #expect(try Equation.load(file.path).source == text)
  }

  @Test func everyFileIsEmbedded() throws {
    let files = try FileManager.default.contentsOfDirectory(
      atPath: Self.folder.path)
    #expect(
      files.sorted().dropLast()
        == Equation.shippedNames.map { "\($0).yaml" }.sorted())
    #expect(Equation.shippedSources.count == Equation.shippedNames.count)
  }

  @Test func termsAreTheEquations() throws {
    func terms(_ name: String) throws -> String {
      try Equation.load(name).summary.equation
    }
    #expect(try terms("diffusion") == "−(K u′)′ = f")
    #expect(try terms("reaction-diffusion") == "−(K u′)′ + q u = f")
    #expect(try terms("advection-diffusion") == "−(K u′)′ + (v u)′ = f")
    #expect(
      try terms("advection-reaction-diffusion")
        == "−(K u′)′ + (v u)′ + q u = f")
  }

  @Test(arguments: Equation.shippedNames)
  func samplesAreSound(name: String) throws {
    let equation = try Equation.load(name)
    let sampler = try EquationSampler(equation, nodes: 64, seed: 5)
    for i in 0..<20 {
      let problem = try sampler.sample(i)
      let system = Collocation(nodes: 64, on: equation.domain)
        .assemble(problem)
      #expect(problem.f.allSatisfy { $0 > 0 })
      #expect(eliminate(system).allSatisfy { $0.isFinite })
    }
  }
}
