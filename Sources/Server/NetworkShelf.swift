import Experiments
import Foundation
import Networks
import Parallel
import TensorFiles

/// The networks that are in use, loaded once; one thread at a time uses them.
final class NetworkShelf: @unchecked Sendable {
  /// A network that is ready for systems of one order.
  final class Loaded {
    let checkpoint: Checkpoint
    let predictor: Predictor
    let band: ConformalBand?
    /// What it was trained on; nil where it does not say.
    private(set) lazy var domain: Judged<TrainingDomain?> = Judged {
      try TrainingDomain(checkpoint, predictor: predictor)
    }

    fileprivate init(_ path: String, n: Int, engine: ComputeEngine) throws {
      checkpoint = try Checkpoint(path: path)
      do {
        predictor = try Predictor(
          checkpoint, engine: engine, precision: .f32, batch: 64, n: n)
      } catch let error as NetworkError {
        throw ServiceError.wrong("\(path): \(error)")
      }
      let band = try ConformalBand(checkpoint)
      self.band = band?.widths.count == n ? band : nil
    }
  }

  private struct Place {
    let entry: ServedFolder.Entry
    let n: Int
    let network: Loaded
  }

  /// So many stay in memory.
  private static let capacity = 8
  private let lock = NSRecursiveLock()
  private var engine: ComputeEngine?
  /// The last used last.
  private var places: [Place] = []

  /// Hands out the network of a file for systems of order `n`.
  ///
  /// - Throws: what is wrong with the file, or that it does not fit.
  func with<T>(
    _ entry: ServedFolder.Entry, n: Int, _ body: (Loaded) throws -> T
  ) throws -> T {
    lock.lock()
    defer { lock.unlock() }
    let old = places.firstIndex {
      $0.entry.path == entry.path && $0.n == n
        && $0.entry.modified == entry.modified
        && $0.entry.bytes == entry.bytes
    }
    let place: Place
    if let old {
      place = places.remove(at: old)
    } else {
      let own = try engine ?? ComputeEngine(threads: ThreadPool.processorCount)
      engine = own
      place = Place(
        entry: entry, n: n,
        network: try Loaded(entry.path, n: n, engine: own))
      if places.count >= Self.capacity { places.removeFirst() }
    }
    places.append(place)
    return try body(place.network)
  }
}
