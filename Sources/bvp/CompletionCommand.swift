import ArgumentParser
import Equations
import Foundation

struct CompletionCommand: ParsableCommand {
  enum Shell: String, CaseIterable, ExpressibleByArgument {
    case bash
    case zsh
    case fish

    var completed: CompletionShell {
      switch self {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    }
  }

  static let configuration = CommandConfiguration(
    commandName: "completion",
    abstract: "Print the script by which a shell completes this command.",
    discussion: """
      Verbs, options, files, shipped equations and solvers are completed.

      EXAMPLE: bash, for this and for every shell to come

        source <(bvp completion bash)
        bvp completion bash > ~/.local/share/bash-completion/completions/bvp

      EXAMPLE: zsh (a folder of $fpath) and fish

        bvp completion zsh > ~/.zfunc/_bvp
        bvp completion fish > ~/.config/fish/completions/bvp.fish
      """)

  @Argument(help: "bash, zsh or fish.")
  var shell: Shell

  func run() throws {
    Console.print(BVP.completionScript(for: shell.completed))
  }
}

extension CompletionKind {
  /// The shipped equations, and equation files.
  static let equation = CompletionKind.custom { _, _, prefix in
    Equation.shippedNames + equationFiles(prefix)
  }

  /// Names of a list in which commas stand.
  static func names(_ names: [String]) -> CompletionKind {
    .custom { _, _, prefix in
      let head = prefix.lastIndex(of: ",").map { String(prefix[...$0]) } ?? ""
      return names.map { head + $0 }
    }
  }
}

/// The equation files and folders that a path may be meant to lead to.
private func equationFiles(_ prefix: String) -> [String] {
  let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
  let names = try? FileManager.default.contentsOfDirectory(
    atPath: folder.isEmpty ? "." : folder)
  return (names ?? []).sorted().compactMap { name in
    var isFolder: ObjCBool = false
    let path = folder + name
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
      !name.hasPrefix(".")
    else { return nil }
    if isFolder.boolValue { return path + "/" }
    return name.hasSuffix(".yaml") ? path : nil
  }
}
