import Equations
import Networks
import Systems
import TestSupport
import Testing
import Training

struct RecipeTests {
  @Test func recipesComeBackAsTheyWere() throws {
    for preset in Recipe.Preset.allCases {
      let source = try Equation.load("advection-diffusion").source
      var recipe = Recipe.fineTuning(preset, equation: source)
      recipe.network.from = "a path/with: odd 'characters'.safetensors"
      recipe.data.noise = TrainingNoise(model: .rms, target: .both, level: 0.1)
      recipe.schedule.steps = 7
      let text = try recipe.yaml()
      #expect(try Recipe(path: "recipe.yaml", text: text) == recipe)
    }
  }

  /// The keys are a file format: they may be added to, never changed.
  @Test func theKeysArePinned() throws {
    var recipe = Recipe.pretraining(.compact, equation: "name: x\n")
    recipe.network.from = "model.safetensors"
    recipe.data.file = "train.safetensors"
    recipe.data.noise = TrainingNoise(model: .rms, target: .A, level: 0.1)
    recipe.data.test.file = "test.safetensors"
    recipe.schedule.steps = 100
    recipe.schedule.evaluateEvery = 10
    #expect(
      try recipe.yaml() == """
        format: bvp-recipe/2
        preset: compact
        seed: 0
        network:
          model: algebraformer
          nodes: 64
          width: 128
          depth: 6
          heads: 4
          causal: false
          encoding: equilibrated
          homogeneous: true
          from: model.safetensors
        data:
          equation: |
            name: x
          file: train.safetensors
          online: false
          samples: 50000
          noise:
            model: rms
            target: A
            level: 1e-1
          test:
            file: test.safetensors
            samples: 512
            seed: 1000003
        optimizer:
          kind: muon
          learning_rate: 3e-3
          weight_decay: 0e+0
          clip: 1e+0
        schedule:
          kind: cosine
          warmup: 200
          floor: 0e+0
          batch: 32
          chunk: 8
          epochs: 4
          steps: 100
          evaluate_every: 10
        precision:
          products: f32
          f32_share: 3e-1

        """)
  }

  @Test func everyKeyIsDocumented() throws {
    let text = try Recipe.pretraining(.compact, equation: nil).yaml()
    let keys = text.split(separator: "\n").map {
      String($0.drop { $0 == " " }.prefix { $0 != ":" })
    }
    #expect(keys.count > 25)
    #expect(try FormatArticle.missing(keys).isEmpty)
  }

  @Test(arguments: [
    ("  batch: 32", "  batch: 0", "schedule.batch: must be at least 1"),
    (
      "  kind: muon", "  kind: moun",
      "optimizer.kind: unknown value 'moun'; known are adamw, muon"
    ),
    (
      "  learning_rate: 3e-3", "  learning_rate: -1",
      "optimizer.learning_rate: must be a positive number"
    ),
    ("  clip: 1e+0", "  clip: yes", "optimizer.clip: has a value of the wrong"),
    ("  clip: 1e+0", "  clop: 1", "optimizer.clop: is unknown; did you mean"),
    ("  width: 128\n", "", "network.width: is missing"),
    (
      "  online: false", "  online: 1\n  oneline: 2", "data.oneline: is unknown"
    ),
    ("    seed: 1000003", "    sed: 1", "data.test.sed: is unknown"),
    ("seed: 0", "seed: 0\nthreds: 2", "threds: is unknown; did you mean"),
    (
      "  f32_share: 3e-1", "  f32_share: 1.5",
      "precision.f32_share: must lie in [0, 1]"
    ),
    (
      "bvp-recipe/2", "bvp-recipe/9",
      "format: 'bvp-recipe/9', expected 'bvp-recipe/2' or the older "
        + "'bvp-recipe/1'; a later version of bvp wrote it"
    ),
    ("bvp-recipe/2", "other/9", "format: 'other/9', expected 'bvp-recipe/2'"),
    ("format: bvp-recipe/2\n", "", "format: is missing, expected"),
    ("schedule:", "schedule: [", "recipe: not valid YAML at line 27,"),
    (
      "  batch: 32", "  batch: 32\n  batch: 64",
      "recipe: the key 'batch' appears twice in the mapping at line 29"
    ),
    (
      "preset: compact", "preset: compact\nseed: 2",
      "recipe: the key 'seed' appears twice"
    ),
  ])
  func aWrongRecipeIsNamed(_ good: String, _ bad: String, _ complaint: String)
    throws
  {
    let text = try Recipe.pretraining(.compact, equation: "x").yaml()
    #expect(text.contains(good))
    let found = message {
      _ = try Recipe(path: "r.yaml", text: text.replacing(good, with: bad))
    }
    #expect(found.hasPrefix("r.yaml: " + complaint), "\(found)")
  }

  @Test(arguments: [10, 480, 100_000]) func depthIsBounded(levels: Int) throws {
    let text = try Recipe.pretraining(.compact, equation: "x").yaml()
    let line = text.split(separator: "\n").count + 1
    for part in nestedYAML(levels: levels) {
      let message = onSmallStack {
        do {
          _ = try Recipe(path: "r.yaml", text: text + "more: " + part)
          return "no error"
        } catch { return "\(error)" }
      }
      #expect(message.hasPrefix("r.yaml: "), "\(message)")
      #expect(!message.contains("\n"))
      if levels > 1000, part.hasPrefix("[") {
        #expect(
          message == "r.yaml: recipe: nested deeper than 64 levels at line "
            + "\(line)")
      }
    }
  }

  /// What version 0.1 wrote, `bvp-recipe/1`.
  private let flat = """
    format: bvp-recipe/1
    preset: smoke
    equation: "name: diffusion\\n"
    model: gru
    nodes: 12
    width: 16
    depth: 3
    heads: 1
    causal: false
    encoding: raw
    precision: bf16
    f32_share: 2.5e-1
    from: a.safetensors
    online: true
    samples: 40
    train_noise:
      model: rms
      target: b
      level: 1e-1
    test_data: t.safetensors
    test_samples: 10
    test_seed: 5
    optimizer: adamw
    learning_rate: 1e-3
    schedule: constant
    warmup: 3
    floor: 5e-2
    weight_decay: 1e-2
    clip: 5e-1
    batch: 8
    epochs: 4
    steps: 9
    evaluate_every: 2
    seed: 6
    threads: 2

    """

  @Test func theFormatBeforeIsRead() throws {
    var recipe = Recipe(preset: .smoke, equation: "name: diffusion\n")
    recipe.seed = 6
    recipe.network.model = .gru
    recipe.network.nodes = 12
    recipe.network.width = 16
    recipe.network.depth = 3
    recipe.network.heads = 1
    recipe.network.encoding = .raw
    recipe.network.from = "a.safetensors"
    recipe.data.online = true
    recipe.data.samples = 40
    recipe.data.noise = TrainingNoise(model: .rms, target: .b, level: 0.1)
    recipe.data.test.file = "t.safetensors"
    recipe.data.test.samples = 10
    recipe.data.test.seed = 5
    recipe.optimizer.kind = .adamw
    recipe.optimizer.learningRate = 1e-3
    recipe.optimizer.weightDecay = 0.01
    recipe.optimizer.clip = 0.5
    recipe.schedule.kind = .constant
    recipe.schedule.warmup = 3
    recipe.schedule.batch = 8
    recipe.schedule.epochs = 4
    recipe.schedule.steps = 9
    recipe.schedule.evaluateEvery = 2
    recipe.precision.products = .bf16
    recipe.precision.f32Share = 0.25
    // It names no chunk, and has the usual one.
    var read = try Recipe(path: "r.yaml", text: flat)
    #expect(read.schedule.chunk == recipe.schedule.chunk)
    read.schedule.chunk = recipe.schedule.chunk
    #expect(read == recipe)
    let first = flat.replacing("model: gru\n", with: "")
    #expect(
      try Recipe(path: "r.yaml", text: first).network.model == .algebraformer)
    #expect(
      message {
        _ = try Recipe(path: "r.yaml", text: flat + "bach: 3\n")
      } == "r.yaml: bach: is unknown; did you mean 'batch'?")
  }

  @Test func everyShippedCheckpointsRecipeIsRead() throws {
    for name in [
      "diffusion", "reaction-diffusion", "advection-diffusion",
      "diffusion-noise", "newton",
    ] {
      let path = Repository.checkpoint(name)
      let notes = try Checkpoint(path: path).notes
      let recipe = try Recipe(path: path, text: try #require(notes["recipe"]))
      #expect((recipe.data.equation == nil) == (name == "newton"))
    }
  }
}
