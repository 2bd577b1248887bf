import ArgumentParser
import Equations
import Experiments
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

        bvp completion zsh > ~/.zfunc/_bvp     # before compinit is called
        bvp completion fish > ~/.config/fish/completions/bvp.fish
      """)

  @Argument(help: "bash, zsh or fish.")
  var shell: Shell

  func run() throws {
    Console.print(
      CompletionScript(BVP.completionScript(for: shell.completed))
        .repaired(for: shell))
  }
}

extension CompletionKind {
  /// The shipped equations, and equation files.
  static let equation = CompletionKind.list(Equation.shippedNames)
  /// The solvers of one system, and checkpoints.
  static let solver = CompletionKind.list(SolverCatalogue.names)

  /// Names of a list in which commas stand.
  static func names(_ names: [String]) -> CompletionKind {
    .custom { _, _, prefix in
      let start = prefix.lastIndex { $0 == "," || $0 == "=" }
      let head = start.map { String(prefix[...$0]) } ?? ""
      return names.map { head + $0 }
    }
  }
}

/// A shell's script as the parser of arguments makes it, and what it lacks.
struct CompletionScript {
  private(set) var text: String

  init(_ text: String) { self.text = text }

  /// The script with files beside names, and without what disturbs a shell.
  func repaired(for shell: CompletionCommand.Shell) -> String {
    var script = self
    for change in Self.changes(of: shell) { script.replace(change) }
    for (names, suffix) in [
      (Equation.shippedNames, "yaml"), (SolverCatalogue.names, "safetensors"),
    ] { script.add(suffix, to: names, in: shell) }
    return script.text
  }

  /// A part of a script, and what stands in its place.
  typealias Change = (old: String, new: String)

  /// The changes, each of which every script of that shell has a place for.
  static func changes(of shell: CompletionCommand.Shell) -> [Change] {
    switch shell {
    case .bash:
      [
        // It would go off at the end of every file that is sourced later.
        (";}\" RETURN", ";};trap - RETURN\" RETURN"),
        // Verbs and values are no folders of the same name.
        ("complete -o filenames -F", "complete -F"),
        (
          "_add_completions() {\n",
          "_add_completions() {\n    [[ \"${1}\" = -W ]] || "
            + "compopt -o filenames 2>/dev/null\n"
        ),
        (
          "    \"${COMP_WORDS[0]}\" \"${@}\" \"${words[@]}\"\n",
          "    \"${COMP_WORDS[0]}\" \"${@}\" \"${words[@]}\" 2>/dev/null\n"
        ),
      ]
    case .zsh:
      [
        (
          "\"${command_line[@]}\")\"}", "\"${command_line[@]}\" 2>/dev/null)\"}"
        ),
        (":_files -/'", ":_path_files -/'"),
      ]
        // Without files of other kinds where there are none of the right one.
        + ["safetensors", "yaml", "npy"].map { suffix in
          (
            "_files -g '\\''*.\(suffix)'\\''",
            "_path_files -g '\\''*.\(suffix)(-.) *(-/)'\\''"
          )
        }
    case .fish:
      [
        // However the command is called.
        (
          "    switch $unparsed_tokens[1]\n    case 'bvp'\n",
          "    set unparsed_tokens[1] (string replace -r '^.*/' '' -- "
            + "$unparsed_tokens[1])\n"
            + "    switch $unparsed_tokens[1]\n    case 'bvp'\n"
        ),
        (
          "    command $tokens[1] $argv $tokens\n",
          "    command $tokens[1] $argv $tokens 2>/dev/null\n"
        ),
      ]
    }
  }

  private mutating func replace(_ change: Change) {
    text = text.replacing(change.old, with: change.new)
  }

  /// Offers files wherever one of some names is.
  private mutating func add(
    _ suffix: String, to names: [String], in shell: CompletionCommand.Shell
  ) {
    switch shell {
    case .bash:
      let list = names.map { "'\($0)'" }.joined(separator: "$'\\n'")
      replace(
        (
          "_add_completions -W \(list)\n",
          "_add_completions -W \(list)\n        __bvp_add_completions "
            + "-o plusdirs -fX '!*.@(\(suffix))'\n"
        ))
    case .zsh:
      let list = "=(\(names.map { "'\($0)'" }.joined(separator: " ")))"
      let lines = text.split(separator: "\n").filter { $0.hasSuffix(list) }
      let variables = lines.compactMap {
        $0.dropLast(list.count).split(separator: " ").last
      }
      for variable in Set(variables) {
        let offered = "{__bvp_complete \"${\(variable)[@]}\""
        replace(
          (offered, offered + "; _path_files -g \"*.\(suffix)(-.) *(-/)\""))
      }
    case .fish:
      let list = names.joined(separator: " ")
      replace(
        (
          "'\(list)'",
          "'\(list) (for p in (string match -e -- \\'*/\\' (commandline -t);"
            + "or printf \\n)*.\\'\(suffix)\\';printf %s\\n $p;end;"
            + "__fish_complete_directories (commandline -t) \\'\\')'"
        ))
    }
  }
}
