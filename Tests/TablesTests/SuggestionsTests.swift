import Testing

@testable import Tables

struct SuggestionsTests {
  @Test func editDistanceCountsSlips() {
    #expect(editDistance("omega", "omega") == 0)
    #expect(editDistance("omgea", "omega") == 1)
    #expect(editDistance("omega", "omeg") == 1)
    #expect(editDistance("uniform", "unifromm") == 2)
    #expect(editDistance("", "abc") == 3)
  }

  @Test func theNearestNameIsSuggested() {
    let names = ["alpha", "omega", "beta"]
    #expect(suggestion(for: "omgea", among: names) == "; did you mean 'omega'?")
    #expect(suggestion(for: "velocity", among: names).isEmpty)
    #expect(alternatives(names) == "'alpha', 'omega' or 'beta'")
  }
}
