// Written by scripts/embed-page.
// swift-format-ignore-file

extension Page {
  /// `Sources/Server/Page/index.html`.
  static let indexHtml = #"""
<!doctype html>
<html lang="en" data-theme="auto">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>bvp</title>
  <link rel="icon" href="icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="style.css">
  <script type="module" src="app.js"></script>
</head>
<body>
<a class="skip" id="skip" href="#main">Skip to content</a>
<header>
  <p class="brand"><img src="icon.svg" alt="" width="24" height="24"> bvp <span id="workspace" class="hint"></span></p>
  <nav aria-label="Views">
    <a id="tab-problem" href="#problem">Problem</a>
    <a id="tab-solvers" href="#solvers">Solvers</a>
    <a id="tab-datasets" href="#datasets">Datasets</a>
    <a id="tab-training" href="#training">Training</a>
  </nav>
  <p class="tools">
    <button type="button" id="theme">Theme: auto</button>
    <button type="button" id="show-keys" aria-label="Keys">?</button>
  </p>
</header>
<main id="main" tabindex="-1">
  <form id="needs-token" class="error" role="alert" hidden>
    <p>This page needs a token: open the address that <code>bvp serve</code> printed in this tab, or paste it here. A tab keeps its token until it is closed.</p>
    <p class="row"><input type="password" id="token-value" aria-label="The address or its token" autocomplete="off" spellcheck="false"> <button type="submit">Open</button></p>
  </form>
  <p id="status" class="unseen" role="status"></p>
  <noscript><p class="error">This page needs JavaScript.</p></noscript>

  <section id="view-problem" class="view with-controls" aria-label="Problem" hidden>
    <form class="controls" id="problem-form">
      <label class="field">Equation <select id="equation"></select></label>
      <div id="typed" hidden>
        <div class="editor">
          <div id="gutter" aria-hidden="true"></div>
          <textarea id="editor" rows="18" wrap="off" spellcheck="false" autocapitalize="off" autocomplete="off" aria-label="The equation's text, YAML" aria-describedby="editor-error"></textarea>
        </div>
        <p id="editor-error" class="error" role="alert" hidden><span></span> <button type="button" id="editor-jump"></button></p>
        <p class="row">
          <input type="text" id="save-name" placeholder="name" aria-label="Name of the equation file" pattern="[A-Za-z0-9][A-Za-z0-9._\-]*" maxlength="100">
          <button type="button" id="save-equation">Save to equations/</button>
        </p>
        <p id="save-error" class="error" role="alert" hidden></p>
        <p id="not-sendable" class="hint" hidden>The text is longer than an address holds: this view cannot be sent.</p>
      </div>
      <details id="equation-facts"><summary id="equation-operator">The equation</summary><dl></dl></details>
      <div class="row">
        <label class="field">Seed <input type="number" id="seed" min="0" step="1" inputmode="numeric"></label>
        <label class="field">Index
          <span class="joined">
            <button type="button" id="previous" aria-label="Previous sample">‹</button>
            <input type="number" id="index" aria-label="Index" min="0" step="1" inputmode="numeric">
            <button type="button" id="next" aria-label="Next sample">›</button>
          </span>
        </label>
        <label class="field">Nodes <select id="nodes"></select></label>
      </div>
      <fieldset>
        <legend>Parameters <button type="button" id="draw-all" class="quiet">Draw all</button></legend>
        <div id="parameters"></div>
      </fieldset>
    </form>
    <div class="lead">
      <p id="problem-error" class="error" role="alert" hidden></p>
      <figure id="plot-u"><figcaption>Solution</figcaption></figure>
    </div>
    <div class="rest">
      <dl id="facts" class="facts"></dl>
      <ul id="problem-warnings" class="warnings" aria-label="Warnings"></ul>
      <div id="plots-functions" class="multiples"></div>
      <div class="pair">
        <figure id="plot-coefficients"><figcaption>Chebyshev coefficients</figcaption></figure>
        <div>
          <figure id="matrix"><figcaption>Matrix A</figcaption></figure>
          <p id="matrix-note" class="hint" hidden></p>
        </div>
      </div>
      <div class="box">
        <div id="problem-command"></div>
        <p class="row">
          <button type="button" class="csv" id="problem-csv">Functions, CSV</button>
          <button type="button" class="csv" id="matrix-csv">Matrix, CSV</button>
        </p>
        <p id="problem-csv-error" class="error" role="alert" hidden></p>
        <details id="matrix-details"><summary>The command of the matrix</summary><div id="matrix-command"></div></details>
      </div>
    </div>
  </section>

