// Solvers: those chosen side by side on one system, clean or noisy.

import {
  afterRest, commandBox, complain, downloadsWith, duration, find, format, get, h, latest, post,
  shortNames, unlistedNote,
} from './ui.js';
import { commit, fragment, state, typed } from './state.js';
import { Plot, swatch } from './charts.js';
import { loadEquation, sampleFields } from './problem.js';

/** Of the noise curves: 1e-8 to 1. */
const levels = Array.from({ length: 13 }, (_, place) => Number((10 ** (-8 + (2 * place) / 3)).toPrecision(3)));
const draws = 100;
const usual = ['lu', 'svd', 'tikhonov'];

/** The slider's places: 0 is no noise, then twelve to a decade from 1e-8. */
const levelAt = (place) => (place === 0 ? 0 : Number((10 ** (-8 + (place - 1) / 12)).toPrecision(3)));
const placeOf = (level) => (level === 0
  ? 0 : Math.max(1, Math.min(97, Math.round(1 + 12 * (8 + Math.log10(level))))));

export function solversView() {
  const own = state.solvers;
  const sample = state.sample;
  const plotSolutions = new Plot(find('plot-solutions'), { x: { title: 'x' }, y: { title: 'u' }, height: 300 });
  const plotErrors = new Plot(find('plot-errors'), {
    x: { title: 'x' }, y: { title: '|û − u|', isLog: true }, height: 300,
  });
  const plotNoise = new Plot(find('plot-noise'), {
    x: { title: 'σ', isLog: true }, y: { title: 'relative error', isLog: true }, height: 300,
  });
  const plotHistory = new Plot(find('plot-history'), {
    x: { title: 'step' }, y: { title: '‖b − Ax‖ / ‖b‖', isLog: true }, height: 220,
  });
  const showCommand = commandBox(find('solvers-command'));
  const showNoiseCommand = commandBox(find('noise-command'));
  const showUnlisted = unlistedNote(find('solvers-unlisted'));
  let all = [];
  let equationName = '';
  let curves = null;
  let curvesOf = '';

  const nodes = () => (sample.nodes === 'auto' ? 64 : sample.nodes);

  // Who solves

  const slots = new Map();

  /** A look that a solver keeps as long as it is chosen. */
  function slotOf(name) {
    if (!slots.has(name)) {
      const taken = new Set(slots.values());
      let free = 0;
      while (taken.has(free)) free += 1;
      slots.set(name, free);
    }
    return slots.get(name);
  }

  /** Why a solver cannot be chosen, if it cannot. */
  function obstacle(solver) {
    if (solver.problem) return solver.problem;
    // What polya says of an operator holds on any grid.
    if (solver.nodes && solver.model !== 'polya' && solver.nodes !== nodes()) return `it is for ${solver.nodes} nodes`;
    return '';
  }

  function chosen() {
    const able = all.filter((solver) => !obstacle(solver));
    if (own.names) return own.names.filter((name) => able.some((solver) => solver.name === name));
    // The best on their tests.
    const trained = able
      .filter((solver) => solver.kind === 'network' && solver.equation === equationName)
      .sort((a, b) => (a.testRelativeMSE ?? Infinity) - (b.testRelativeMSE ?? Infinity) || 0);
    return [...usual.filter((name) => able.some((solver) => solver.name === name)),
      ...trained.slice(0, 2).map((solver) => solver.name)];
  }

  function listSolvers() {
    const names = chosen();
    for (const name of slots.keys()) if (!names.includes(name)) slots.delete(name);
    names.forEach(slotOf);
    for (const [id, kind] of [['classical', 'classical'], ['networks', 'network']]) {
      const some = all.filter((solver) => solver.kind === kind);
      const shortName = shortNames(some.map((solver) => solver.name));
      const focused = document.activeElement?.dataset?.solver;
      find(id).replaceChildren(...some.map((solver) => {
        const reason = obstacle(solver);
        return h('li', {}, h('label', { title: solver.name },
          h('input', {
            type: 'checkbox', 'data-solver': solver.name, disabled: Boolean(reason),
            checked: names.includes(solver.name), onchange: choose,
          }),
          h('span', { class: 'names' }, shortName(solver.name), h('span', { class: 'hint' }, about(solver, reason))),
          names.includes(solver.name) ? swatch(slotOf(solver.name)) : null));
      }));
      if (focused) find(id).querySelector(`[data-solver="${CSS.escape(focused)}"]`)?.focus();
    }
    find('no-networks').hidden = all.some((solver) => solver.kind === 'network');
  }

  function about(solver, reason) {
    if (reason) return reason;
    const parts = [
      solver.kind === 'network' ? solver.model : `knows ${solver.knowledge || 'A, b'}`,
      solver.equation,
      solver.testRelativeMSE ? `test ${format(solver.testRelativeMSE)}` : '',
      solver.isSlow ? 'slow' : '',
      solver.remark,
    ];
    return parts.filter(Boolean).join(', ');
  }

  function choose(event) {
    const name = event.target.dataset.solver;
    const kept = chosen().filter((one) => one !== name);
    own.names = event.target.checked ? [...kept, name] : kept;
    commit(`solver ${name}`);
    listSolvers();
    solve();
    noiseSoon();
  }

  // The noise

  for (const [id, key] of [['noise-model', 'model'], ['noise-target', 'target'], ['noise-law', 'law'], ['iterate', 'iterate']]) {
    find(id).addEventListener('change', (event) => {
      own[key] = event.target.value;
      changed(key);
    });
  }
  for (const [type, isDragging] of [['input', true], ['change', false]]) {
    find('noise-level').addEventListener(type, (event) => {
      own.level = levelAt(event.target.valueAsNumber);
      showLevel();
      commit('level', isDragging);
      solve(event.timeStamp);
      drawNoise();
    });
  }
  find('noise-value').addEventListener('change', (event) => {
    const level = event.target.valueAsNumber;
    own.level = level >= 0 ? Math.min(level, 1e30) : 0;
    showLevel();
    find('noise-level').value = placeOf(own.level);
    changed('level');
  });
  find('draw-again').addEventListener('click', () => {
    own.draw += 1;
    showNoise();
    changed('draw');
  });
  find('solvers-previous').addEventListener('click', () => step(-1));
  find('solvers-next').addEventListener('click', () => step(1));
  find('solvers-form').addEventListener('submit', (event) => event.preventDefault());
  downloadsWith(find('solvers-csv'), find('solvers-csv-error'), () => ['solve', { format: 'csv' }, solveFields()]);
  downloadsWith(find('noise-csv'), find('solvers-csv-error'), () => ['noise', { format: 'csv' }, noiseFields()]);

  function changed(key) {
    commit(key);
    solve();
    drawNoise();
    noiseSoon();
  }

  function step(by) {
    sample.index = Math.max(0, sample.index + by);
    showSample();
    changed('index');
  }

  function showLevel() {
    find('noise-value').value = own.level;
    find('noise-level').setAttribute('aria-valuetext', own.level === 0 ? 'none' : format(own.level));
  }

  function showNoise() {
    find('noise-model').value = own.model;
    find('noise-target').value = own.target;
    find('noise-law').value = own.law;
    find('iterate').value = own.iterate;
    find('noise-level').value = placeOf(own.level);
    find('noise-draw').textContent = `noise seed ${own.draw}`;
    showLevel();
  }

  function showSample() {
    const parts = [
      sample.equation === typed ? equationName || 'the typed equation' : sample.equation,
      `seed ${sample.seed}`, `index ${sample.index}`, `${nodes()} nodes`,
      ...Object.entries(sample.set).map(([name, value]) => `${name} = ${format(value, 4)}`),
    ];
    find('solvers-sample').replaceChildren(
      parts.join(', '), ' ', h('a', { href: `#${fragment('problem')}` }, 'Change'));
  }

  // What they say

  function noiseOf() {
    const { model, target, law, draw: seed } = own;
    return { model, target, law, seed };
  }

  function solveFields() {
    const noise = { ...noiseOf(), level: own.level };
    return {
      ...sampleFields({ nodes: nodes() }), solvers: chosen(), iterate: own.iterate,
      ...(own.level > 0 ? { noise } : {}),
    };
  }

  function noiseFields() {
    const quick = chosen().filter((name) => !all.find((solver) => solver.name === name).isSlow);
    return { ...sampleFields({ nodes: nodes() }), solvers: quick, noise: noiseOf(), levels, draws };
  }

  function complainOfSystem(error) {
    complain(find('solvers-error'), error);
    find('view-solvers').classList.toggle('is-stale', Boolean(error));
  }

  const solve = latest(async (began) => {
    const wanted = solveFields();
    if (!wanted.solvers.length) {
      complainOfSystem({ message: 'Choose a solver.' });
      return;
    }
    try {
      const answer = await post('solve', wanted);
      complainOfSystem(null);
      draw(answer);
      if (began !== undefined) {
        requestAnimationFrame(() => {
          document.documentElement.dataset.latency = (performance.now() - began).toFixed(1);
        });
      }
    } catch (error) {
      complainOfSystem(error);
    }
  });

  function draw({ x, u, condition, solutions, command, warnings = [] }) {
    const shortName = shortNames(solutions.map((one) => one.solver));
    const solved = solutions.filter((one) => one.u?.length);
    const named = solved.map((one) => shortName(one.solver)).join(', ');
    const look = (one) => ({ name: shortName(one.solver), slot: slotOf(one.solver), x });
    plotSolutions.draw({
      series: [
        ...(u ? [{ name: 'u, clean', x, y: u }] : []),
        ...solved.map((one) => ({ ...look(one), y: one.u, low: one.low, high: one.high })),
      ],
      label: `The clean solution u and those of ${named}, against x.`,
    });
    plotErrors.draw({
      series: solved.map((one) => ({
        ...look(one),
        y: one.u.map((value, place) => (value === null || !u ? null : Math.abs(value - u[place]))),
      })),
      label: `Pointwise errors of ${named}, on a logarithmic axis.`,
    });
    const iterated = solved.filter((one) => one.history?.length);
    find('plot-history').hidden = iterated.length === 0;
    plotHistory.draw({
      series: iterated.map((one) => ({
        ...look(one), x: one.history.map((_, k) => k), y: one.history, hasMarkers: one.history.length < 30,
      })),
      label: `Residuals of the iteration with ${iterated.map((one) => shortName(one.solver)).join(', ')}, step by step.`,
    });
    find('solver-table').tBodies[0].replaceChildren(
      ...solutions.map((one) => row(one, shortName(one.solver))));
    find('solvers-warnings').replaceChildren(...warnings.map((text) => h('li', {}, text)));
    find('solvers-hint').textContent = `κ₂ of the system is ${format(condition)}. `
      + 'Relative error: ‖û − u‖²/‖u‖²; max error: max |û − u| / max |u|; '
      + 'residual: ‖S(Aû − b)‖/‖Sf‖, rows scaled to unit norm.';
    showCommand(command);
    const page = document.documentElement.dataset;
    page.draws = Number(page.draws ?? 0) + 1;
  }

  function row(one, name) {
    const remarks = [
      one.failure, one.isTrained ? 'trained on this sample' : null, ...(one.doubts ?? []),
      one.history?.length ? `${one.isConverged ? 'converged' : 'not converged'} in ${one.history.length - 1} steps` : null,
      one.low?.length ? `band of ${format(100 * one.coverage)} % coverage` : null,
    ];
    return h('tr', { 'data-solver': one.solver },
      h('th', { scope: 'row', title: one.solver }, swatch(slotOf(one.solver)), ' ', name),
      ...[one.error, one.maximumError, one.residual].map((value) => h('td', { class: 'number' }, format(value))),
      h('td', { class: 'number' }, duration(one.milliseconds / 1e3)),
      h('td', { class: 'doubts' }, remarks.filter(Boolean).join('; ')));
  }

  /** Calls off the curves that are being computed. */
  let calledOff = new AbortController();

  /** Asks for one solver's curve after the other, and draws what is there. */
  async function loadNoise() {
    if (state.view !== 'solvers') return;
    const wanted = noiseFields();
    const key = JSON.stringify(wanted);
    if (key === curvesOf || !wanted.solvers.length) return;
    calledOff.abort();
    const { signal } = calledOff = new AbortController();
    curvesOf = key;
    const found = [];
    complain(find('noise-error'));
    for (const [place, only] of wanted.solvers.entries()) {
      find('noise-busy').textContent = `computing ${place + 1} of ${wanted.solvers.length} …`;
      try {
        const answer = await post('noise', { ...wanted, only }, signal);
        if (signal.aborted) return;
        found.push(...answer.curves);
        curves = { ...answer, curves: [...found] };
      } catch (error) {
        if (signal.aborted) return;
        curvesOf = '';
        if (error.status !== 503) {
          complain(find('noise-error'), error);
          break;
        }
        // The next may take less.
        found.push({ solver: only, failure: error.message });
        if (curves) curves = { ...curves, curves: [...found] };
      }
      drawNoise();
    }
    find('noise-busy').textContent = `${draws} draws, median and p10 to p90`;
  }
  const noiseSoon = afterRest(400, loadNoise);

  function drawNoise() {
    if (!curves) return;
    const names = chosen();
    const shortName = shortNames(names);
    const known = curves.curves.filter((curve) => !curve.failure && names.includes(curve.solver));
    plotNoise.draw({
      series: known.map((curve) => ({
        name: shortName(curve.solver), slot: slotOf(curve.solver), x: curves.levels, y: curve.median,
        low: curve.p10, high: curve.p90, hasMarkers: true,
      })),
      marks: own.level > 0 ? [{ x: own.level, text: `σ = ${format(own.level)}` }] : [],
      label: `Median relative error of ${known.map((curve) => shortName(curve.solver)).join(', ')} against the `
        + `noise level σ, with the band from the 10th to the 90th percentile of ${curves.draws ?? draws} draws.`,
    });
    find('noise-failures').replaceChildren(...curves.curves.filter((curve) => curve.failure)
      .map((curve) => h('li', {}, `${shortName(curve.solver)}: ${curve.failure}`)));
    showNoiseCommand(curves.command);
  }

  async function show() {
    showNoise();
    showSample();
    showUnlisted();
    try {
      const [solvers, equation] = await Promise.all([get('solvers'), loadEquation()]);
      all = solvers;
      equationName = equation.name;
    } catch (error) {
      complainOfSystem(error);
      return;
    }
    showSample();
    listSolvers();
    solve();
    noiseSoon();
  }

  return { show, step };
}
