import Foundation
import Tables
import TestSupport
import Testing

@testable import Reports

private let robustness = """
  noise,target,level,solver,samples,mean,median,p10,p90,failures,\
  microseconds_per_system,residual,low,middle,high,boundary,knows
  relative,A,1e-3,lu,10,0.02,0.017,0.001,0.07,0,30,1e-16,0.01,0,0,0,"A, b"
  relative,A,1e-2,lu,10,2,1.7,0.1,7,1,30,1e-16,1,0,0,0,"A, b"
  relative,A,1e-3,net<1>,10,2e-6,1e-6,1e-7,3e-6,0,1800,1e-3,0,0,0,0,"A, b, x"
  relative,A,1e-2,net<1>,10,2e-6,3e-6,1e-7,9e-6,0,1800,1e-3,0,0,0,0,"A, b, x"

  """
private let study = """
  run,start,samples,seed,state,test_mse,baseline_ratio,baseline_share
  a,tuned,50,0,done,1e-3,0.01,0.05
  b,tuned,50,1,done,4e-3,0.04,
  c,scratch,50,0,done,0.1,,
  d,scratch,50,1,done,0.1,,
  e,tuned,250,0,done,1e-4,1.5,
  f,scratch,250,0,done,1e-2,,

  """
private let sweep = """
  variable,value,network,samples,mse,mean,median,p10,p90,condition
  omega,0.5,a,10,1e-5,1e-6,1e-6,1e-7,1e-5,8e5
  omega,1,a,10,1e-1,1e-2,1e-2,1e-3,1e-1,8e5

  """
private let metrics = """
  epoch,step,samples,lr,train_mse,test_mse,test_relative_mse,seconds
  0,0,0,1e-05,nan,4,0.4,1
  1,20,1280,0,0.1,2e-3,1e-4,61

  """
private let samples = """
  sample,x,K,f,u
  0,0,1,1,0
  0,1,2,1,3
  1,0,1,1,0
  1,1,1,1,2

  """

struct ReportTests {
  private func sources(_ paths: [String]) throws -> ReportSources {
    try ReportSources(paths) { _, _ in
      .init(
        model: "gru", subject: "diffusion", parameters: 1_039_361,
        isFromScratch: true, solvesSystems: true)
    }
  }

  private func page(_ folder: TemporaryFolder) throws -> String {
    try folder.write(robustness, to: "noise.csv")
    try folder.write("bvp robustness --data 'a b'\n", to: "noise.csv.command")
    try folder.write(study, to: "few.csv")
    try folder.write(sweep, to: "omega.csv")
    try folder.write(samples, to: "diffusion.csv")
    try folder.write("a,b\n1,2\n", to: "other.csv")
    try FileManager.default.createDirectory(
      atPath: folder.path("run"), withIntermediateDirectories: false)
    try folder.write("the recipe", to: "run/recipe.yaml")
    try folder.write(metrics, to: "run/metrics.csv")
    return Report(
      "Of <all>", sources: try sources([folder.path, folder.path("run")])
    ).html
  }

  @Test func everythingInAFolderIsOnThePage() throws {
    let html = try page(TemporaryFolder())
    for text in [
      "<title>Of &lt;all&gt;</title>", "relative noise on A", "net&lt;1&gt;",
      "bvp robustness --data 'a b'", "Study: few",
      "Error against samples", "5.00 % (1 of 2)", "never",
      "Beyond the training set: omega",
      "Samples: diffusion", "A, b, x", "1,039,361", "3.14e-04",
      "<pre>the recipe</pre>",
    ] {
      #expect(html.contains(text), "\(text)")
    }
    // The geometric mean of 1e-3 and 4e-3.
    #expect(html.contains("2.0e-03") && html.contains("0.020 ×÷ 2.67"))
    // Nothing is fetched.
    for text in ["<script", "http://", "https://", "url("] {
      let rest = html.replacingOccurrences(
        of: "http://www.w3.org/2000/svg", with: "")
      #expect(!rest.contains(text), "\(text)")
    }
  }

  @Test func everyFigureIsWellFormed() throws {
    let html = try page(TemporaryFolder())
    let parts = html.components(separatedBy: "<svg ").dropFirst()
    #expect(parts.count >= 6)
    for part in parts {
      let svg = "<svg " + (part.components(separatedBy: "</svg>")[0]) + "</svg>"
      let parser = XMLCheck()
      #expect(parser.isWellFormed(svg))
    }
  }

