import Foundation
import TestSupport
import Testing

@testable import Parallel

/// A folder that looks like the file system of control groups.
private struct FakeGroups {
  let folder: TemporaryFolder

  init(_ files: [String: String], membership: String) throws {
    folder = try TemporaryFolder()
    for (name, text) in files {
      let path = folder.path(name)
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent,
        withIntermediateDirectories: true)
      try folder.write(text, to: name)
    }
    try folder.write(membership, to: "membership")
  }

  var group: ControlGroup {
    ControlGroup(root: folder.path, membership: folder.path("membership"))
  }
}

struct LimitsTests {
  @Test func theTightestQuotaOfAGroupAndItsParentsCounts() throws {
    let groups = try FakeGroups(
      [
        "a/cpu.max": "150000 100000\n", "a/b/cpu.max": "max 100000\n",
        "other/cpu.max": "1000 100000\n",
      ], membership: "0::/a/b\n")
    #expect(groups.group.processors == 1.5)
    #expect(groups.group.memory == nil)
  }

  @Test func version1IsReadToo() throws {
    // Of a container that sees its own group as the root.
    let groups = try FakeGroups(
      [
        "cpu/cpu.cfs_quota_us": "250000", "cpu/cpu.cfs_period_us": "100000",
        "memory/memory.limit_in_bytes": "1000000",
        "memory/memory.usage_in_bytes": "700000",
        "memory/memory.stat": "cache 5\ntotal_inactive_file 100000\n",
      ],
      membership: "4:memory:/docker/0123\n2:cpu,cpuacct:/docker/0123\n0::/\n")
    #expect(groups.group.processors == 2.5)
    #expect(groups.group.memory == 400_000)
    let free = try FakeGroups(
      [
        "cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000",
        "memory/memory.limit_in_bytes": "9223372036854771712",
      ], membership: "")
    #expect(free.group.processors == nil)
    #expect(free.group.memory == nil)
  }

  @Test func processorsAreThoseAllowedWithinTheQuota() {
    #expect(ThreadPool.processors(allowed: 8, quota: nil) == 8)
    #expect(ThreadPool.processors(allowed: 8, quota: 2.5) == 2)
    #expect(ThreadPool.processors(allowed: 8, quota: 0.5) == 1)
    #expect(ThreadPool.processors(allowed: 2, quota: 64) == 2)
    #expect(ThreadPool.processorCount >= 1)
  }

  @Test func theLeastOfAllLimitsIsAvailable() throws {
    let groups = try FakeGroups(
      [
        "meminfo": "MemTotal: 9 kB\nMemAvailable:  4000 kB\n",
        "statm": "100 1 1 1 0 1 0\n",
        "memory.max": "3000000", "memory.current": "1000000",
      ], membership: "0::/\n")
    func available(_ group: ControlGroup, _ addressSpace: Double?) -> Double {
      Memory.available(
        meminfo: groups.folder.path("meminfo"),
        statm: groups.folder.path("statm"), group: group,
        addressSpace: addressSpace)
    }
    let none = try FakeGroups([:], membership: "").group
    #expect(available(none, nil) == 4_096_000)
    #expect(available(groups.group, nil) == 2_000_000)
    let page = Double(sysconf(Int32(_SC_PAGESIZE)))
    #expect(available(none, 200 * page) == min(4_096_000, 100 * page))
    #expect(available(none, 50 * page) == 0)
  }

  @Test func workThatDoesNotFitIsRefusedWithBothSizes() throws {
    try Memory.require(1e6, for: "little")
    #expect {
      try Memory.require(1e18, for: "everything")
    } throws: {
      "\($0)".hasPrefix("everything: needs 1000.0 PB of memory; there are ")
    }
  }

  @Test func blocksAreBoundedByTheirBytes() {
    #expect(Memory.blockRows(256, bytes: 1000, threads: 2) == 256)
    let rows = Memory.blockRows(256, bytes: 8e6, threads: 1)
    #expect((1...33).contains(rows) && Double(rows) * 8e6 <= 0x1p28)
    #expect(Memory.blockRows(256, bytes: 1e12, threads: 1) == 1)
    #expect(
      Memory.blockRows(256, bytes: 1e12, threads: 1024)
        == min(256, ThreadPool.processorCount))
    #expect(Memory.blockRows(3, bytes: 1e12, threads: 1024) <= 3)
  }
}