  <section id="view-solvers" class="view with-controls" aria-label="Solvers" hidden>
    <form class="controls" id="solvers-form">
      <p id="solvers-sample" class="sample"></p>
      <p class="joined">
        <button type="button" id="solvers-previous">‹ Previous sample</button>
        <button type="button" id="solvers-next">Next sample ›</button>
      </p>
      <fieldset>
        <legend>Noise</legend>
        <div class="row">
          <label class="field">Model <select id="noise-model"><option value="relative">relative</option><option value="absolute">absolute</option><option value="rms">rms</option></select></label>
          <label class="field">On <select id="noise-target"><option value="A">A</option><option value="b">b</option><option value="both">A and b</option></select></label>
          <label class="field">Law <select id="noise-law"><option value="gaussian">gaussian</option><option value="uniform">uniform</option><option value="laplace">laplace</option><option value="outliers">outliers</option></select></label>
        </div>
        <label class="field" for="noise-level">Level σ</label>
        <div class="slider">
          <input type="range" id="noise-level" min="0" max="97" step="1">
          <input type="number" id="noise-value" min="0" step="any" aria-label="Level σ as a number">
        </div>
        <p class="row"><button type="button" id="draw-again">Draw again</button> <span id="noise-draw" class="hint"></span></p>
      </fieldset>
      <label class="field">Iterate with the networks <select id="iterate"><option value="none">none</option><option value="richardson">richardson</option><option value="gmres">gmres</option></select></label>
      <fieldset><legend>Classical</legend><ul id="classical" class="choices"></ul></fieldset>
      <fieldset><legend>Networks</legend><ul id="networks" class="choices"></ul><p id="no-networks" class="hint" hidden>There is no checkpoint in the workspace.</p><details id="solvers-unlisted" class="unlisted" hidden></details></fieldset>
    </form>
    <div class="lead">
      <p id="solvers-error" class="error" role="alert" hidden></p>
      <figure id="plot-solutions"><figcaption>Solutions</figcaption></figure>
    </div>
    <div class="rest">
      <div class="scroll" tabindex="0" role="region" aria-label="Solvers">
        <table id="solver-table">
          <thead><tr><th>Solver</th><th class="number">Relative error</th><th class="number">Max error</th><th class="number">Residual</th><th class="number">Time</th><th>Doubts</th></tr></thead>
          <tbody></tbody>
        </table>
      </div>
      <p id="solvers-hint" class="hint"></p>
      <ul id="solvers-warnings" class="warnings" aria-label="Warnings"></ul>
      <div class="pair">
        <figure id="plot-errors"><figcaption>Errors</figcaption></figure>
        <div>
          <figure id="plot-noise"><figcaption>Error against noise <span id="noise-busy" class="hint"></span></figcaption></figure>
          <p id="noise-error" class="error" role="alert" hidden></p>
          <ul id="noise-failures" class="warnings" aria-label="Solvers without a noise curve"></ul>
        </div>
      </div>
      <figure id="plot-history" hidden><figcaption>Iteration</figcaption></figure>
      <div class="box">
        <div id="solvers-command"></div>
        <div id="noise-command"></div>
        <p class="row">
          <button type="button" class="csv" id="solvers-csv">Solutions, CSV</button>
          <button type="button" class="csv" id="noise-csv">Noise curves, CSV</button>
        </p>
        <p id="solvers-csv-error" class="error" role="alert" hidden></p>
      </div>
    </div>
  </section>

