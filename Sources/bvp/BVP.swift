import ArgumentParser
import Foundation
import Parallel
import Ranks
import TensorFiles

/// A verb whose work is dealt out to the processes of a job that mpirun started;
/// every other is done by the first.
protocol DealtCommand: ParsableCommand {}

/// The command; every verb is a file of its own.
@main
struct BVP: ParsableCommand {
  /// The version; CHANGELOG.md says what each brought.
  static let version = "0.2.0"

  static let configuration = CommandConfiguration(
    commandName: "bvp",
    abstract:
      "A workbench for learned solvers of ill-conditioned linear systems.",
    discussion: """
      It samples boundary-value problems from an equation file, discretises
      them by Chebyshev collocation, trains networks that solve the linear
      systems, and compares them with LU, QR and SVD.

      EXAMPLE: a dataset, a training, its test error

        bvp generate diffusion --samples 5000 --seed 1 --output test.safetensors
        bvp pretrain diffusion --online --steps 2000 --output runs/first
        bvp evaluate runs/first/model.safetensors --data test.safetensors
      """,
    version: Self.version,
    groupedSubcommands: [
      CommandGroup(
        name: "Problems",
        subcommands: [
          EquationsCommand.self, GenerateCommand.self, JoinCommand.self,
          ImportCommand.self,
          SolveCommand.self, InspectCommand.self, ExportCommand.self,
        ]),
      CommandGroup(
        name: "Networks",
        subcommands: [
          PretrainCommand.self, FinetuneCommand.self, EvaluateCommand.self,
          PredictCommand.self, CalibrateCommand.self, BenchCommand.self,
        ]),
      CommandGroup(
        name: "Experiments",
        subcommands: page + [
          StudyCommand.self, CompareCommand.self, RobustnessCommand.self,
          SweepCommand.self, IterateCommand.self,
          CheckCommand.self, NewtonCommand.self, ReportCommand.self,
          CompletionCommand.self,
        ]),
    ])

  /// The page, where it was built.
  private static var page: [any ParsableCommand.Type] {
    #if BVP_SERVE
    [ServeCommand.self]
    #else
    []
    #endif
  }

  /// Runs the command line; a failure is one line and a non-zero exit status.
  static func main() {
    Console.reserveDescriptors()
    // Messages that nobody reads any more stop nothing.
    signal(SIGPIPE, SIG_IGN)
    // A file that may not grow is an error of its writer.
    signal(SIGXFSZ, SIG_IGN)
    Interrupt.prepare()
    ServedProcess.follow()
    do {
      try Memory.requireBLASBuffers(threads: 1)
      // Before anything else: one that fails or is done already would be waited
      // for.
      try Ranks.join()
      try agree()
      var command = try parseAsRoot()
      if !(command is any DealtCommand) {
        guard Ranks.all.isFirst else { return }
        Ranks.stayAlone()
      }
      try command.run()
      try Console.flush()
      try Ranks.all.wait()
    } catch let shortage as MemoryShortage where shortage.isOfBLAS {
      Console.error("\(shortage)")
      Ranks.all.abort(status: 1)
      // OpenBLAS looks for room without end, also when the process ends.
      _exit(1)
    } catch is Cancelled {
      Console.notice("interrupted; nothing was written")
      Foundation.exit(Interrupt.status)
    } catch {
      end(with: error)
    }
  }

  /// Refuses processes of other programs, or that are about something else.
  private static func agree() throws {
    guard !Ranks.all.isAlone else { return }
    let program = try Digest(contentsOf: "/proc/self/exe").text
    try Ranks.all.agree(on: [
      ("version", version), ("program", program),
      (
        "command line", CommandLine.arguments.dropFirst().joined(separator: " ")
      ),
    ])
  }

  /// Says what is wrong, or the help that was asked for.
  private static func end(with error: any Error) -> Never {
    let code = exitCode(for: error)
    // Anything but a usage error, a help request or a given status.
    if code == .failure, !(error is ExitCode) {
      Console.error("\(error)")
      Ranks.all.abort(status: 1)
      Foundation.exit(1)
    }
    let message =
      code == .validationFailure
      ? usageMessage(
        error, arguments: Array(CommandLine.arguments.dropFirst()))
      : fullMessage(for: error)
    if code == .success {
      if !message.isEmpty { Console.print(message) }
      do {
        try Console.flush()
      } catch {
        Console.error("\(error)")
        Foundation.exit(1)
      }
    } else if !message.isEmpty {
      Console.write(message + "\n")
    }
    Foundation.exit(code.rawValue)
  }
}
