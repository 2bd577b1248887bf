import Foundation
import TestSupport
import Testing

@testable import TensorFiles

struct OutputTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func reason(_ body: () throws -> Void) -> String {
    do {
      try body()
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test func aSecondWriterOfAFileIsRefused() throws {
    let path = folder.path("x")
    let first = try AtomicFile(path: path)
    #expect(
      reason { _ = try AtomicFile(path: path) }
        == "\(path): another process (pid \(getpid())) is writing it")
    #expect(try folder.content.count == 1)
    try first.commit("first")
    try AtomicFile(path: path).commit("second")
    #expect(try folder.text("x") == "second")
  }

  @Test func aFileThatAppearedMeanwhileIsNotReplaced() throws {
    let path = folder.path("x")
    let file = try AtomicFile(path: path, replaces: false)
    try folder.write("other", to: "x")
    #expect(reason { try file.commit("mine") }.contains("exists already"))
    #expect(try folder.text("x") == "other")
    #expect(
      reason { _ = try AtomicFile(path: path, replaces: false) }
        .contains("exists already"))
  }

  @Test func whatAKilledWriterLeftIsSwept() throws {
    let mine = ["x.123-abc0de.tmp", "x.2147483647-zzzzzz.tmp"]
    let others = [
      "x.backup.tmp", "y.123-abc0de.tmp", "x.y.123-abc0de.tmp",
      "x.123-abc0de.tmp2", "x.abc-abc0de.tmp",
    ]
    for name in mine + others { try folder.write("left", to: name) }
    try AtomicFile(path: folder.path("x")).commit("new")
    #expect(try folder.content.sorted() == (others + ["x"]).sorted())
  }

  @Test func linksAreFollowed() throws {
    let manager = FileManager.default
    try manager.createDirectory(
      atPath: folder.path("inner"), withIntermediateDirectories: true)
    try folder.write("old", to: "inner/there")
    for (name, target) in [
      ("a", "inner/there"), ("b", folder.path("inner/new")), ("c", "a"),
    ] {
      try manager.createSymbolicLink(
        atPath: folder.path(name), withDestinationPath: target)
      let file = try AtomicFile(path: folder.path(name))
      // The temporary file is beside the one that it will be.
      #expect(try folder.content.allSatisfy { !$0.hasSuffix(".tmp") })
      try file.commit(name)
      #expect(
        try manager.destinationOfSymbolicLink(atPath: folder.path(name))
          == target)
    }
    #expect(try folder.text("inner/there") == "c")
    #expect(try folder.text("inner/new") == "b")
    try manager.createSymbolicLink(
      atPath: folder.path("loop"), withDestinationPath: "loop")
    #expect(
      reason { _ = try AtomicFile(path: folder.path("loop")) }
        .contains("links"))
  }

  @Test func whatIsNoFileIsNotReplaced() throws {
    #expect(mkfifo(folder.path("pipe"), 0o666) == 0)
    for path in [folder.path("pipe"), "/dev/null", "/dev/full"] {
      #expect(
        reason { try writeAtomically("x", to: path) }.contains("is a device"))
    }
    #expect(
      reason { try writeAtomically("x", to: folder.path) }
        .hasSuffix("is a folder"))
    #expect(reason { try writeAtomically("x", to: "") }.contains("empty"))
    #expect(reason { try createFolder("") }.contains("empty"))
    try folder.write("", to: "file")
    for path in [
      folder.path("file/x"), folder.path(String(repeating: "n", count: 300)),
      "/proc/nothing",
    ] {
      #expect(reason { try writeAtomically("x", to: path) }.hasPrefix(path))
      #expect(reason { try createFolder(path + "/y") }.hasPrefix(path))
    }
  }

  @Test func aTensorThatIsNotCompleteIsNoFile() throws {
    let path = folder.path("x")
    func write(_ body: (SafetensorsWriter) throws -> Void) throws {
      let writer = try SafetensorsWriter(
        path: path, tensors: [("a", .F64, [4]), ("b", .F32, [0, 2])])
      try body(writer)
      try writer.finish()
    }
    for body: (SafetensorsWriter) throws -> Void in [
      { _ in },
      { try $0.write("a", doubles: [1, 2, 3]) },
      {
        // As many bytes as it has, but not all of them.
        try $0.write("a", doubles: [1, 2])
        try $0.write("a", at: 1, doubles: [2, 3])
      },
    ] {
      #expect(
        reason { try write(body) }
          == "\(path): tensor 'a' was not written in full")
      #expect(try folder.content.isEmpty)
    }
    try write {
      try $0.write("a", at: 2, doubles: [3, 4])
      try $0.write("a", doubles: [1, 2])
    }
    #expect(try SafetensorsFile(path: path).doubles("a") == [1, 2, 3, 4])
  }

  @Test func aFolderHasOneWriter() throws {
    let path = folder.path("a/b")
    var lock: FolderLock? = try FolderLock(path)
    #expect(lock != nil)
    #expect(
      reason { _ = try FolderLock(path) }
        == "\(path): another process (pid \(getpid())) is writing it")
    lock = nil
    // A folder that was made for the lock goes with it, unless it is used.
    #expect(!FileManager.default.fileExists(atPath: path))
    lock = try FolderLock(path)
    try folder.write("x", to: "a/b/x")
    lock = nil
    // A lock whose owner was killed is nobody's.
    try folder.write("1\n", to: "a/b/.lock")
    lock = try FolderLock(path)
    #expect(try folder.text("a/b/.lock").hasPrefix("\(getpid())\n"))
    lock = nil
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: path) == ["x"])
  }

  /// The lock says whether it is held: the number in it may be that of another
  /// machine's process, of another user's, or of nobody.
  @Test func theLockDecidesAndNotTheNumber() throws {
    try createFolder(folder.path("run"))
    let file = folder.path("run/.lock")
    for (text, owner) in [
      ("2147483646\n", "2147483646"), ("1\n", "1"),
      ("\(getpid())\nelsewhere\n", "\(getpid()) on elsewhere"),
    ] {
      try folder.write(text, to: "run/.lock")
      #expect(!FolderLock.isHeld(folder.path("run")))
      let handle = open(file, O_RDWR)
      #expect(flock(handle, LOCK_EX | LOCK_NB) == 0)
      #expect(FolderLock.isHeld(folder.path("run")))
      for body: () throws -> Void in [
        { try writeAtomically("x", to: folder.path("run/x")) },
        { _ = try FolderLock(folder.path("run")) },
      ] {
        #expect(
          reason(body).hasSuffix("another process (pid \(owner)) is writing it")
        )
      }
      close(handle)
      try writeAtomically("x", to: folder.path("run/x"))
    }
    // What another program locks under that name is its own affair.
    try folder.write("of another program", to: "run/.lock")
    let handle = open(file, O_RDWR)
    #expect(flock(handle, LOCK_EX | LOCK_NB) == 0)
    #expect(!FolderLock.isHeld(folder.path("run")))
    close(handle)
    // Whoever has the lock writes.
    let lock = try FolderLock(folder.path("run"))
    try writeAtomically("y", to: folder.path("run/x"))
    #expect(!FolderLock.isHeld(folder.path("run")))
    withExtendedLifetime(lock) {}
  }

  /// Any name that a file system takes is written, and swept, under a temporary one.
  @Test func longNamesAreNames() throws {
    for length in [200, 231, 232, 243, 255] {
      for letter in ["n", "é"] {
        let name = String(repeating: letter, count: length / letter.utf8.count)
        let path = folder.path(name)
        let file = try AtomicFile(path: path)
        #expect(
          reason { _ = try AtomicFile(path: path) }.contains("another process"))
        #expect(try folder.content.count == 1)
        try file.commit("text")
        #expect(try folder.content == [name])
        unlink(path)
      }
    }
    #expect(
      reason {
        try writeAtomically(
          "x", to: folder.path(String(repeating: "n", count: 256)))
      }
      .contains("name too long"))
  }

  @Test func aDashIsNoName() throws {
    for body: () throws -> Void in [
      { try writeAtomically("x", to: "-") }, { try createFolder("-") },
      { _ = try FolderLock("-") },
    ] { #expect(reason(body).contains("./- is a file")) }
    try writeAtomically("x", to: folder.path("-"))
    #expect(try folder.content == ["-"])
  }
}
