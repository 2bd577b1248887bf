import Networks

/// Refuses to use more of a file than it holds.
///
/// - Parameters:
///   - asked: what a flag asks for; nil asks for no number.
///   - flag: the flag.
///   - there: what the file holds.
///   - path: the file.
///   - unit: what is counted.
/// - Throws: `CommandFailure` with both numbers.
func requireCount(
  _ asked: Int?, _ flag: String, of there: Int, in path: String,
  unit: String = "samples"
) throws {
  guard let asked, asked > there else { return }
  throw CommandFailure(
    "\(path): holds \(there) \(unit), \(flag) asks for \(asked)")
}

/// Refuses what has no samples.
func requireSamples(_ count: Int, in name: String) throws {
  guard count > 0 else { throw CommandFailure("\(name): has no samples") }
}

/// Refuses a network that did not learn to solve linear systems.
func requireSystems(_ checkpoint: Checkpoint, _ path: String) throws {
  guard !checkpoint.encoding.kind.isOfSystems else { return }
  throw CommandFailure(
    "\(path): learned steps of a minimisation and solves no linear systems; "
      + "it goes with 'bvp newton compare'")
}

/// What is said of samples that have no relative error, or no error.
func remarks(zeros: Int?, failures: Int? = nil, of samples: Int) -> [String] {
  var remarks: [String] = []
  if let zeros {
    remarks.append(
      "\(zeros) of \(samples) samples have the solution u = 0; they have no "
        + "relative error and are left out of it")
  }
  if let failures {
    remarks.append(
      "\(failures) of \(samples) samples have no finite error; they are left "
        + "out")
  }
  return remarks
}
