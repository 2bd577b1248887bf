import Foundation

/// What Linux's control groups leave to this process: the limits of its own
/// group and of all above it, of version 1 or 2, as containers set them.
struct ControlGroup {
  private let v2: [String]
  private let v1CPU: [String]
  private let v1Memory: [String]

  /// Looks up the groups of a process.
  ///
  /// - Parameters:
  ///   - root: where the file systems of control groups are mounted.
  ///   - membership: `/proc/self/cgroup`; lines `number:controllers:path`.
  init(
    root: String = "/sys/fs/cgroup", membership: String = "/proc/self/cgroup"
  ) {
    var own: [String: String] = [:]
    for line in Self.text(membership)?.split(separator: "\n") ?? [] {
      let parts = line.split(
        separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      for name in parts[1].split(
        separator: ",", omittingEmptySubsequences: false)
      { own[String(name)] = String(parts[2]) }
    }
    v2 = Self.folders(root, own[""])
    v1CPU =
      Self.folders(root + "/cpu", own["cpu"])
      + Self.folders(root + "/cpu,cpuacct", own["cpu"])
    v1Memory = Self.folders(root + "/memory", own["memory"])
  }

  /// A group's folder and those above it.
  ///
  /// A container may see its own group as the root, whatever its path is called
  /// outside.
  private static func folders(_ root: String, _ path: String?) -> [String] {
    var names = (path ?? "").split(separator: "/").map(String.init)
    if names.contains("..") { names = [] }
    return (0...names.count).map {
      ([root] + names.prefix($0)).joined(separator: "/")
    }
  }

  /// The processors' worth of time that the tightest quota gives; nil where
  /// there is none.
  var processors: Double? {
    let quotas =
      v2.compactMap { folder -> Double? in
        // "max 100000" or "150000 100000".
        let words = Self.text(folder + "/cpu.max")?.split { $0.isWhitespace }
        guard let words, words.count == 2 else { return nil }
        return Self.ratio(Double(words[0]), Double(words[1]))
      }
      + v1CPU.compactMap { folder in
        Self.ratio(
          Self.number(folder + "/cpu.cfs_quota_us"),
          Self.number(folder + "/cpu.cfs_period_us"))
      }
    return quotas.min()
  }

  /// The bytes that the tightest limit leaves, what the kernel can take back
  /// from files not counted as used; nil where there is no limit.
  var memory: Double? {
    let rests =
      v2.compactMap { folder in
        Self.rest(
          folder, "memory.max", "memory.current", reclaimable: "inactive_file")
      }
      + v1Memory.compactMap { folder in
        Self.rest(
          folder, "memory.limit_in_bytes", "memory.usage_in_bytes",
          reclaimable: "total_inactive_file")
      }
    return rests.min()
  }

  private static func rest(
    _ folder: String, _ limit: String, _ usage: String, reclaimable: String
  ) -> Double? {
    // Version 1 writes a limit beyond any machine where there is none.
    guard let limit = number(folder + "/" + limit), limit < 0x1p60 else {
      return nil
    }
    let used = number(folder + "/" + usage) ?? 0
    let files = field(reclaimable, of: folder + "/memory.stat") ?? 0
    return max(0, limit - max(0, used - files))
  }

  private static func ratio(_ quota: Double?, _ period: Double?) -> Double? {
    guard let quota, let period, quota > 0, period > 0 else { return nil }
    return quota / period
  }

  // MARK: Files

  static func text(_ path: String) -> String? {
    // Files of /proc have no size, which some readers trust.
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? file.close() }
    guard let data = try? file.readToEnd() else { return nil }
    return String(decoding: data, as: UTF8.self)
  }

  private static func number(_ path: String) -> Double? {
    text(path).flatMap {
      Double($0.trimmingCharacters(in: .whitespacesAndNewlines))
    }
  }

  /// The number behind a name in lines of names and numbers.
  static func field(_ name: String, of path: String) -> Double? {
    for line in text(path)?.split(separator: "\n") ?? [] {
      let words = line.split { $0 == ":" || $0.isWhitespace }
      if words.count >= 2, words[0] == name { return Double(words[1]) }
    }
    return nil
  }
}
