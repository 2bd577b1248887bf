import Tables
import Testing

struct ShortNameTests {
  @Test(arguments: [
    (["a/x.csv", "b/y.csv"], ["x", "y"]),
    (["a/x.csv", "b/x.csv"], ["a/x", "b/x"]),
    (["a/c/x.csv", "b/c/x.csv", "d/x.csv"], ["a/c/x", "b/c/x", "d/x"]),
    (["a/model.safetensors", "b/model.safetensors"], ["a", "b"]),
    (["a/r/model.safetensors", "b/r/model.safetensors"], ["a/r", "b/r"]),
    (["/x.csv", "/a/x.csv"], ["x", "a/x"]),
    (["/a/x.csv", "/a/x.yaml"], ["/a/x.csv", "/a/x.yaml"]),
    (["a/lu.safetensors", "a/b.safetensors"], ["a/lu", "b"]),
    (["runs/a.b", "old/a.b"], ["runs/a.b", "old/a.b"]),
  ])
  func theShortestThatTellApart(_ paths: [String], _ names: [String]) {
    #expect(shortNames(of: paths, unless: "model", besides: ["lu"]) == names)
  }
}
