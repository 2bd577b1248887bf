// Written by scripts/embed-page.
// swift-format-ignore-file

extension Page {
  /// `Sources/Server/Page/problem.js`.
  static let problemJs = #"""
// Problem: an equation's sample, solved while one moves the sliders.

import {
  afterRest, commandBox, complain, downloadsWith, fillSelect, find, format, get, h, latest, post,
} from './ui.js';
import { amend, canBeSent, commit, state, typed } from './state.js';
import { MatrixPicture, Plot } from './charts.js';

// MARK: Samples

/** The fields of a request that say which sample it is about. */
export function sampleFields({ nodes = state.sample.nodes } = {}) {
  const { equation, yaml, seed, index, set } = state.sample;
  return { ...(equation === typed ? { yaml } : { equation }), seed, index, nodes, set };
}

let known = { key: '', equation: null };

/** The description of the sample's equation. */
export async function loadEquation() {
  const { equation: path, yaml } = state.sample;
  const key = path === typed ? `${typed}\n${yaml}` : path;
  if (known.key !== key) {
    const equation = path === typed ? await post('equation', { yaml }) : await get('equation', { path });
    known = { key, equation };
  }
  return known.equation;
}

/** The slots of functions, alike in all plots. */
export const functionSlots = { u: 0, K: 1, f: 2, q: 3, v: 4, w: 5 };
export const slotOf = (name, place) => functionSlots[name] ?? 6 + place;

/** Draws functions other than u as small multiples. */
export class FunctionPlots {
  #plots = new Map();

  constructor(parent) {
    this.parent = parent;
  }

  draw(x, functions) {
    const others = functions.filter((one) => one.name !== 'u');
    others.forEach(({ name, values }, place) => {
      let plot = this.#plots.get(name);
      if (!plot) {
        const figure = h('figure', {}, h('figcaption', {}, name));
        this.parent.append(figure);
        plot = new Plot(figure, { x: { title: 'x' }, y: { title: '' }, height: 140 });
        this.#plots.set(name, plot);
      }
      plot.figure.hidden = false;
      plot.draw({ series: [{ name, slot: slotOf(name, place), x, y: values }], label: describe(name, x, values) });
    });
    for (const [name, plot] of this.#plots) {
      if (!others.some((one) => one.name === name)) plot.figure.hidden = true;
    }
  }
}

/** A sentence about a function, for those who do not see its plot. */
export function describe(name, x, values) {
  const finite = values.filter(Number.isFinite);
  return `${name} against x from ${format(x[0])} to ${format(x[x.length - 1])}; `
    + `it lies between ${format(Math.min(...finite))} and ${format(Math.max(...finite))}.`;
}

/** The series of Chebyshev coefficients, by the index k. */
export const coefficientSeries = (coefficients, shown) => coefficients.map(({ name, values }, place) => ({
  name, slot: slotOf(name, place), x: values.map((_, k) => k), y: values, hasMarkers: values.length < 100,
  isHidden: !shown.includes(name),
}));

// MARK: Parameters

/** How a law's values lie along a slider. */
function sliderScale({ kind, low, high, values }) {
  if (kind === 'choice') {
    const nearest = (value) => values.reduce(
      (best, one, place) => (Math.abs(one - value) < Math.abs(values[best] - value) ? place : best), 0);
    return {
      min: 0, max: values.length - 1, step: 1, marks: [0, 1],
      toSlider: nearest, fromSlider: (place) => values[Math.round(place)],
    };
  }
  const isLog = kind === 'log-uniform';
  const [from, to] = isLog ? [Math.log10(low), Math.log10(high)] : [low, high];
  const room = to > from ? (to - from) / 2 : Math.abs(to) || 1;
  const digit = 10 ** Math.floor(Math.log10(room / 50));
  const step = digit * [1, 2, 5].findLast((factor) => factor * digit <= room / 50 * 1.001);
  const min = Number((Math.floor((from - room) / step + 1e-9) * step).toPrecision(12));
  const max = Number((Math.ceil((to + room) / step - 1e-9) * step).toPrecision(12));
  return {
    min, max, step: Number(step.toPrecision(3)),
    marks: [(from - min) / (max - min), (to - min) / (max - min) + (to > from ? 0 : 0.01)],
    toSlider: (value) => (isLog ? Math.log10(value) : value),
    fromSlider: (place) => (isLog ? Number((10 ** place).toPrecision(4)) : place),
  };
}

/** Slider, number and reset of one parameter. */
class ParameterControl {
  #value;

