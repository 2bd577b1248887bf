import ArgumentParser
import Tables

/// What people call options that have another name here.
private let synonyms: [String: String] = [
  "lr": "learning-rate", "rate": "learning-rate",
  "learningrate": "learning-rate",
  "bs": "batch", "batch-size": "batch", "batchsize": "batch",
  "wd": "weight-decay", "decay": "weight-decay",
  "n": "nodes", "order": "nodes", "num-nodes": "nodes",
  "num-samples": "samples", "count": "samples", "size": "samples",
  "num-epochs": "epochs", "epoch": "epochs",
  "num-steps": "steps", "max-steps": "steps", "iterations": "steps",
  "num-threads": "threads", "jobs": "threads", "workers": "threads",
  "num-problems": "problems", "max-iter": "limit",
  "out": "output", "out-file": "output", "output-dir": "output",
  "dir": "output",
  "random-seed": "seed", "dataset": "data", "input": "data",
  "test": "test-data", "test-set": "test-data",
  "model": "checkpoint", "checkpoint": "from", "init": "from",
  "pretrained": "from", "layers": "depth", "num-layers": "depth",
  "hidden": "width", "dim": "width", "num-heads": "heads",
  "gradient-clip": "clip", "grad-clip": "clip", "param": "set",
  "parameter": "set", "solver": "method", "sigma": "levels", "level": "levels",
  "dtype": "precision", "overwrite": "force", "silent": "quiet",
]

/// The option that somebody meant by one that is not there; nil if none is near.
///
/// - Parameters:
///   - unknown: as it was given, `--lr`.
///   - options: those that there are, `--learning-rate`.
/// - Returns: one of them.
func meantOption(_ unknown: String, among options: [String]) -> String? {
  let name = String(unknown.drop { $0 == "-" }).lowercased()
    .replacing("_", with: "-")
  for candidate in [name, synonyms[name]] {
    if let candidate, options.contains("--" + candidate) {
      return "--" + candidate
    }
  }
  return nearest(to: name, among: options.map { String($0.dropFirst(2)) })
    .map { "--" + $0 }
}

extension BVP {
  /// The message of a usage error, with the option that was meant in the place of
  /// the parser's guess.
  static func usageMessage(_ error: any Error, arguments: [String]) -> String {
    let text = fullMessage(for: error)
    let verb = verb(of: arguments)
    let options = helpMessage(for: verb).matches(
      of: /(?m)^  (?:-\w, )?(--[a-z0-9-]+)/
    ).map { String($0.1) }
    // What is missing may be there by another name.
    if let match = text.firstMatch(
      of: /Missing expected argument '(--[a-z0-9-]+).*(\nHelp:.*)?/)
    {
      let other = arguments.map { String($0.prefix { $0 != "=" }) }.first {
        $0.hasPrefix("--") && !options.contains($0)
          && meantOption($0, among: options) == String(match.1)
      }
      guard let other else { return text }
      return text.replacing(
        match.0, with: "Unknown option '\(other)'; did you mean '\(match.1)'?")
    }
    if let match = text.firstMatch(
      of: /(?:Unexpected argument|\d+ unexpected arguments:) '([^']*)'.*/)
    {
      let verbs = verb.configuration.subcommands.compactMap {
        $0.configuration.commandName
      }
      guard let meant = nearest(to: String(match.1), among: verbs) else {
        return text
      }
      return text.replacing(
        match.0, with: "Unknown verb '\(match.1)'; did you mean '\(meant)'?")
    }
    guard let match = text.firstMatch(of: /Unknown option '(-[^']*)'.*/),
      match.1.hasPrefix("--")
    else { return text }
    let unknown = String(match.1.prefix { $0 != "=" })
    let meant = meantOption(unknown, among: options)
    return text.replacing(
      match.0,
      with: "Unknown option '\(unknown)'"
        + (meant.map { "; did you mean '\($0)'?" } ?? ""))
  }

  /// The verb of a command line.
  private static func verb(of arguments: [String]) -> any ParsableCommand.Type {
    var verb: any ParsableCommand.Type = BVP.self
    for word in arguments {
      let next = verb.configuration.subcommands.first {
        $0.configuration.commandName == word
      }
      guard let next else { break }
      verb = next
    }
    return verb
  }
}
