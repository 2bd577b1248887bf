#if BVP_SERVE
import ArgumentParser
import Foundation
import Parallel
import Server

struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Open the workbench as a page in a browser.",
    discussion: """
      The page is about a folder: its equation files, datasets, checkpoints and
      runs. What it makes goes there, into datasets and runs, by the same commands
      that it shows. The address that is printed has a token, without which nobody
      gets an answer; it is on this machine only unless --host says otherwise. SIGINT
      ends it, with trainings saved.

      EXAMPLE:

        bvp serve experiments

      EXAMPLE: from a machine far away, through ssh

        ssh -L 8080:127.0.0.1:8080 far.example bvp serve experiments
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

  func run() throws {
    let server = try WorkbenchServer(
      .init(
        folder: folder, host: host, port: port, version: BVP.version,
        environment: ServedProcess.environment))
    let cancellation = Interrupt.watch()
    let isOpen = !(host.hasPrefix("127.") || host == "::1")
    if isOpen {
      Console.warning(
        "\(host) is not this machine alone: whoever reads the token on the way "
          + "may use the page")
    }
    try server.run(
      until: { cancellation.isRequested }, announce: Console.announce)
    Console.notice("ended; what was being trained is saved")
    // Threads may still be at work for clients that nobody serves any more, and
    // what libraries clean up at the end of a program is in use by them.
    _exit(0)
  }
}
#endif
