import Foundation
import TensorFiles
import TestSupport
import Testing

@Suite struct NumberArrayTests {
  /// A file as NumPy writes it.
  private func npy(
    _ header: String, _ numbers: [Double], version: UInt8 = 1
  ) -> Data {
    var data = Data([0x93]) + Data("NUMPY".utf8) + Data([version, 0])
    let text = Data((header + "\n").utf8)
    let size = UInt32(text.count)
    data +=
      version == 1
      ? withUnsafeBytes(of: UInt16(size).littleEndian) { Data($0) }
      : withUnsafeBytes(of: size.littleEndian) { Data($0) }
    data += text
    for number in numbers {
      withUnsafeBytes(of: number) { data += Data($0) }
    }
    return data
  }

  private let good =
    "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }"

  @Test(arguments: [UInt8(1), 2])
  func numbersAreThoseOfTheFile(_ version: UInt8) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.npy")
    let numbers = [1, 2, 3, -4, 5e-300, .infinity]
    try npy(good, numbers, version: version).write(
      to: URL(fileURLWithPath: path))
    let array = try NumberArray(npy: path)
    #expect(array.shape == [2, 3])
    #expect(try array(0..<6) == numbers)
    #expect(try array(3..<5) == [-4, 5e-300])
  }

  @Test func whatIsNoArrayIsSaid() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.npy")
    let cases: [(Data, String)] = [
      (Data(), "is no .npy file"), (Data("hello, world".utf8), "no .npy"),
      (npy(good, [1]), "8 bytes of numbers"),
      (npy(good.replacing("False", with: "True"), []), "Fortran"),
      (npy(good.replacing("<f8", with: "<i8"), []), "'<i8'"),
      (npy(good.replacing("<f8", with: ">f8"), []), "'>f8'"),
      (npy(good.replacing("(2, 3)", with: "(-2, 3)"), []), "damaged"),
      (npy(good.replacing("(2, 3)", with: "(2, x)"), []), "damaged"),
      (
        npy(good.replacing("(2, 3)", with: "(9999999999, 9999999999)"), []),
        "needs"
      ),
      (npy("{}", []), "nothing"),
      (npy(good, []).prefix(20), "damaged"),
    ]
    for (data, part) in cases {
      try data.write(to: URL(fileURLWithPath: path))
      var message = "no error"
      do { _ = try NumberArray(npy: path) } catch { message = "\(error)" }
      #expect(message.contains(part), "\(message)")
      #expect(message.hasPrefix(path))
    }
  }
}