  <section id="view-datasets" class="view" aria-label="Datasets" hidden>
    <p id="datasets-error" class="error" role="alert" hidden></p>
    <div class="scroll" tabindex="0" role="region" aria-label="Datasets">
      <table>
        <thead><tr><th>Dataset</th><th>Equation</th><th class="number">Samples</th><th class="number">Nodes</th><th class="number">Seed</th><th>Labels</th><th class="number">Size</th></tr></thead>
        <tbody id="dataset-list"></tbody>
      </table>
    </div>
    <p id="no-datasets" class="hint" hidden>There is no dataset in the workspace yet.</p>
    <details id="datasets-unlisted" class="unlisted" hidden></details>
    <ul id="dataset-jobs" class="jobs" aria-label="Jobs" hidden></ul>
    <details class="box" id="generate">
      <summary>Generate a dataset</summary>
      <form id="generate-form" class="grid">
        <label class="field">Equation <select name="equation" required></select></label>
        <label class="field">Samples <input type="number" name="samples" value="1000" min="1" step="1" required></label>
        <label class="field">Seed <input type="number" name="seed" value="1" min="0" step="1"></label>
        <label class="field">Nodes <input type="number" name="nodes" value="64" min="3" max="512" step="1"></label>
        <label class="field">Labels <select name="labels"><option value="grid">grid</option><option value="resolved">resolved</option></select></label>
        <label class="field">Name <input name="name" required maxlength="100" pattern="[A-Za-z0-9][A-Za-z0-9._\-]*" placeholder="train" autocapitalize="off" autocomplete="off" spellcheck="false"></label>
        <label class="check"><input type="checkbox" name="withSystems"> with the systems</label>
        <p class="row wide"><button type="submit" class="main">Generate</button> <span class="hint">It becomes datasets/NAME.safetensors.</span></p>
      </form>
      <p id="generate-error" class="error" role="alert" hidden></p>
    </details>

    <div id="dataset" hidden>
      <h2 id="dataset-title"></h2>
      <p id="dataset-error" class="error" role="alert" hidden></p>
      <div id="dataset-content">
        <div class="slider">
          <label for="dataset-slider">Sample</label>
          <input type="range" id="dataset-slider" min="0" step="1">
          <span class="joined">
            <button type="button" id="dataset-previous" aria-label="Previous sample">‹</button>
            <input type="number" id="dataset-sample" min="0" step="1" aria-label="Sample as a number">
            <button type="button" id="dataset-next" aria-label="Next sample">›</button>
          </span>
        </div>
        <p id="sample-facts" class="hint"></p>
        <div class="pair">
          <figure id="plot-sample"><figcaption>Solution of the sample</figcaption></figure>
          <figure id="plot-sample-coefficients"><figcaption>Chebyshev coefficients</figcaption></figure>
        </div>
        <div id="sample-functions" class="multiples"></div>
        <h3>Distributions <span id="distribution-count" class="hint"></span></h3>
        <p id="distribution-error" class="error" role="alert" hidden></p>
        <div id="histograms" class="multiples"></div>
        <p id="label-error" class="hint"></p>
        <div class="box">
          <div id="sample-command"></div>
          <div id="dataset-command"></div>
          <p class="row">
            <button type="button" id="dataset-file">Dataset, safetensors</button>
            <button type="button" class="csv" id="dataset-csv">First 1,000 samples, CSV</button>
            <button type="button" class="csv" id="sample-csv">This sample, CSV</button>
            <button type="button" class="csv" id="distribution-csv">Distributions, CSV</button>
          </p>
          <p id="dataset-csv-error" class="error" role="alert" hidden></p>
        </div>
      </div>
    </div>
  </section>