  /** `onChange` receives a value, or undefined to draw, whether it is dragged, and when. */
  constructor({ name, law }, onChange) {
    this.name = name;
    const scale = sliderScale(law);
    this.scale = scale;
    this.slider = h('input', {
      type: 'range', min: scale.min, max: scale.max, step: scale.step,
      'data-parameter': name, 'aria-label': `${name}, ${law.text}`,
    });
    this.number = h('input', { type: 'number', step: 'any', 'aria-label': `${name} as a number` });
    this.drawn = h('input', { type: 'checkbox', 'data-drawn': name });
    this.slider.style.setProperty('--from', Math.max(0, scale.marks[0]));
    this.slider.style.setProperty('--to', Math.min(1, scale.marks[1]));
    this.element = h('div', { class: 'parameter' },
      h('div', { class: 'row' },
        h('strong', {}, name),
        h('span', { class: 'hint law' }, law.text),
        h('label', { class: 'check' }, this.drawn, law.kind === 'number' ? 'as stated' : 'drawn')),
      h('div', { class: 'slider' }, this.slider, this.number));
    const slide = (isDragging) => (event) =>
      onChange(scale.fromSlider(Number(this.slider.value)), isDragging, event.timeStamp);
    this.slider.addEventListener('input', slide(true));
    this.slider.addEventListener('change', slide(false));
    this.number.addEventListener('change', (event) => {
      const value = this.number.valueAsNumber;
      onChange(Number.isFinite(value) ? value : undefined, false, event.timeStamp);
    });
    this.drawn.addEventListener('change', (event) =>
      onChange(this.drawn.checked ? undefined : this.#value, false, event.timeStamp));
  }

  /** Shows a value; a slider that is dragged is where it should be. */
  show(value, isDrawn, isDragged = false) {
    this.#value = Number(value.toPrecision(isDrawn ? 4 : 12));
    this.drawn.checked = isDrawn;
    this.element.classList.toggle('is-set', !isDrawn);
    if (!isDragged) this.slider.value = this.scale.toSlider(value);
    this.number.value = this.#value;
    this.slider.setAttribute('aria-valuetext', this.#value);
  }
}

// MARK: The editor

/** A text with line numbers, of which one may be marked. */
class Editor {
  #lines = 0;

  constructor() {
    this.text = find('editor');
    this.gutter = find('gutter');
    this.error = find('editor-error');
    this.jump = find('editor-jump');
    this.text.addEventListener('scroll', () => { this.gutter.scrollTop = this.text.scrollTop; });
    this.text.addEventListener('input', () => this.number());
    this.jump.addEventListener('click', () => this.#goTo(Number(this.jump.dataset.line), Number(this.jump.dataset.column)));
  }

  number() {
    const lines = this.text.value.split('\n').length;
    if (lines === this.#lines) return;
    this.#lines = lines;
    this.gutter.replaceChildren(...Array.from({ length: lines }, (_, place) => h('div', {}, String(place + 1))));
    this.gutter.scrollTop = this.text.scrollTop;
  }

  /** Marks the place of an error; none clears it. */
  complain(error) {
    this.error.hidden = !error;
    this.error.querySelector('span').textContent = error?.message ?? '';
    this.text.setAttribute('aria-invalid', String(Boolean(error)));
    this.jump.hidden = !error?.line;
    this.jump.textContent = `Go to line ${error?.line}${error?.column ? `, column ${error.column}` : ''}`;
    Object.assign(this.jump.dataset, { line: error?.line ?? 1, column: error?.column ?? 1 });
    [...this.gutter.children].forEach((line, place) =>
      line.classList.toggle('is-wrong', place + 1 === error?.line));
  }

  #goTo(line, column) {
    const lines = this.text.value.split('\n');
    const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    const place = start + Math.min(column - 1, lines[line - 1]?.length ?? 0);
    this.text.focus();
    this.text.setSelectionRange(place, Math.min(place + 1, start + (lines[line - 1]?.length ?? 0)));
    const height = this.text.scrollHeight / lines.length;
    this.text.scrollTop = Math.max(0, (line - 4) * height);
  }
}

// MARK: The view

const factNames = [
  ['condition', 'κ₂(A)'], ['residual', 'Residual'], ['tail', 'Tail'], ['error', 'Estimated error'],
  ['nodes', 'Nodes'], ['server', 'Server'], ['latency', 'Latency'],
];

export function problemView(workspace) {
  const sample = state.sample;
  const plotU = new Plot(find('plot-u'), { x: { title: 'x' }, y: { title: 'u' }, height: 300 });
  const functionPlots = new FunctionPlots(find('plots-functions'));
  const plotCoefficients = new Plot(find('plot-coefficients'), {
    x: { title: 'k' }, y: { title: '|aₖ|', isLog: true }, height: 300, onToggle: toggle,
  });
  const picture = new MatrixPicture(find('matrix'));
  const editor = new Editor();
  const showCommand = commandBox(find('problem-command'));
  const showMatrixCommand = commandBox(find('matrix-command'));
  const facts = new Map(factNames.map(([key, name]) => {
    const value = h('dd', { 'data-fact': key }, '–');
    find('facts').append(h('div', {}, h('dt', {}, name), value));
    return [key, value];
  }));
  let controls = new Map();
  let parametersShown = '';
  let problem = null;
  /** Whether the typed text is that of an equation. */
  let isSound = true;

  // What is chosen

  fillSelect(find('equation'), [
    ...workspace.equations.map(({ path, name, isShipped, problem: reason }) => ({
      value: path, text: isShipped ? name : `${name} (${path})`, title: reason, disabled: Boolean(reason),
    })),
    { value: typed, text: 'typed …' },
  ]);
  find('equation').addEventListener('change', chooseEquation);
  for (const [id, key, most] of [['seed', 'seed', Number.MAX_SAFE_INTEGER], ['index', 'index', 1e9]]) {
    find(id).addEventListener('change', (event) => {
      const value = Math.round(event.target.valueAsNumber);
      sample[key] = Number.isFinite(value) ? Math.max(0, Math.min(most, value)) : 0;
      event.target.value = sample[key];
      changed(id, event.timeStamp);
    });
  }
  find('previous').addEventListener('click', () => step(-1));
  find('next').addEventListener('click', () => step(1));
  find('nodes').addEventListener('change', (event) => {
    sample.nodes = event.target.value === 'auto' ? 'auto' : Number(event.target.value);
    changed('nodes', event.timeStamp);
  });
  find('draw-all').addEventListener('click', (event) => {
    sample.set = {};
    changed('draw-all', event.timeStamp);
  });
  find('problem-form').addEventListener('submit', (event) => event.preventDefault());
  const checkText = afterRest(150, check);
  find('editor').addEventListener('input', () => {
    sample.yaml = find('editor').value;
    commit('yaml', true);
    checkText();
  });
  find('editor').addEventListener('change', () => commit('yaml'));
  find('save-equation').addEventListener('click', save);
  downloadsWith(find('problem-csv'), find('problem-csv-error'),
    () => ['problem', { format: 'csv' }, sampleFields()]);
  downloadsWith(find('matrix-csv'), find('problem-csv-error'),
    () => ['matrix', { format: 'csv' }, sampleFields()]);

  /** Keeps the text as a file, for datasets and trainings. */
  async function save() {
    try {
      const { path } = await post('equations', { name: find('save-name').value, yaml: sample.yaml });
      complain(find('save-error'));
      sample.equation = path;
      commit('equation');
      // All lists of equations have it then.
      location.reload();
    } catch (error) {
      complain(find('save-error'), error);
    }
  }

  function step(by) {
    sample.index = Math.max(0, sample.index + by);
    find('index').value = sample.index;
    changed('index', performance.now());
  }

  async function chooseEquation() {
    const path = find('equation').value;
    if (path === typed) {
      sample.yaml = await loadEquation().then((equation) => equation.yaml ?? '', () => '');
    }
    sample.equation = path;
    sample.set = {};
    commit('equation');
    await show();
    if (path === typed) find('editor').focus();
  }

  /** Something other than the equation is settled. */
  function changed(key, began) {
    commit(key);
    solve(began);
  }

  function toggle(name) {
    const { shown } = state.problem;
    state.problem.shown = shown.includes(name) ? shown.filter((one) => one !== name) : [...shown, name];
    commit(`shown ${name}`);
    if (problem) drawCoefficients();
  }

  // The equation

  async function check() {
    try {
      const equation = await loadEquation();
      isSound = true;
      editor.complain(null);
      describeEquation(equation);
      solve();
    } catch (error) {
      isSound = false;
      editor.complain(error);
      find('view-problem').classList.add('is-stale');
    }
    find('not-sendable').hidden = canBeSent();
  }

  function describeEquation(equation) {
    find('equation-operator').textContent = equation.equation || equation.name;
    const entries = [
      ...(equation.coefficients ?? []), ...(equation.fields ?? []), ...(equation.boundary ?? []),
    ];
    const [list] = find('equation-facts').getElementsByTagName('dl');
    list.replaceChildren(
      ...(equation.description ? [h('dt', {}, equation.name), h('dd', {}, equation.description)] : []),
      ...(equation.domain ? [h('dt', {}, 'x'), h('dd', {}, equation.domain.map((end) => format(end)).join(' to '))] : []),
      ...entries.flatMap(({ name, text }) => [h('dt', {}, name), h('dd', {}, text)]));
    buildControls(equation.parameters);
    for (const name of Object.keys(sample.set)) {
      if (!controls.has(name)) delete sample.set[name];
    }
    showSet();
    // One grid does not do for coefficients that jump.
    if (equation.hasJumps && sample.nodes !== 'auto') {
      sample.nodes = 'auto';
      showFields();
    }
    amend();
  }

  function buildControls(parameters) {
    const wanted = JSON.stringify(parameters);
    if (wanted === parametersShown) return;
    parametersShown = wanted;
    controls = new Map(parameters.map((parameter) => [
      parameter.name, new ParameterControl(parameter, (...change) => move(parameter.name, ...change)),
    ]));
    find('parameters').replaceChildren(...[...controls.values()].map((control) => control.element));
    if (!parameters.length) find('parameters').append(h('p', { class: 'hint' }, 'The equation has none.'));
  }

  function move(name, value, isDragging, began) {
    if (value === undefined) {
      delete sample.set[name];
    } else {
      sample.set[name] = value;
      controls.get(name).show(value, false, isDragging);
    }
    commit(`parameter ${name}`, isDragging);
    solve(began);
  }

  function showFields() {
    const { equation, yaml, seed, index, nodes } = sample;
    find('equation').value = equation;
    if (find('equation').value !== equation) {
      find('equation').append(h('option', { value: equation }, equation));
      find('equation').value = equation;
    }
    find('typed').hidden = equation !== typed;
    if (equation === typed && find('editor').value !== yaml) find('editor').value = yaml;
    if (equation === typed) editor.number();
    find('seed').value = seed;
    find('index').value = index;
    const counts = ['auto', 16, 32, 64, 128, 256];
    if (!counts.includes(nodes)) counts.push(nodes);
    fillSelect(find('nodes'), counts.map((value) => ({ value: String(value) })));
    find('nodes').value = nodes;
    showSet();
  }

  /** Shows the parameters that are not drawn; the others come with the sample. */
  function showSet() {
    for (const [name, control] of controls) {
      if (name in sample.set) control.show(sample.set[name], false);
    }
  }

  // Its sample

  function complainOfSample(error) {
    complain(find('problem-error'), error);
    find('view-problem').classList.toggle('is-stale', Boolean(error));
  }

  const solve = latest(async (began) => {
    if (!isSound) return;
    const wanted = sampleFields();
    matrixSoon();
    try {
      problem = await post('problem', wanted);
      complainOfSample(null);
      draw();
      if (began !== undefined) noteLatency(began);
    } catch (error) {
      complainOfSample(error);
    }
  });

  function draw() {
    const { x, functions, parameters = [] } = problem;
    const u = functions.find((one) => one.name === 'u');
    plotU.draw({
      series: [{ name: 'u', slot: 0, x, y: u.values }], label: `The solution ${describe('u', x, u.values)}`,
    });
    functionPlots.draw(x, functions);
    drawCoefficients();
    for (const { name, value } of parameters) {
      if (!(name in sample.set)) controls.get(name)?.show(value, true);
    }
    facts.get('condition').textContent = format(problem.condition);
    facts.get('residual').textContent = format(problem.residual);
    facts.get('tail').textContent = format(problem.tail);
    facts.get('error').textContent = format(problem.error);
    facts.get('nodes').textContent = problem.pieces > 1
      ? `${problem.nodes} in ${problem.pieces} pieces` : `${problem.nodes ?? '–'}`;
    facts.get('server').textContent = `${format(problem.milliseconds)} ms`;
    const warnings = problem.warnings ?? [];
    find('problem-warnings').replaceChildren(...warnings.map((text) => h('li', {}, text)));
    showCommand(problem.command);
    const page = document.documentElement.dataset;
    page.draws = Number(page.draws ?? 0) + 1;
  }

  function drawCoefficients() {
    const { shown } = state.problem;
    const coefficients = problem.coefficients ?? [];
    plotCoefficients.draw({
      series: coefficientSeries(coefficients, shown),
      label: `Sizes of the Chebyshev coefficients of ${shown.join(', ')}, on a logarithmic axis; `
        + `those of u fall to ${format(problem.tail)} of the largest.`,
    });
  }

  /** From the change of a control to the frame in which it is drawn. */
  function noteLatency(began) {
    requestAnimationFrame(() => {
      const milliseconds = performance.now() - began;
      document.documentElement.dataset.latency = milliseconds.toFixed(1);
      facts.get('latency').textContent = `${milliseconds.toFixed(0)} ms`;
    });
  }

  // Its matrix

  const loadMatrix = latest(async () => {
    const isRefined = sample.nodes === 'auto';
    find('matrix').hidden = isRefined;
    find('matrix-csv').disabled = isRefined;
    const note = (text) => {
      find('matrix-note').hidden = !text;
      find('matrix-note').textContent = text;
    };
    if (isRefined) {
      note('A matrix is shown for a fixed number of nodes.');
      find('matrix-details').hidden = true;
      return;
    }
    try {
      const matrix = await post('matrix', sampleFields());
      picture.draw(matrix);
      showMatrixCommand(matrix.command);
      find('matrix-details').hidden = !matrix.command;
      note((matrix.warnings ?? []).join(' '));
    } catch (error) {
      note(error.message);
    }
  });
  const matrixSoon = afterRest(250, loadMatrix);

  async function show() {
    showFields();
    find('not-sendable').hidden = canBeSent();
    isSound = true;
    if (sample.equation === typed) {
      await check();
      return;
    }
    try {
      describeEquation(await loadEquation());
      solve();
    } catch (error) {
      complainOfSample(error);
    }
  }

  return { show, step };
}

"""#
}
