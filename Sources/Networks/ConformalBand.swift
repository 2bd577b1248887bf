import Foundation
import TensorFiles

/// An interval around a network's answers that holds the solution at all nodes at
/// once with a given probability, for systems like those it was calibrated on.
///
/// Split-conformal: of one part of the samples the root mean square of |u − û| at
/// each node over max |û| is the band's shape, of the other the (k + 1)-quantile of
/// the largest error over that shape its size, with which a new sample of the same
/// law is inside with at least that probability, whatever the network; Vovk,
/// Gammerman and Shafer, *Algorithmic Learning in a Random World* (2005).
public struct ConformalBand: Codable, Sendable, Equatable {
  /// The probability that the solution is inside at all nodes.
  public let coverage: Double
  /// Half of the width at each node over max |û|, [n].
  public let widths: [Double]
  /// How many samples gave its size.
  public let samples: Int
  /// What they were.
  public let data: String

  /// The key among a checkpoint's notes.
  public static let key = "conformal_band"

  /// The band that a checkpoint has; nil if it has none.
  ///
  /// - Throws: ``NetworkError/mismatch(_:)`` for one that is damaged.
  public init?(_ checkpoint: Checkpoint) throws {
    guard let note = checkpoint.notes[Self.key] else { return nil }
    guard
      let band = try? OutsideJSON.decode(Self.self, from: Data(note.utf8)),
      band.widths.count == checkpoint.configuration.n,
      band.widths.allSatisfy({ $0 >= 0 && $0.isFinite }),
      (0...1).contains(band.coverage)
    else {
      throw NetworkError.mismatch("'\(Self.key)' is damaged")
    }
    self = band
  }

  fileprivate init(
    coverage: Double, widths: [Double], samples: Int, data: String
  ) {
    self.coverage = coverage
    self.widths = widths
    self.samples = samples
    self.data = data
  }

  /// Half of the widths around an answer, n numbers.
  public func halfWidths(_ answer: [Double]) -> [Double] {
    let size = Self.size(answer)
    return widths.map { $0 * size }
  }

  /// Whether a solution is inside at all nodes.
  public func holds(_ u: some Sequence<Double>, around answer: [Double]) -> Bool
  {
    let half = halfWidths(answer)
    return zip(zip(u, answer), half).allSatisfy { pair, half in
      abs(pair.0 - pair.1) <= half
    }
  }

  private static func size(_ answer: [Double]) -> Double {
    answer.reduce(0) { max($0, abs($1)) }
  }

  /// Collects errors.
  public struct Calibration: Sendable {
    private var errors: [[Double]] = []
    /// Answers that are not finite, or zero where the solution is not.
    private var failures = 0

    public init() {}

    /// Adds a sample.
    public mutating func add(answer: [Double], u: [Double]) {
      let size = ConformalBand.size(answer)
      let own = zip(answer, u).map { abs($0 - $1) / size }
      if own.allSatisfy(\.isFinite) {
        errors.append(own)
      } else {
        failures += 1
      }
    }

    /// The band of so much coverage.
    ///
    /// - Parameters:
    ///   - coverage: the probability, above 0 and below 1.
    ///   - data: what the samples are.
    /// - Returns: the band.
    /// - Throws: ``NetworkError/mismatch(_:)`` if there are too few samples.
    public func band(coverage: Double, data: String) throws -> ConformalBand {
      let shaping = errors.prefix(errors.count / 2)
      let sizing = errors.dropFirst(errors.count / 2)
      let count = sizing.count + failures
      let rank = Int((Double(count + 1) * coverage).rounded(.up))
      guard let n = errors.first?.count, !shaping.isEmpty,
        rank <= sizing.count
      else {
        throw NetworkError.mismatch(
          "\(data): \(errors.count + failures) samples"
            + (failures > 0 ? ", \(failures) without a finite answer," : "")
            + " are too few for a coverage of \(coverage)")
      }
      var shape = [Double](repeating: 0, count: n)
      for error in shaping {
        for i in 0..<n { shape[i] += error[i] * error[i] }
      }
      shape = shape.map { ($0 / Double(shaping.count)).squareRoot() }
      // Where the network is exact, at a boundary, rounding is no error.
      let floor = max(1e-3 * (shape.max() ?? 0), 1e-15)
      shape = shape.map { max($0, floor) }
      let scores = sizing.map { error in
        zip(error, shape).reduce(0) { max($0, $1.0 / $1.1) }
      }.sorted()
      return ConformalBand(
        coverage: coverage, widths: shape.map { scores[rank - 1] * $0 },
        samples: count, data: data)
    }
  }
}
