import Foundation

/// Turns inputs into others: bytes, tokens and lines of any, numbers and parts
/// of the header of a file of tensors.
struct FuzzMutation {
  var random: FuzzRandom
  /// What parts are taken from.
  let corpus: [FuzzInput]

  /// What has broken readers before, or might.
  private static let words = [
    "0", "-0", "1", "-1", "2", "3", "64", "4096", "65536", "1e308", "-1e308",
    "1e-320", "1e400", "5e-324", "nan", "-nan", "inf", "-inf", ".nan", ".inf",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808",
    "18446744073709551615", "99999999999999999999", "0x10", "1_000", "0.1e",
    "true", "false", "null", "~", "yes", "", " ", "\t", "\n", "\r\n", "\r",
    "\u{0}", "\u{7}", "\u{1b}[31m", "\u{85}", "\u{2028}", "\u{feff}", "\u{301}",
    "é", "\u{200d}", "😀", "\u{10ffff}", "'", "\"", "\\", "\\n", "&a ", "*a",
    "<<: *a", "!!binary ", "!!float ", "---\n", "...\n", "? ", ">-\n", "|\n",
    "{", "}", "[", "]", ",", ":", "#", "- ", "%YAML 1.1\n", "x", "pi", "sin(",
    "(", ")", "^", "**", "<=", "where(", "indicator(0, 1)", "min(",
  ]

  /// A changed input, of one to four changes.
  mutating func mutant() -> FuzzInput {
    var input = random.pick(corpus)
    for _ in 0...random.below(4) { change(&input) }
    // A second is much for what is small.
    input.bytes.removeSubrange(min(input.bytes.count, 1 << 16)...)
    return input
  }

  private mutating func change(_ input: inout FuzzInput) {
    if input.kind == .tensors, !random.once(in: 4) {
      changeTensors(&input)
    } else if input.kind == .tensors || random.once(in: 5) {
      changeBytes(&input.bytes)
    } else if random.once(in: 3) {
      changeLines(&input)
    } else {
      changeTokens(&input.bytes)
    }
  }

  // MARK: Bytes

  private mutating func changeBytes(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else {
      bytes = [UInt8(random.below(256))]
      return
    }
    let place = random.below(bytes.count)
    switch random.below(6) {
    case 0: bytes[place] = UInt8(random.below(256))
    case 1: bytes[place] ^= 1 << UInt8(random.below(8))
    case 2: bytes.insert(UInt8(random.below(256)), at: place)
    case 3: bytes.remove(at: place)
    case 4: bytes.removeSubrange(place...)
    default:
      let end = min(bytes.count, place + 1 + random.below(16))
      bytes.insert(contentsOf: bytes[place..<end], at: random.below(place + 1))
    }
  }

  // MARK: Tokens

  /// Words, numbers, and every other byte by itself.
  private func tokens(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    func isWord(_ byte: UInt8) -> Bool {
      switch byte {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x5f, 0x2e, 0x80...: true
      default: false
      }
    }
    var tokens: [ArraySlice<UInt8>] = []
    var start = 0
    while start < bytes.count {
      var end = start + 1
      while isWord(bytes[start]), end < bytes.count, isWord(bytes[end]) {
        end += 1
      }
      tokens.append(bytes[start..<end])
      start = end
    }
    return tokens
  }

  private mutating func changeTokens(_ bytes: inout [UInt8]) {
    var tokens = tokens(bytes)
    let word = ArraySlice(random.pick(Self.words).utf8)
    guard !tokens.isEmpty else {
      bytes = Array(word)
      return
    }
    let (place, other) = (
      random.below(tokens.count), random.below(tokens.count)
    )
    switch random.below(6) {
    case 0: tokens.remove(at: place)
    case 1: tokens.insert(tokens[other], at: place)
    case 2: tokens.swapAt(place, other)
    case 3: tokens.insert(word, at: place)
    case 4:
      // Many of one: deep or long where there was one.
      let copies = Array(repeating: tokens[place], count: 1 << random.below(10))
      tokens.insert(contentsOf: copies, at: place)
    default: tokens[place] = word
    }
    bytes = Array(tokens.joined())
  }