  @Test func whatIsMissingOrDamagedIsNamed() throws {
    let folder = try TemporaryFolder()
    #expect {
      try sources([folder.path + "/none"])
    } throws: {
      "\($0)".contains("none: there is no such run")
    }
    let strange = try folder.write("a,b\n1,2\n", to: "strange.csv")
    #expect {
      try sources([strange])
    } throws: {
      "\($0)".contains("strange.csv")
    }
    try folder.write("noise,target,level\n1,2\n", to: "strange.csv")
    #expect {
      try sources([folder.path])
    } throws: {
      "\($0)".contains("row 1 has 2 fields, expected 3")
    }
    // A known table that lacks a column is damaged, and not another one.
    for (text, column) in [
      (robustness, "median"), (sweep, "mse"),
    ] {
      try folder.write(
        text.replacing(",\(column),", with: ",x,", maxReplacements: 1),
        to: "strange.csv")
      #expect {
        try sources([folder.path])
      } throws: {
        "\($0)".hasSuffix("strange.csv: has no column '\(column)'")
      }
    }
  }

  /// A folder is read once, whatever leads to it, and the reading ends.
  @Test(.timeLimit(.minutes(1))) func linksLeadNowhereTwice() throws {
    let folder = try TemporaryFolder()
    let manager = FileManager.default
    for name in ["t/inner/run", "t/other"] {
      try manager.createDirectory(
        atPath: folder.path(name), withIntermediateDirectories: true)
    }
    try folder.write("the recipe", to: "t/inner/run/recipe.yaml")
    try folder.write(metrics, to: "t/inner/run/metrics.csv")
    try folder.write(sweep, to: "t/other/omega.csv")
    for (name, target) in [
      ("t/a", "."), ("t/b", "."), ("t/inner/c", ".."),
      ("t/other/d", "../inner"),
      ("t/other/again.csv", "omega.csv"),
    ] {
      try manager.createSymbolicLink(
        atPath: folder.path(name), withDestinationPath: target)
    }
    let found = try sources([
      folder.path("t"), folder.path("t/inner/c/b"), folder.path("t/inner/run"),
    ])
    #expect(found.trainings.map(\.name) == ["run"])
    #expect(found.sweeps.count == 1)
    // A pipe is no table, and nobody waits for one.
    #expect(mkfifo(folder.path("t/pipe.csv"), 0o666) == 0)
    #expect {
      try sources([folder.path("t")])
    } throws: {
      "\($0)".hasSuffix("pipe.csv: cannot be read")
    }
  }

  /// Two of one base name have names of their own, in tables and figures, and two
  /// networks that a table calls alike are two curves.
  @Test func namesTellEverythingApart() throws {
    let folder = try TemporaryFolder()
    for name in ["x/run", "y/run", "y/z"] {
      try FileManager.default.createDirectory(
        atPath: folder.path(name), withIntermediateDirectories: true)
      try folder.write("the recipe", to: name + "/recipe.yaml")
      try folder.write(metrics, to: name + "/metrics.csv")
    }
    let doubled = robustness.split(separator: "\n").map(String.init).flatMap {
      $0.contains("net<1>") ? [$0, $0] : [$0]
    }
    try folder.write(doubled.joined(separator: "\n"), to: "noise.csv")
    let found = try sources([folder.path])
    #expect(found.trainings.map(\.name) == ["x/run", "y/run", "z"])
    #expect(
      found.robustness[0].rows.map(\.solver)
        == ["lu", "lu", "net<1>", "net<1> (2)", "net<1>", "net<1> (2)"])
    let html = Report("t", sources: found).html
    for name in ["x/run", "y/run", "net&lt;1&gt; (2)"] {
      // In the table, and in the legend.
      #expect(html.components(separatedBy: ">\(name)<").count > 2, "\(name)")
    }
  }

  private static let browser = ["/usr/bin/chromium", "/usr/bin/google-chrome"]
    .first(where: FileManager.default.isExecutableFile)

  /// Chromium lays the page out: every figure has a size, and no element that
  /// is wider than the window is without a scroll bar of its own.
  @Test(.enabled(if: browser != nil), .timeLimit(.minutes(2)))
  func aBrowserShowsThePage() throws {
    let folder = try TemporaryFolder()
    let check = """
      <script>
      window.onload = () => {
        const sizes = [...document.querySelectorAll("svg")].map(
          s => s.getBoundingClientRect());
        document.title = "figures " + sizes.length + " shown "
          + sizes.filter(s => s.width > 300 && s.height > 150).length
          + " wide " + (document.documentElement.scrollWidth
            > document.documentElement.clientWidth);
      };
      </script>
      """
    let html = try page(folder).replacingOccurrences(
      of: "</body>", with: check + "</body>")
    let file = try folder.write(html, to: "page.html")
    let process = Process()
    let browser = try #require(Self.browser)
    process.executableURL = URL(fileURLWithPath: browser)
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
      "--window-size=1200,900", "--user-data-dir=\(folder.path)/profile",
      "file://" + file,
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let page = String(decoding: data, as: UTF8.self)
    let title = page.components(separatedBy: "<title>").dropFirst().first?
      .components(separatedBy: "</title>").first
    let count = html.components(separatedBy: "<svg ").count - 1
    #expect(title == "figures \(count) shown \(count) wide false")
  }
}

/// Whether tags are closed in the order in which they were opened.
private struct XMLCheck {
  func isWellFormed(_ text: String) -> Bool {
    var open: [Substring] = []
    for part in text.split(separator: "<", omittingEmptySubsequences: false)
      .dropFirst()
    {
      guard let end = part.firstIndex(of: ">") else { return false }
      let tag = part[..<end]
      if tag.hasSuffix("/") { continue }
      let name = tag.prefix { $0 != " " }
      if name.hasPrefix("/") {
        guard open.popLast() == name.dropFirst() else { return false }
      } else {
        open.append(name)
      }
    }
    return open.isEmpty
  }
}
