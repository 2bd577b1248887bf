import CKernels
import Foundation
import Parallel

/// A network's parameters and gradients, and what its products read of them.
final class ParameterStore: @unchecked Sendable {
  let layout: ParameterLayout
  let parameters: AlignedBuffer<Float>
  /// Empty for inference.
  let gradients: AlignedBuffer<Float>
  private let halves: AlignedBuffer<UInt16>?

  /// A weight matrix in the order that some products read it in.
  private struct Packing: @unchecked Sendable {
    let offset: Int
    /// One of those products.
    let product: Matmul
    let memory: AlignedBuffer<UInt8>
  }

  private let lock = NSLock()
  private var packings: [Packing] = []

  init(_ layout: ParameterLayout, precision: Precision, isTraining: Bool) {
    self.layout = layout
    parameters = AlignedBuffer(count: layout.length)
    gradients = AlignedBuffer(count: isTraining ? layout.length : 0)
    halves = precision == .bf16 ? AlignedBuffer(count: layout.length) : nil
  }

  /// Brings what the products read up to date with the parameters.
  ///
  /// - Throws: ``NetworkError`` if a primitive fails.
  func parametersChanged(threads: Int) throws {
    let tensors = layout.tensors
    let packings = Dictionary(grouping: packings, by: \.offset)
    try parallelTasks(tensors.count, threads: threads) { index, _ in
      let tensor = tensors[index]
      if let halves = self.halves {
        ck_bf16_from_f32(
          self.parameters.pointer + tensor.offset,
          halves.pointer + tensor.offset, tensor.count)
      }
      for packing in packings[tensor.offset] ?? [] {
        try packing.product.pack(
          self.plain(tensor.offset), into: packing.memory.pointer)
      }
    }
  }

  /// A parameter tensor as Float32.
  func parameter(_ offset: Int) -> UnsafePointer<Float> {
    UnsafePointer(parameters.pointer + offset)
  }

  /// The weight matrix at an offset as a product reads it; all products that
  /// read it in the same order share it.
  ///
  /// - Throws: ``NetworkError`` if a primitive fails.
  func weights(_ offset: Int, for product: Matmul) throws -> UnsafeRawPointer {
    guard product.packedSize > 0 else { return plain(offset) }
    return try lock.withLock {
      let known = packings.first {
        $0.offset == offset && $0.product.packsAs(product)
      }
      if let known { return UnsafeRawPointer(known.memory.pointer) }
      let memory = AlignedBuffer<UInt8>(count: product.packedSize)
      try product.pack(plain(offset), into: memory.pointer)
      packings.append(
        Packing(offset: offset, product: product, memory: memory))
      return UnsafeRawPointer(memory.pointer)
    }
  }

  /// A weight matrix at the precision of the products, as it is stored.
  private func plain(_ offset: Int) -> UnsafeRawPointer {
    if let halves { return UnsafeRawPointer(halves.pointer + offset) }
    return UnsafeRawPointer(parameters.pointer + offset)
  }
}
