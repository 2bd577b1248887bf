// Written by scripts/embed-page.
// swift-format-ignore-file

extension Page {
  /// `Sources/Server/Page/training.js`.
  static let trainingJs = #"""
// Training: the runs of the workspace, live, one or several; and new ones.

import {
  announce, commandBox, complain, count, downloadsWith, duration, fillSelect, filledIn, find,
  format, get, h, jobList, keyed, latest, post, shortNames, unlistedNote,
} from './ui.js';
import { commit, state } from './state.js';
import { Plot } from './charts.js';

const columns = [
  { key: 'path', title: 'Run' },
  { key: 'verb', title: 'Verb' },
  { key: 'equation', title: 'Equation' },
  { key: 'model', title: 'Model' },
  { key: 'state', title: 'State' },
  { key: 'step', title: 'Step', isNumber: true },
  { key: 'testMSE', title: 'Test MSE', isNumber: true },
  { key: 'testRelativeMSE', title: 'Relative', isNumber: true },
  { key: 'seconds', title: 'Time', isNumber: true },
  { key: 'modified', title: 'Changed', isNumber: true },
];

const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'short', timeStyle: 'short' });

export function trainingView(workspace) {
  const own = state.training;
  const plot = new Plot(find('plot-training'), {
    x: { title: 'step' }, y: { title: 'MSE', isLog: true }, height: 340,
  });
  const showCommand = commandBox(find('training-command'));
  const showJobs = jobList(find('training-jobs'), find('train-error'));
  const showUnlisted = unlistedNote(find('training-unlisted'));
  const form = find('train-form');
  let runs = [];
  /** The runs that are drawn, as they were. */
  let drawn = '';
  let detail = null;

  // The list

  find('run-header').append(h('th', {}, h('span', { class: 'unseen' }, 'Selected')), ...columns.map(({ key, title, isNumber }) =>
    h('th', { class: isNumber ? 'number' : null, 'data-key': key },
      h('button', { type: 'button', onclick: () => sortBy(key) }, title))));

  function sortBy(key) {
    own.sort = own.sort === key ? `-${key}` : key;
    commit('sort');
    listRuns();
  }

  function sorted() {
    const isDescending = own.sort.startsWith('-');
    const key = own.sort.replace('-', '');
    const order = (a, b) => {
      const [left, right] = [a[key], b[key]];
      if (left === right) return a.path < b.path ? -1 : 1;
      if (left === null || left === undefined) return 1;
      if (right === null || right === undefined) return -1;
      return (left < right ? -1 : 1) * (isDescending ? -1 : 1);
    };
    return [...runs].sort(order);
  }

  function listRuns() {
    find('no-runs').hidden = runs.length > 0;
    for (const header of find('run-header').children) {
      const isSorted = header.dataset.key === own.sort.replace('-', '');
      if (isSorted) header.setAttribute('aria-sort', own.sort.startsWith('-') ? 'descending' : 'ascending');
      else header.removeAttribute('aria-sort');
    }
    keyed(find('run-list'), sorted(), (run) => run.path, createRow, updateRow);
  }

  function createRow({ path }) {
    return h('tr', {},
      h('td', {}, h('input', {
        type: 'checkbox', 'aria-label': `Select ${path}`, 'data-run': path, onchange: (event) => select(path, event.target.checked),
      })),
      h('th', { scope: 'row' }, h('a', { href: `#training?run=${encodeURIComponent(path).replaceAll('%2F', '/')}` }, path)),
      ...columns.slice(1).map(({ key, isNumber }) =>
        h('td', { class: isNumber ? 'number' : null }, key === 'state' ? h('span', { class: 'state' }) : null)));
  }

  function updateRow(row, run) {
    const isSelected = own.runs.includes(run.path);
    row.classList.toggle('is-selected', isSelected);
    row.querySelector('input').checked = isSelected;
    const cells = [...row.children].slice(2);
    const texts = [
      run.verb ?? '', run.problem ?? run.equation ?? '', run.model ?? '', run.state,
      run.totalSteps ? `${count(run.step ?? 0)} of ${count(run.totalSteps)}` : '–',
      format(run.testMSE), format(run.testRelativeMSE), duration(run.seconds),
      run.modified ? date.format(run.modified * 1000) : '–',
    ];
    texts.forEach((text, place) => {
      const cell = cells[place].querySelector('.state') ?? cells[place];
      if (cell.textContent !== text) cell.textContent = text;
    });
    const mark = row.querySelector('.state');
    mark.dataset.state = run.state;
  }

  function select(path, isSelected) {
    const others = own.runs.filter((one) => one !== path);
    own.runs = isSelected ? [...others, path] : others;
    commit(`run ${path}`);
    listRuns();
    showSelected();
  }

  // Polling

  const poll = latest(async () => {
    try {
      const [list, jobs] = await Promise.all([get('runs'), get('jobs')]);
      runs = list;
      complain(find('training-error'));
      listRuns();
      showJobs(jobs.filter((job) => job.kind !== 'generate'));
      await showSelected();
    } catch (error) {
      complain(find('training-error'), error);
    }
  });

  // Those selected

  const showSelected = latest(async () => {
    const paths = own.runs;
    find('selected-runs').hidden = paths.length === 0;
    if (!paths.length) {
      drawn = '';
      return;
    }
    const isOne = paths.length === 1;
    const known = paths.map((path) => runs.find((run) => run.path === path) ?? { path });
    const now = JSON.stringify([own.measure, known.map(({ path, state: stage, step, modified }) => [path, stage, step, modified])]);
    const isLive = known.some((run) => run.state === 'running');
    if (now === drawn && !(isOne && isLive)) return;
    find('runs-title').textContent = isOne ? paths[0] : `${paths.length} runs`;
    find('run-actions').hidden = !isOne;
    find('run-facts').hidden = !isOne;
    find('recipe').hidden = !isOne;
    find('comparison').hidden = isOne;
    let failure = null;
    try {
      if (isOne) drawOne(await get('run', { path: paths[0] }));
      else drawSeveral(await get('runs/compare', { path: paths }));
    } catch (error) {
      failure = error;
    }
    // What is wrong with the runs stays so; what is wrong with the server may not.
    drawn = !failure || (failure.status >= 400 && failure.status < 500) ? now : '';
    complain(find('run-error'), failure);
    find('run-content').hidden = Boolean(failure);
  });

  function drawOne(answer) {
    detail = answer;
    const { run, rows, columns: names = [], recipe = '', command, samplesPerSecond, secondsLeft } = answer;
    const column = (name) => rows.map((row) => row[names.indexOf(name)] ?? null);
    const steps = column('step');
    const isRelative = own.measure === 'relative';
    plot.yAxis.title = isRelative ? 'relative MSE' : 'MSE';
    plot.draw({
      series: isRelative
        ? [{ name: 'relative test MSE', slot: 0, x: steps, y: column('test_relative_mse'), hasMarkers: steps.length < 40 }]
        : [
          { name: 'test MSE', slot: 0, x: steps, y: column('test_mse'), hasMarkers: steps.length < 40 },
          { name: 'train MSE', slot: 1, x: steps, y: column('train_mse') },
        ],
      label: `Errors of ${run.path} against steps, on a logarithmic axis; the test MSE ends at ${format(run.testMSE)}.`,
    });
    const isRunning = run.state === 'running';
    find('run-facts').textContent = [
      run.state, run.problem,
      run.totalSteps ? `step ${count(run.step ?? 0)} of ${count(run.totalSteps)}` : null,
      samplesPerSecond ? `${format(samplesPerSecond)} samples/s` : null,
      isRunning && Number.isFinite(secondsLeft) ? `${duration(secondsLeft)} left` : null,
      `test MSE ${format(run.testMSE)}, relative ${format(run.testRelativeMSE)}`,
      Number.isFinite(run.seconds) ? `trained for ${duration(run.seconds)}` : null,
    ].filter(Boolean).join(' · ');
    const canGoOn = !isRunning && run.state !== 'broken' && run.verb !== 'newton train';
    find('run-stop').hidden = !isRunning || !Number.isInteger(run.job);
    find('run-resume').hidden = !canGoOn || run.state === 'finished';
    find('extend-form').hidden = !canGoOn;
    find('extend-steps').min = (run.step ?? 0) + 1;
    find('extend-steps').placeholder = String(2 * (run.totalSteps ?? 0) || '');
    const text = find('recipe').querySelector('pre');
    if (text.textContent !== recipe) text.textContent = recipe;
    showCommand(command);
  }

  function drawSeveral({ header, rows, numeric = [], curves = [], command }) {
    detail = null;
    const isRelative = own.measure === 'relative';
    const shortName = shortNames(curves.map((curve) => curve.path));
    plot.yAxis.title = isRelative ? 'relative test MSE' : 'test MSE; train MSE thin';
    plot.draw({
      series: curves.flatMap((curve, slot) => {
        const name = shortName(curve.path);
        const test = { name, slot, x: curve.steps, y: isRelative ? curve.testRelativeMSE : curve.testMSE };
        const train = { name: `${name}, train`, slot, x: curve.steps, y: curve.trainMSE, isThin: true };
        return (isRelative ? [test] : [test, train]).filter((one) => one.y?.length);
      }),
      label: `Test errors of ${curves.map((curve) => shortName(curve.path)).join(', ')} against steps, on a logarithmic axis.`,
    });
    const [table] = find('comparison').children;
    const cell = (tag) => (text, place) => h(tag, { class: numeric[place] ? 'number' : null }, text);
    table.tHead.replaceChildren(h('tr', {}, header.map(cell('th'))));
    table.tBodies[0].replaceChildren(...rows.map((row) => h('tr', {}, row.map(cell('td')))));
    showCommand(command);
  }

  find('measure').addEventListener('change', (event) => {
    own.measure = event.target.value;
    commit('measure');
    showSelected();
  });

  /** Asks for something about the run, and looks how it is then. */
  async function act(path, body, said) {
    try {
      await post(path, body);
      announce(said);
      complain(find('run-error'));
      await poll();
    } catch (error) {
      complain(find('run-error'), error);
    }
  }

  find('run-stop').addEventListener('click', () =>
    act('job/stop', { id: detail.run.job }, 'The run is asked to stop; it saves its state.'));
  find('run-resume').addEventListener('click', () =>
    act('run/resume', { path: detail.run.path }, 'The run goes on.'));
  find('extend-form').addEventListener('submit', (event) => {
    event.preventDefault();
    act('run/resume', { path: detail.run.path, steps: find('extend-steps').valueAsNumber }, 'The run is extended.');
  });
  downloadsWith(find('training-csv'), find('training-csv-error'), () => (own.runs.length === 1
    ? ['run', { path: own.runs[0], format: 'csv' }]
    : ['runs/compare', { path: own.runs, format: 'csv' }]));

  downloadsWith(find('report'), find('training-csv-error'), () => ['report', { path: own.runs }]);

  // New ones

  fillSelect(form.elements.equation, [...workspace.equations
    .filter((one) => !one.problem).map(({ path }) => ({ value: path })),
  { value: '', text: 'that of the data, if any' }], state.sample.equation);
  form.elements.verb.addEventListener('change', showFields);
  find('train').addEventListener('toggle', () => { if (find('train').open) fillForm(); });

  function showFields() {
    for (const field of form.querySelectorAll('[data-verb]')) {
      field.hidden = field.dataset.verb !== form.elements.verb.value;
      field.querySelector('input, select').disabled = field.hidden;
    }
  }

  async function fillForm() {
    showFields();
    try {
      const [solvers, datasets] = await Promise.all([get('solvers'), get('datasets')]);
      fillSelect(form.elements.from, solvers
        .filter((solver) => solver.kind === 'network' && !solver.problem)
        .map(({ name }) => ({ value: name, text: name })));
      const files = datasets.filter((dataset) => !dataset.problem).map(({ path, kind }) => ({
        value: path, text: kind === 'systems' ? `${path} (imported systems)` : path,
      }));
      fillSelect(form.elements.data, [{ value: '', text: 'none: drawn' }, ...files]);
      fillSelect(form.elements.testData, [{ value: '', text: "preset's: drawn" }, ...files]);
    } catch (error) {
      complain(find('train-error'), error);
    }
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      const job = await post('runs', filledIn(form));
      announce(`${job.path ?? 'The run'} begins.`);
      complain(find('train-error'));
      await poll();
    } catch (error) {
      complain(find('train-error'), error);
    }
  });

  async function show() {
    find('measure').value = own.measure;
    drawn = '';
    showUnlisted();
    await poll();
  }

  return { show, poll };
}

"""#
}
