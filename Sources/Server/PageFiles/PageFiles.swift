// Written by scripts/embed-page.
// swift-format-ignore-file

extension Page {
  /// The texts of the files in `Sources/Server/Page/` by their names.
  static let files = [
    "app.js": appJs,
    "charts.js": chartsJs,
    "datasets.js": datasetsJs,
    "icon.svg": iconSvg,
    "index.html": indexHtml,
    "openapi.json": openapiJson,
    "problem.js": problemJs,
    "solvers.js": solversJs,
    "state.js": stateJs,
    "style.css": styleCss,
    "training.js": trainingJs,
    "ui.js": uiJs,
  ]
}
