/// The final errors of fine-tuning and of training from scratch on the same
/// number of samples, as geometric means over the seeds.
public struct TransferComparison: ResultRow, Equatable {
  public var samples = 0
  public var finetuned = 0.0
  public var scratch = 0.0
  /// Scratch's error over fine-tuning's.
  public var ratio = 0.0
  /// The epochs of either.
  public var finetunedEpochs = 0
  public var scratchEpochs = 0
  /// The first epoch at which fine-tuning is as good as scratch at its end; nil
  /// if it never is.
  public var finetunedReaches: Int?
  /// The first epoch at which scratch is as good as fine-tuning at its end; nil
  /// if it never is.
  public var scratchReaches: Int?

  public init() {}

  public static var fields: [ResultField<TransferComparison>] {
    [
      .column("samples", \.samples),
      .column(
        "finetuned_mse", \.finetuned, heading: "fine-tuned", unit: "u²"),
      .column("scratch_mse", \.scratch, heading: "scratch", unit: "u²"),
      .column("ratio", \.ratio),
      .column("finetuned_epochs", \.finetunedEpochs, isShown: false),
      .column("scratch_epochs", \.scratchEpochs, isShown: false),
      .column(
        "finetuned_epochs_to_scratch", \.finetunedReaches,
        heading: "reaches scratch in epoch", missing: "never"),
      .column(
        "scratch_epochs_to_finetuned", \.scratchReaches,
        heading: "scratch reaches it in epoch", missing: "never"),
    ]
  }

  /// Compares both starts at each number of samples.
  public static func compare(_ rows: [TransferRow]) -> [TransferComparison] {
    TransferCurve.curves(rows).grouped(by: \.samples).compactMap {
      samples, curves in
      guard
        let finetuned = curves.first(where: {
          $0.start == TransferStart.finetuned.rawValue
        })?
        .points,
        let scratch = curves.first(where: {
          $0.start == TransferStart.scratch.rawValue
        })?.points,
        let a = finetuned.last, let b = scratch.last
      else { return nil }
      var result = TransferComparison()
      result.samples = samples
      result.finetuned = a.mse
      result.scratch = b.mse
      result.ratio = b.mse / a.mse
      result.finetunedEpochs = a.epoch
      result.scratchEpochs = b.epoch
      result.finetunedReaches = finetuned.first { $0.mse <= b.mse }?.epoch
      result.scratchReaches = scratch.first { $0.mse <= a.mse }?.epoch
      return result
    }
  }

  /// The comparison in words.
  public var sentence: String {
    let number = NumberFormat.scientific.text
    let ends =
      "\(samples) samples: fine-tuned \(number(finetuned)) after "
      + "\(finetunedEpochs) epochs, from scratch \(number(scratch)) after "
      + "\(scratchEpochs)"
    guard finetuned <= scratch else {
      return "\(ends); here scratch is the better start"
    }
    let reached =
      finetunedReaches.map {
        "fine-tuning is past scratch's final error by epoch \($0)"
      } ?? "fine-tuning never reaches scratch's final error"
    let scratchReached =
      scratchReaches.map { "scratch takes \($0) epochs to fine-tuning's" }
      ?? "scratch never reaches fine-tuning's"
    let times = NumberFormat.fixed(ratio < 10 ? 1 : 0).text(ratio)
    return "\(ends) (\(times) times the error); \(reached), \(scratchReached)"
  }
}