  private mutating func changeLines(_ input: inout FuzzInput) {
    var lines = input.bytes.split(
      separator: 0x0a, omittingEmptySubsequences: false)
    let place = random.below(lines.count)
    switch random.below(5) {
    case 0: lines.remove(at: place)
    case 1: lines.insert(lines[random.below(lines.count)], at: place)
    case 2: lines.swapAt(place, random.below(lines.count))
    case 3:
      lines[place] =
        [UInt8](repeating: 0x20, count: random.below(5))
        + (random.once(in: 2) ? lines[place] : lines[place].dropFirst(2))
    default:
      let kind = input.kind
      let donors = corpus.filter { $0.kind == kind }
      let other = random.pick(donors).bytes.split(
        separator: 0x0a, omittingEmptySubsequences: false)
      lines.insert(other[random.below(other.count)], at: place)
    }
    input.bytes = Array(lines.joined(separator: [0x0a]))
  }

  // MARK: Files of tensors

  private mutating func changeTensors(_ input: inout FuzzInput) {
    let bytes = input.bytes
    let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard bytes.count > 8, length >= 0, length <= bytes.count - 8 else {
      return changeBytes(&input.bytes)
    }
    var header = Array(bytes[8..<(8 + length)])
    var body = Array(bytes[(8 + length)...])
    switch random.below(6) {
    case 0: changeTokens(&header)
    case 1, 2: changeNumbers(&body)
    default:
      let parsed = try? JSONSerialization.jsonObject(with: Data(header))
      guard var entries = parsed as? [String: Any] else {
        return changeTokens(&input.bytes)
      }
      switch random.below(5) {
      case 0: changeEntry(&entries, &body)
      case 1, 2: changeLayout(&entries, &body)
      default: changeMetadata(&entries)
      }
      let data = try? JSONSerialization.data(
        withJSONObject: entries, options: [.sortedKeys])
      header = data.map([UInt8].init) ?? header
    }
    let claimed =
      random.once(in: 30)
      ? random.pick([0, 1, header.count + 8, 1 << 40, Int.max]) : header.count
    let word = (0..<8).map { UInt8(truncatingIfNeeded: claimed >> (8 * $0)) }
    input.bytes = word + header + body
  }

  /// Numbers of a body become others.
  private mutating func changeNumbers(_ body: inout [UInt8]) {
    let numbers: [Double] = [
      .nan, .infinity, -.infinity, 0, -0.0, 1, -1, 1e300, -1e300,
      .leastNonzeroMagnitude,
      0x1p-1030, .greatestFiniteMagnitude, 0.5, 0x1p53,
    ]
    for _ in 0...random.below(3) where body.count >= 8 {
      let place = random.below(body.count / 8) * 8
      let number = random.pick(numbers)
      // Of eight bytes, or of four twice.
      let bits =
        random.once(in: 2)
        ? number.bitPattern
        : UInt64(Float(number).bitPattern) * 0x1_0000_0001
      for k in 0..<8 {
        body[place + k] = UInt8(truncatingIfNeeded: bits >> (8 * k))
      }
    }
  }

  /// A value or a key of the metadata.
  private mutating func changeMetadata(_ entries: inout [String: Any]) {
    let found = entries["__metadata__"] as? [String: String]
    guard var metadata = found, !metadata.isEmpty else { return }
    let key = random.pick(metadata.keys.sorted())
    switch random.below(8) {
    case 0: metadata[key] = nil
    case 1: metadata[random.pick(metadata.keys.sorted())] = metadata[key]
    case 2:
      metadata[random.pick(Self.words)] = metadata[key]
      metadata[key] = nil
    case 3...5: metadata[key] = random.pick(Self.words)
    default:
      var text = Array((metadata[key] ?? "").utf8)
      changeTokens(&text)
      metadata[key] = String(decoding: text, as: UTF8.self)
    }
    entries["__metadata__"] = metadata
  }

