// Written by scripts/embed-page.
// swift-format-ignore-file

extension Page {
  /// `Sources/Server/Page/datasets.js`.
  static let datasetsJs = #"""
// Datasets: those of the workspace, their samples, and new ones.

import {
  commandBox, complain, count, downloadsWith, fillSelect, filledIn, find, format, get, h,
  jobList, keyed, latest, post, size, unlistedNote,
} from './ui.js';
import { commit, state } from './state.js';
import { drawHistogram, Plot } from './charts.js';
import { coefficientSeries, describe, FunctionPlots } from './problem.js';

/** The samples whose distribution is shown. */
const limit = 500;

export function datasetsView(workspace) {
  const own = state.datasets;
  const plotU = new Plot(find('plot-sample'), { x: { title: 'x' }, y: { title: 'u' }, height: 240 });
  const plotCoefficients = new Plot(find('plot-sample-coefficients'), {
    x: { title: 'k' }, y: { title: '|aₖ|', isLog: true }, height: 240, onToggle: toggle,
  });
  const functionPlots = new FunctionPlots(find('sample-functions'));
  const histograms = new Map();
  const showSampleCommand = commandBox(find('sample-command'));
  const showCommand = commandBox(find('dataset-command'));
  const showJobs = jobList(find('dataset-jobs'), find('generate-error'));
  const showUnlisted = unlistedNote(find('datasets-unlisted'));
  let datasets = [];
  let sample = null;
  let distribution = null;
  let shown = ['u'];
  let running = 0;

  // The list

  async function list() {
    try {
      datasets = await get('datasets');
      complain(find('datasets-error'));
    } catch (error) {
      complain(find('datasets-error'), error);
      return;
    }
    find('no-datasets').hidden = datasets.length > 0;
    keyed(find('dataset-list'), datasets, (one) => one.path, () => h('tr'), (row, one) => {
      row.classList.toggle('is-selected', one.path === own.path);
      const link = `#datasets?path=${encodeURIComponent(one.path).replaceAll('%2F', '/')}&sample=0`;
      row.replaceChildren(
        h('th', { scope: 'row' }, one.problem || one.kind === 'systems' ? one.path : h('a', { href: link }, one.path)),
        h('td', {}, one.problem ?? one.equation ?? 'none: imported systems, for trainings'),
        ...[count(one.samples), one.nodes, one.seed].map((text) => h('td', { class: 'number' }, text ?? '–')),
        h('td', {}, one.labels ?? ''),
        h('td', { class: 'number' }, size(one.bytes)));
    });
  }

  // New ones

  fillSelect(find('generate-form').elements.equation, workspace.equations
    .filter((one) => !one.problem).map(({ path }) => ({ value: path })), state.sample.equation);
  find('generate-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      await post('datasets', filledIn(event.target));
      complain(find('generate-error'));
      await poll();
    } catch (error) {
      complain(find('generate-error'), error);
    }
  });

  async function poll() {
    let jobs;
    try {
      jobs = (await get('jobs')).filter((job) => job.kind === 'generate');
    } catch (error) {
      complain(find('datasets-error'), error);
      return;
    }
    complain(find('datasets-error'));
    showJobs(jobs);
    const live = jobs.filter((job) => job.state === 'running' || job.state === 'stopping').length;
    if (live < running) await list();
    running = live;
  }

  // A sample

  const slider = find('dataset-slider');
  const number = find('dataset-sample');
  slider.addEventListener('input', () => go(slider.valueAsNumber, true));
  slider.addEventListener('change', () => go(slider.valueAsNumber));
  number.addEventListener('change', () => go(number.valueAsNumber || 0));
  find('dataset-previous').addEventListener('click', () => step(-1));
  find('dataset-next').addEventListener('click', () => step(1));

  const step = (by) => go(own.sample + by);

  function go(place, isDragging = false) {
    const last = (selected()?.samples ?? 1) - 1;
    own.sample = Math.max(0, Math.min(last, Math.round(place)));
    slider.value = own.sample;
    number.value = own.sample;
    commit('sample', isDragging);
    loadSample();
  }

  const selected = () => datasets.find((one) => one.path === own.path);

  const loadSample = latest(async () => {
    if (!own.path) return;
    try {
      sample = await get('dataset/sample', { path: own.path, sample: own.sample });
      complain(find('dataset-error'));
      drawSample();
    } catch (error) {
      complain(find('dataset-error'), error);
    }
  });

  function drawSample() {
    const { x, functions, parameters = [], condition, residual, index, warnings = [] } = sample;
    const u = functions.find((one) => one.name === 'u');
    if (u) {
      plotU.draw({
        series: [{ name: 'u', slot: 0, x, y: u.values }],
        label: `The solution of sample ${sample.sample}: ${describe('u', x, u.values)}`,
      });
    }
    functionPlots.draw(x, functions);
    drawCoefficients();
    find('sample-facts').textContent = [
      `index ${index ?? '–'}`,
      ...parameters.map(({ name, value }) => `${name} = ${format(value)}`),
      `κ₂ = ${format(condition)}`, `residual ${format(residual)}`, ...warnings,
    ].join(', ');
    showSampleCommand(sample.command);
    drawHistograms();
  }

  function drawCoefficients() {
    plotCoefficients.draw({
      series: coefficientSeries(sample.coefficients ?? [], shown),
      label: `Sizes of the Chebyshev coefficients of ${shown.join(', ')}, on a logarithmic axis.`,
    });
  }

  function toggle(name) {
    shown = shown.includes(name) ? shown.filter((one) => one !== name) : [...shown, name];
    if (sample) drawCoefficients();
  }

  // All of them

  async function loadDistribution() {
    const { path } = own;
    find('distribution-count').textContent = 'computing …';
    try {
      const answer = await get('dataset/distribution', { path, limit });
      if (path !== own.path) return;
      distribution = answer;
      complain(find('distribution-error'));
    } catch (error) {
      distribution = null;
      find('distribution-count').textContent = '';
      complain(find('distribution-error'), error);
      return;
    }
    const { count: looked, labelError, command, warnings = [] } = distribution;
    find('distribution-count').textContent = [
      `of the first ${count(looked)} samples; the line is the sample above`, ...warnings].join('; ');
    find('label-error').textContent = labelError
      ? `Error of the labels, ‖u − u*‖²/‖u*‖² against the resolved solution: median ${format(labelError.median)}, `
        + `90th percentile ${format(labelError.p90)}, of ${count(labelError.samples)} samples.`
      : 'The file does not say how far the labels are off.';
    showCommand(command);
    drawHistograms();
  }

  function drawHistograms() {
    if (!distribution) return;
    const all = distribution.parameters.map(({ name, law, values }) => ({
      name, values, law, isLog: law.kind === 'log-uniform', hint: law.text,
      value: sample?.parameters?.find((one) => one.name === name)?.value,
    }));
    if (distribution.condition?.some(Number.isFinite)) {
      all.push({ name: 'κ₂(A)', values: distribution.condition, isLog: true, value: sample?.condition });
    }
    if (distribution.tail?.length) {
      all.push({ name: 'tail of u', values: distribution.tail, isLog: true, value: sample?.tail });
    }
    for (const { name, values, law, isLog, hint, value } of all) {
      let plot = histograms.get(`${name} ${isLog}`);
      if (!plot) {
        const figure = h('figure', {}, h('figcaption', {}, name, ' ', h('span', { class: 'hint' }, hint ?? '')));
        find('histograms').append(figure);
        plot = new Plot(figure, { x: { title: name, isLog }, y: { title: 'samples' }, height: 170 });
        histograms.set(`${name} ${isLog}`, plot);
      }
      plot.figure.querySelector('.hint').textContent = hint ?? '';
      drawHistogram(plot, name, values, { law, value, isLog });
    }
    for (const [key, plot] of histograms) {
      plot.figure.hidden = !all.some(({ name, isLog }) => key === `${name} ${isLog}`);
    }
  }

  downloadsWith(find('dataset-file'), find('dataset-csv-error'),
    () => ['dataset/file', { path: own.path }]);
  downloadsWith(find('dataset-csv'), find('dataset-csv-error'),
    () => ['dataset/file', { path: own.path, format: 'csv', first: 0, count: 1000 }]);
  downloadsWith(find('sample-csv'), find('dataset-csv-error'),
    () => ['dataset/sample', { path: own.path, sample: own.sample, format: 'csv' }]);
  downloadsWith(find('distribution-csv'), find('dataset-csv-error'),
    () => ['dataset/distribution', { path: own.path, limit, format: 'csv' }]);

  let pathShown = '';

  async function show() {
    showUnlisted();
    await Promise.all([list(), poll()]);
    find('dataset').hidden = !own.path;
    if (!own.path) {
      find('generate').open ||= datasets.length === 0;
      pathShown = '';
      return;
    }
    const known = selected()?.kind === 'systems' ? null : selected();
    find('dataset-title').textContent = own.path;
    find('dataset-content').hidden = !known;
    if (!known) {
      complain(find('dataset-error'), {
        message: `${own.path}: is ${selected() ? 'of imported systems, which are not shown here' : 'not in the workspace'}.`,
      });
      return;
    }
    slider.max = Math.max(0, known.samples - 1);
    number.max = slider.max;
    own.sample = Math.min(own.sample, Number(slider.max));
    slider.value = own.sample;
    number.value = own.sample;
    loadSample();
    if (pathShown !== own.path) {
      distribution = null;
      await loadDistribution();
      pathShown = own.path;
    }
  }

  return { show, step: (by) => own.path && step(by), poll };
}

"""#
}
