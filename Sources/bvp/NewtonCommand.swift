import ArgumentParser

struct NewtonCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "newton",
    abstract: "Learn the steps of Newton's method for min ‖Ax − b‖ₚᵖ.",
    discussion: """
      EXAMPLE: the paper's experiment with a small network

        bvp newton generate --problems 1250 --output train.safetensors
        bvp newton generate --problems 125 --seed 1 --output test.safetensors
        bvp newton train --data train.safetensors --test-data test.safetensors \\
          --output runs/newton
        bvp newton compare runs/newton/model.safetensors \\
          --data test.safetensors --output newton.csv
      """,
    subcommands: [
      NewtonGenerateCommand.self, NewtonTrainCommand.self,
      NewtonEvaluateCommand.self, NewtonCompareCommand.self,
    ])
}
