#if BVP_SERVE
import ArgumentParser
import Foundation
import Parallel
import Server
import TensorFiles

struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Open the workbench as a page in a browser.",
    discussion: """
      The page is about a folder: its equation files, datasets, checkpoints and
      runs. What it makes goes there, into datasets and runs, by the same commands
      that it shows. The address that is printed has a token, new each time, without
      which nobody gets an answer: the page keeps it in its tab, scripts send it as
      'Authorization: Bearer TOKEN'. It is on this machine only unless --host says
      otherwise. SIGINT ends it, with trainings saved.

      EXAMPLE:

        bvp serve experiments

      EXAMPLE: from a machine far away, through ssh, at any port here

        ssh -L 9090:127.0.0.1:8080 far.example bvp serve experiments
        # then the address that it prints, with 9090 for 8080

      EXAMPLE: for scripts, with a token that nobody else reads

        bvp serve experiments --token-file ~/.bvp-token &
        curl -H "Authorization: Bearer $(sed 's/.*token=//' ~/.bvp-token)" \\
          127.0.0.1:8080/api/jobs
      """)

  @Argument(help: "The folder.", completion: .directory)
  var folder = "."

  @Option(
    parsing: .unconditional, help: "The port; 0 takes any that is free.")
  var port: UInt16 = 8080

  @Option(
    help: ArgumentHelp(
      """
      The address to listen on; 0.0.0.0 lets all in who can reach this machine \
      and have the token.
      """, valueName: "address"))
  var host = "127.0.0.1"

  @Option(
    help: ArgumentHelp(
      """
      Write the address with the token to this file, which nobody else may read \
      (mode 0600), and print it without. The file of an earlier server is replaced; \
      the server's end removes it.
      """, valueName: "file"), completion: .file())
  var tokenFile: String?

  @Option(
    name: .customLong("known-as"),
    help: ArgumentHelp(
      "Another name of this host, which a proxy passes on; once for each.",
      valueName: "name"))
  var names: [String] = []

  /// Answers one request of a server, which has begun this process.
  @Flag(help: .hidden) var answer = false

  func run() throws {
    let configuration = WorkbenchServer.Configuration(
      folder: folder, host: host, port: port, names: names,
      version: BVP.version, environment: ServedProcess.environment)
    if answer {
      let request = FileHandle.standardInput.readDataToEndOfFile()
      let said = try WorkbenchServer.answer(request, configuration)
      return try FileHandle.standardOutput.write(contentsOf: said)
    }
    let tokenFile = try tokenFile.map(TokenFile.init)
    let server = try WorkbenchServer(configuration)
    let cancellation = Interrupt.watch()
    let isOpen = !(host.hasPrefix("127.") || host == "::1")
    if isOpen {
      Console.warning(
        "\(host) is not this machine alone: whoever reads the token on the way "
          + "may use the page")
    }
    let announce: WorkbenchServer.Announcement = { address, fragment in
      try tokenFile?.write(address + fragment)
      Console.announce(tokenFile == nil ? address + fragment : address)
    }
    try server.run(
      until: { cancellation.isRequested }, announce: announce)
    tokenFile?.remove()
    Console.notice("ended; what was being trained is saved")
    // Threads may still be at work for clients that nobody serves any more, and
    // what libraries clean up at the end of a program is in use by them.
    _exit(0)
  }
}

/// A file that holds a server's address and token, for its owner alone.
private struct TokenFile: Sendable {
  /// As given.
  private let name: String
  /// From the root, as a server has another working folder.
  private let path: String

  /// Takes a place where there is nothing, or the file of another server.
  ///
  /// - Throws: `CommandFailure` if there is anything else.
  init(_ name: String) throws {
    self.name = name
    let folder = FileManager.default.currentDirectoryPath
    path = name.hasPrefix("/") ? name : folder + "/" + name
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFREG, holdsAddress(status.st_size)
    else {
      throw CommandFailure(
        "\(name): is no token file, and one would replace it; name another")
    }
  }

  /// Whether the file there is one that a server has written.
  private func holdsAddress(_ size: Int) -> Bool {
    guard size <= 1024, let data = FileManager.default.contents(atPath: path)
    else { return false }
    let text = String(decoding: data, as: UTF8.self)
    return text.wholeMatch(of: /http:\/\/\S+\/#token=[0-9a-f]+\n/) != nil
  }

  func write(_ address: String) throws {
    try writeAtomically(address + "\n", to: path, mode: 0o600)
  }

  func remove() { unlink(path) }
}
#endif