  <section id="view-training" class="view" aria-label="Training" hidden>
    <p id="training-error" class="error" role="alert" hidden></p>
    <div class="scroll" tabindex="0" role="region" aria-label="Runs">
      <table>
        <thead><tr id="run-header"></tr></thead>
        <tbody id="run-list"></tbody>
      </table>
    </div>
    <p id="no-runs" class="hint" hidden>There is no training run in the workspace yet.</p>
    <details id="training-unlisted" class="unlisted" hidden></details>
    <ul id="training-jobs" class="jobs" aria-label="Jobs" hidden></ul>
    <details class="box" id="train">
      <summary>Begin a training</summary>
      <form id="train-form" class="grid">
        <label class="field">Verb <select name="verb"><option value="pretrain">pretrain</option><option value="finetune">fine-tune</option></select></label>
        <label class="field">Equation <select name="equation"></select></label>
        <label class="field">Name <input name="name" required maxlength="100" pattern="[A-Za-z0-9][A-Za-z0-9._\-]*" placeholder="my-run" autocapitalize="off" autocomplete="off" spellcheck="false"></label>
        <label class="field" data-verb="finetune">From <select name="from" required></select></label>
        <label class="field" data-verb="pretrain">Model <select name="model"><option value="">preset's</option><option value="algebraformer">algebraformer</option><option value="polya">polya</option><option value="greens">greens</option><option value="lstm">lstm</option><option value="gru">gru</option></select></label>
        <label class="field">Preset <select name="preset"><option value="">default</option><option value="compact">compact</option><option value="paper">paper</option><option value="smoke">smoke</option></select></label>
        <label class="field">Data <select name="data"></select></label>
        <label class="field">Test data <select name="testData"></select></label>
        <label class="field">Samples <input type="number" name="samples" min="1" step="1" placeholder="preset's"></label>
        <label class="field">Steps <input type="number" name="steps" min="1" step="1" placeholder="preset's"></label>
        <label class="field">Epochs <input type="number" name="epochs" min="1" step="1" placeholder="preset's"></label>
        <label class="field">Batch <input type="number" name="batch" min="1" step="1" placeholder="preset's"></label>
        <label class="field">Learning rate <input name="learningRate" data-type="number" inputmode="decimal" pattern="[0-9.]+([eE][\-+]?[0-9]+)?" placeholder="preset's"></label>
        <label class="field">Optimizer <select name="optimizer"><option value="">preset's</option><option value="muon">muon</option><option value="adamw">adamw</option></select></label>
        <label class="field" data-verb="pretrain">Nodes <input type="number" name="nodes" min="3" max="512" step="1" placeholder="preset's"></label>
        <label class="field" data-verb="pretrain">Width <input type="number" name="width" min="1" step="1" placeholder="preset's"></label>
        <label class="field" data-verb="pretrain">Depth <input type="number" name="depth" min="1" step="1" placeholder="preset's"></label>
        <label class="field" data-verb="pretrain">Heads <input type="number" name="heads" min="1" step="1" placeholder="preset's"></label>
        <label class="field">Seed <input type="number" name="seed" min="0" step="1" placeholder="preset's"></label>
        <label class="field">Test samples <input type="number" name="testSamples" min="1" step="1" placeholder="preset's"></label>
        <label class="field">Evaluate every <input type="number" name="evaluateEvery" min="1" step="1" placeholder="preset's"></label>
        <label class="check"><input type="checkbox" name="online"> online: fresh samples at each step</label>
        <p class="row wide"><button type="submit" class="main">Begin</button> <span class="hint">It becomes runs/NAME. Empty fields are the preset's.</span></p>
      </form>
      <p id="train-error" class="error" role="alert" hidden></p>
    </details>

    <div id="selected-runs" hidden>
      <h2 id="runs-title"></h2>
      <p id="run-error" class="error" role="alert" hidden></p>
      <div id="run-content">
        <div class="row" id="run-actions">
          <button type="button" id="run-stop">Stop</button>
          <button type="button" id="run-resume">Resume</button>
          <form id="extend-form" class="joined"><input type="number" id="extend-steps" min="1" step="1" required aria-label="Steps in all"><button type="submit">Extend to so many steps</button></form>
        </div>
        <p id="run-facts" class="hint"></p>
        <div class="row"><label class="field">Curves <select id="measure"><option value="mse">train and test MSE</option><option value="relative">relative test MSE</option></select></label></div>
        <figure id="plot-training"><figcaption>Error against steps</figcaption></figure>
        <div class="scroll" tabindex="0" role="region" aria-label="What differs" id="comparison" hidden><table><thead></thead><tbody></tbody></table></div>
        <details id="recipe"><summary>Recipe</summary><pre tabindex="0"></pre></details>
        <div class="box">
          <div id="training-command"></div>
          <p class="row">
            <button type="button" class="csv" id="training-csv">Metrics, CSV</button>
            <button type="button" id="report">Report, HTML</button>
          </p>
          <p id="training-csv-error" class="error" role="alert" hidden></p>
        </div>
      </div>
    </div>
  </section>
</main>
<dialog id="keys" aria-labelledby="keys-title">
  <h2 id="keys-title">Keys</h2>
  <dl>
    <dt><kbd>1</kbd> to <kbd>4</kbd></dt><dd>Problem, Solvers, Datasets, Training</dd>
    <dt><kbd>[</kbd> <kbd>]</kbd></dt><dd>previous, next sample</dd>
    <dt><kbd>←</kbd> <kbd>→</kbd></dt><dd>move a slider that has the focus</dd>
    <dt><kbd>Tab</kbd></dt><dd>next field</dd>
    <dt><kbd>?</kbd></dt><dd>these keys</dd>
    <dt><kbd>Esc</kbd></dt><dd>close them</dd>
  </dl>
  <p><button type="button" id="close-keys">Close</button></p>
</dialog>
</body>
</html>

"""#
}
