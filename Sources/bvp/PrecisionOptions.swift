import ArgumentParser
import Networks

/// The precision a user asks for.
enum PrecisionChoice: String, CaseIterable, ExpressibleByArgument {
  case auto
  case f32
  case bf16

  var precision: Precision {
    switch self {
    case .auto: .automatic
    case .f32: .f32
    case .bf16: .bf16
    }
  }
}

/// The arithmetic of the networks' products.
struct PrecisionOptions: ParsableArguments {
  @Option(
    help: """
      Of the networks' products: auto (bf16 where the processor has it in \
      hardware), f32 or bf16. (default: auto to train and to measure speed, \
      f32 for answers)
      """)
  var precision: PrecisionChoice?

  /// Whether the user says which, and does not leave it to the machine.
  var isFixed: Bool { (precision ?? .auto) != .auto }

  /// For training, where nothing is said the faster one.
  var toTrain: Precision { (precision ?? .auto).precision }

  /// For answers, where nothing is said the more accurate one.
  var toAnswer: Precision { (precision ?? .f32).precision }
}
