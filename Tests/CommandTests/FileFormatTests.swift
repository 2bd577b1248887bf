import Foundation
import TensorFiles
import TestSupport
import Testing

/// The names, types and shapes in every kind of file, as the verbs write it: a
/// name may be added, and none may change.
@Suite(.serialized)
struct FileFormatTests {
  private func run(_ line: String, in folder: TemporaryFolder) throws {
    let result = try Command.run(
      line.split(separator: " ").map(String.init), in: folder)
    #expect(result.status == 0, "\(line): \(result.messages)")
  }

  /// A line for each tensor, such as `u F64 3 4`.
  private func tensors(_ file: SafetensorsFile) -> [String] {
    file.tensors.map {
      ([$0.name, $0.dtype.rawValue] + $0.shape.map(String.init))
        .joined(separator: " ")
    }
  }

  private func keys(_ file: SafetensorsFile) -> String {
    file.metadata.keys.sorted().joined(separator: " ")
  }

  @Test func datasets() throws {
    let folder = try TemporaryFolder()
    try run(
      "generate diffusion --samples 3 --nodes 4 --output data", in: folder)
    try run(
      "generate advection-reaction-diffusion --samples 2 --nodes 4 "
        + "--with-systems --output full", in: folder)
    let data = try SafetensorsFile(path: folder.path("data"))
    #expect(
      keys(data)
        == "equation first_sample format label_error_median label_error_p90 "
        + "label_error_samples largest_residual parameters seed solver"
    )
    #expect(
      tensors(data) == [
        "x F64 4", "parameters F64 3 3", "K F64 3 4", "f F64 3 4", "u F64 3 4",
      ])
    let full = try SafetensorsFile(path: folder.path("full"))
    #expect(keys(full) == keys(data))
    #expect(
      tensors(full) == [
        "x F64 4", "parameters F64 2 5", "K F64 2 4", "f F64 2 4", "q F64 2 4",
        "v F64 2 4", "u F64 2 4", "A F64 2 4 4", "b F64 2 4",
      ])
    #expect(full.metadata["parameters"] == "alpha,omega,beta,velocity,decay")
    #expect(full.metadata["solver"] == "lu")
  }

  private let transformer = [
    "position F32 4 8", "blocks.0.norm1.weight F32 8",
    "blocks.0.norm1.bias F32 8", "blocks.0.attention.qkv.weight F32 24 8",
    "blocks.0.attention.qkv.bias F32 24",
    "blocks.0.attention.output.weight F32 8 8",
    "blocks.0.attention.output.bias F32 8", "blocks.0.norm2.weight F32 8",
    "blocks.0.norm2.bias F32 8", "blocks.0.mlp.up.weight F32 32 8",
    "blocks.0.mlp.up.bias F32 32", "blocks.0.mlp.down.weight F32 8 32",
    "blocks.0.mlp.down.bias F32 8", "norm.weight F32 8", "norm.bias F32 8",
    "decode.weight F32 1 8", "decode.bias F32 1",
  ]

  private func recurrent(_ gates: Int) -> [String] {
    ["l0", "l0_reverse"].flatMap {
      [
        "rnn.weight_ih_\($0) F32 \(8 * gates) 5",
        "rnn.weight_hh_\($0) F32 \(8 * gates) 8",
        "rnn.bias_ih_\($0) F32 \(8 * gates)",
        "rnn.bias_hh_\($0) F32 \(8 * gates)",
      ]
    } + ["decode.weight F32 1 16", "decode.bias F32 1"]
  }

  /// What every checkpoint of a run says of itself.
  private let notes =
    "data depth encoding features format model n recipe samples_seen step "
    + "test_data test_mse test_relative_mse_mean test_relative_mse_median "
    + "test_samples trained_on width"

  /// The constants of a model's encoding.
  private func gains(_ model: String) -> String {
    model == "polya"
      ? "coefficient_gains corrections field_gains"
      : "homogeneous matrix_gain target_gain vector_gain"
  }

  private func sorted(_ keys: String, _ more: String) -> String {
    (keys + " " + more).split(separator: " ").sorted().joined(separator: " ")
  }

  @Test(arguments: ["algebraformer", "polya", "lstm", "gru"])
  func checkpointsStatesAndPredictions(_ model: String) throws {
    let folder = try TemporaryFolder()
    // Four nodes resolve no other.
    try folder.write(
      equationText(
        parameters: ["c: {uniform: [1, 2]}"], coefficients: ["K: c", "f: 1"]),
      to: "d.yaml")
    try run(
      "pretrain d.yaml --model \(model) --preset smoke --nodes 4 --width 8 "
        + "--depth 1 --steps 2 --test-samples 4 --threads 1 --output run",
      in: folder)
    let checkpoint = try SafetensorsFile(
      path: folder.path("run/model.safetensors"))
    if model == "polya" {
      #expect(
        keys(checkpoint) == sorted(notes, gains(model) + " causal heads"))
      #expect(
        tensors(checkpoint)
          == ["embed.weight F32 8 3", "embed.bias F32 8"]
          + transformer.dropLast(2)
          + ["decode.weight F32 3 8", "decode.bias F32 3"])
    } else if model == "algebraformer" {
      #expect(
        keys(checkpoint) == sorted(notes, gains(model) + " causal heads"))
      #expect(
        tensors(checkpoint)
          == ["embed.weight F32 8 5", "embed.bias F32 8"] + transformer)
    } else {
      #expect(keys(checkpoint) == sorted(notes, gains(model)))
      #expect(tensors(checkpoint) == recurrent(model == "lstm" ? 4 : 3))
    }
    let state = try SafetensorsFile(path: folder.path("run/state.safetensors"))
    #expect(
      keys(state)
        == sorted(
          "data data_digest encoding evaluated_step format from_digest "
            + "loss_count loss_sum metrics recipe seconds step test_data "
            + "test_data_digest trained_before working_folder",
          gains(model) + (model == "polya" ? " n" : "")))
    let length =
      ["algebraformer": 1088, "polya": 1088, "lstm": 992, "gru": 800][model]
      ?? 0
    #expect(
      tensors(state) == [
        "parameters F32 \(length)", "first_moment F32 \(length)",
        "second_moment F32 \(length)",
      ])
    try run(
      "generate d.yaml --samples 3 --nodes 4 --seed 9 --output data",
      in: folder)
    for tokens in ["", " --with-tokens"] {
      try run(
        "predict run/model.safetensors --data data --output p" + tokens
          + " --force", in: folder)
      let file = try SafetensorsFile(path: folder.path("p"))
      #expect(keys(file) == "checkpoint data format")
      #expect(
        tensors(file) == ["x F64 4", "solutions F32 3 4"]
          + (tokens.isEmpty
            ? [] : ["tokens F32 3 4 \(model == "polya" ? 3 : 5)"]))
    }
    #expect(
      try folder.content.sorted() == ["d.yaml", "data", "p", "run"])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path("run"))
        .sorted() == [
          "metrics.csv", "metrics.csv.command", "model.safetensors",
          "recipe.yaml", "state.safetensors",
        ])
  }

  @Test func trajectoriesAndTheirNetworks() throws {
    let folder = try TemporaryFolder()
    try run(
      "newton generate --problems 2 --rows 40 --columns 4 --output newton",
      in: folder)
    let file = try SafetensorsFile(path: folder.path("newton"))
    #expect(
      keys(file)
        == "damped first_problem format m n p scaling seed start tolerance "
        + "unconverged")
    let steps = try #require(file["problem"]?.count)
    #expect(steps > 2)
    #expect(
      tensors(file) == [
        "Atb F64 2 4", "final F64 2 4", "f_final F64 2",
        "problem F64 \(steps)", "x F64 \(steps) 4", "step F64 \(steps) 4",
        "f F64 \(steps)", "gradient F64 \(steps) 4",
        "gradient_norm F64 \(steps)",
        "seconds F64 \(steps)",
      ])
    try run(
      "newton generate --problems 1 --rows 40 --columns 4 --seed 1 "
        + "--output other", in: folder)
    try run(
      "newton train --data newton --test-data other --preset smoke --width 8 "
        + "--depth 1 --epochs 1 --threads 1 --output run", in: folder)
    let checkpoint = try SafetensorsFile(
      path: folder.path("run/model.safetensors"))
    #expect(
      keys(checkpoint)
        == sorted(notes, "causal heads matrix_gain target_gain vector_gain"))
    #expect(
      tensors(checkpoint)
        == ["embed.weight F32 8 2", "embed.bias F32 8"] + transformer)
  }
}
