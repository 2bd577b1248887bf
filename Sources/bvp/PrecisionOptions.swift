import ArgumentParser
import Foundation
import Networks
import Ranks
import Training

/// The precision a user asks for.
enum PrecisionChoice: String, CaseIterable, ExpressibleByArgument {
  case auto
  case f32
  case bf16

  /// The precision that is meant; nil leaves it to a measurement.
  var precision: Precision? {
    switch self {
    case .auto: nil
    case .f32: .f32
    case .bf16: .bf16
    }
  }
}

/// The arithmetic of the networks' products.
struct PrecisionOptions: ParsableArguments {
  @Option(
    help: """
      Of the networks' products: f32, bf16, or auto, which times both for a \
      moment. (default: auto to train and to measure speed, f32 for answers)
      """)
  var precision: PrecisionChoice?

  /// Whether the user says which, and does not leave it to the machine.
  var isFixed: Bool { (precision ?? .auto) != .auto }

  /// For training and for measurements, where nothing is said the faster one.
  ///
  /// - Parameters:
  ///   - configuration: the network that it is for.
  ///   - chunk: the samples that a worker takes at a time.
  ///   - threads: the workers.
  ///   - isTraining: whether the network is to be trained.
  ///   - report: receives a line that says what was measured.
  /// - Returns: the precision.
  /// - Throws: `NetworkError` if a primitive fails.
  func toTrain(
    _ configuration: @autoclosure () throws -> NetworkConfiguration,
    chunk: Int, threads: Int, isTraining: Bool = true,
    report: (String) -> Void
  ) throws -> Precision {
    if let precision = (precision ?? .auto).precision { return precision }
    /// Measures, and says what it found.
    func measure() throws -> Precision {
      let trial = try PrecisionTrial(
        configuration(), engine: ComputeEngine(threads: threads), chunk: chunk,
        isTraining: isTraining)
      if let gain = trial.gain {
        report(
          "precision auto: \(trial.fastest); a layer takes "
            + String(
              format: "%.2f ms in bf16, %.2f ms in f32 (%.2f times)",
              1e3 * (trial.seconds[.bf16] ?? 0),
              1e3 * (trial.seconds[.f32] ?? 0), gain))
      }
      return trial.fastest
    }
    // The processes of a job compute alike.
    let fastest = try Ranks.all.fromFirst(measure().rawValue)
    return Precision(rawValue: fastest) ?? .f32
  }

  /// For answers, where nothing is said the more accurate one.
  ///
  /// - Parameters:
  ///   - configuration: the network that it is for.
  ///   - threads: the workers.
  ///   - report: receives a line that says what was measured.
  /// - Returns: the precision.
  /// - Throws: `NetworkError` if a primitive fails.
  func toAnswer(
    _ configuration: NetworkConfiguration, threads: Int,
    report: (String) -> Void
  ) throws -> Precision {
    guard precision == .auto else { return precision?.precision ?? .f32 }
    return try toTrain(
      configuration, chunk: Schedule.defaultChunk, threads: threads,
      isTraining: false, report: report)
  }
}
