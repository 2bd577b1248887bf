import ArgumentParser
import Foundation
import Reports
import Systems
import Tables
import TensorFiles

/// Where a picture of a solution goes.
struct PlotOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Draw the solution and its coefficients: a file, .svg or .png, or terminal. \
      The CSV is then printed only where standard output is a file or a pipe.
      """, valueName: "file"), completion: .file())
  var plot: String?

  @OptionGroup var force: ForceOptions

  /// Points of a drawn curve.
  private static let points = 1001

  func validate() throws {
    if force.force, plot == nil || plot == "terminal" {
      throw ValidationError("--force means nothing without a file to --plot")
    }
    guard let plot, plot != "terminal" else { return }
    guard isPicture(plot) else {
      throw ValidationError(
        "--plot takes a file that ends in .svg or .png, or terminal")
    }
  }

  /// Begins the file, before any work, if there is to be one.
  func open() throws -> AtomicFile? {
    try plot.flatMap { $0 == "terminal" ? nil : try force.open($0) }
  }

  /// Draws what there is to draw.
  ///
  /// - Parameters:
  ///   - columns: the solution.
  ///   - title: what stands above.
  ///   - file: the one that was begun.
  /// - Returns: whether the CSV is wanted too.
  /// - Throws: what the columns and the file throw; `CommandFailure` without
  ///   the program that makes pixels.
  func draw(
    _ columns: SolutionColumns, title: String, in file: AtomicFile?
  ) throws -> Bool {
    guard let plot else { return true }
    let figure = SolutionFigure(
      title, try columns.table(points: Self.points))
    if plot == "terminal" {
      Console.print(
        figure.text(columns: min(160, Console.width(of: STDOUT_FILENO))))
      return false
    }
    if let file { try commitPicture(figure.svg, to: file) }
    return isatty(STDOUT_FILENO) == 0
  }
}

/// Whether a path is one of a picture that can be drawn.
func isPicture(_ path: String) -> Bool {
  path.hasSuffix(".svg") || path.hasSuffix(".png")
}

/// Writes a drawing to a file that was begun, as pixels if its name says so.
func commitPicture(_ svg: String, to file: AtomicFile) throws {
  if file.path.hasSuffix(".svg") {
    try file.commit(svg)
  } else {
    try file.commit(pixels(svg, file.path))
  }
}

/// Turns a drawing into pixels by librsvg's program.
private func pixels(_ svg: String, _ path: String) throws -> Data {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = ["rsvg-convert", "--zoom", "2", "--format", "png"]
  let (input, output) = (Pipe(), Pipe())
  process.standardInput = input
  process.standardOutput = output
  process.standardError = FileHandle.nullDevice
  try process.run()
  // The drawing is larger than a pipe: it is written while the picture is read.
  let writer = Thread {
    // A reader that has gone away says why by its status.
    try? input.fileHandleForWriting.write(contentsOf: Data(svg.utf8))
    try? input.fileHandleForWriting.close()
  }
  writer.start()
  let data = output.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  guard process.terminationStatus == 0, !data.isEmpty else {
    throw CommandFailure(
      "\(path): no PNG could be made; it needs rsvg-convert (Debian: "
        + "librsvg2-bin), .svg needs nothing")
  }
  return data
}