  /// A tensor's name, type, shape or place.
  private mutating func changeEntry(
    _ entries: inout [String: Any], _ body: inout [UInt8]
  ) {
    let names = entries.keys.filter { $0 != "__metadata__" }.sorted()
    guard !names.isEmpty else { return }
    let name = random.pick(names)
    var entry = entries[name] as? [String: Any] ?? [:]
    let sizes: [Any] = [
      0, 1, 2, 3, 5, 1 << 31, Int.max, -1, 1.5, 1e300, "4", true, NSNull(),
    ]
    switch random.below(7) {
    case 0: entries[name] = nil
    case 1:
      entries[name] = nil
      entries[random.pick(Self.words)] = entry
      return
    case 2:
      entry["dtype"] = random.pick([
        "F64", "F32", "BF16", "F16", "I64", "U8", "BOOL", "F8", "",
      ])
    case 3, 4:
      var shape = entry["shape"] as? [Any] ?? []
      if shape.isEmpty || random.once(in: 3) {
        shape.insert(random.pick(sizes), at: random.below(shape.count + 1))
      } else if random.once(in: 2) {
        shape[random.below(shape.count)] = random.pick(sizes)
      } else {
        shape.swapAt(0, random.below(shape.count))
      }
      entry["shape"] = shape
    case 5:
      entry["data_offsets"] = [random.pick(sizes), random.pick(sizes)]
    default:
      // An empty tensor where there is room for one.
      entry["shape"] = [0]
      entry["data_offsets"] = [body.count, body.count]
    }
    entries[name] = entry
  }

  /// A tensor is resized, retyped, left out or given twice in a file that stays
  /// whole: all places follow.
  private mutating func changeLayout(
    _ entries: inout [String: Any], _ body: inout [UInt8]
  ) {
    struct Tensor {
      var name: String
      var dtype: String
      var shape: [Int]
      var bytes: [UInt8]
    }
    var tensors: [Tensor] = []
    for (name, value) in entries.sorted(by: { $0.key < $1.key }) {
      guard let entry = value as? [String: Any],
        let dtype = entry["dtype"] as? String,
        let shape = entry["shape"] as? [Int],
        let range = entry["data_offsets"] as? [Int], range.count == 2,
        range[0] >= 0, range[0] <= range[1], range[1] <= body.count
      else { continue }
      tensors.append(
        Tensor(
          name: name, dtype: dtype, shape: shape,
          bytes: Array(body[range[0]..<range[1]])))
    }
    guard !tensors.isEmpty else { return }
    let place = random.below(tensors.count)
    switch random.below(8) {
    case 0: tensors.remove(at: place)
    case 1:
      var other = tensors[random.below(tensors.count)]
      other.name = tensors[place].name
      tensors[place] = other
    case 2: tensors[place].dtype = random.pick(["F64", "F32", "BF16", "I64"])
    case 3: tensors[place].shape.reverse()
    case 4: tensors[place].shape.append(1)
    default:
      guard !tensors[place].shape.isEmpty else { break }
      let axis = random.below(tensors[place].shape.count)
      let size = min(max(tensors[place].shape[axis], 0), 1 << 12)
      tensors[place].shape[axis] = random.pick([
        0, 1, 2, max(0, size - 1), size + 1, 2 * size,
      ])
    }
    body = []
    for name in entries.keys where name != "__metadata__" {
      entries[name] = nil
    }
    for tensor in tensors {
      let size = ["F64": 8, "I64": 8, "F32": 4][tensor.dtype] ?? 2
      let count = tensor.shape.reduce(size) {
        $0.multipliedReportingOverflow(by: $1).0
      }
      guard (0..<(1 << 20)).contains(count) else { continue }
      let old = tensor.bytes.isEmpty ? [0] : tensor.bytes
      let bytes = (0..<count).map { old[$0 % old.count] }
      entries[tensor.name] = [
        "dtype": tensor.dtype, "shape": tensor.shape,
        "data_offsets": [body.count, body.count + count],
      ]
      body += bytes
    }
  }
}
