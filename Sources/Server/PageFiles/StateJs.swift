// Written by scripts/embed-page.
// swift-format-ignore-file

extension Page {
  /// `Sources/Server/Page/state.js`.
  static let stateJs = #"""
// The state of the views. The address's fragment holds all of it, such as
// #problem?equation=diffusion&seed=0&index=3&nodes=64&alpha=0.4

export const views = ['problem', 'solvers', 'datasets', 'training'];

/** The seed of `bvp evaluate`: no network that ships was trained on its samples. */
const testSeed = 201;

/** The sample that Problem and Solvers are about. */
const newSample = () => ({
  equation: 'diffusion', yaml: '', seed: testSeed, index: 0, nodes: 64, set: {},
});

const newState = {
  problem: () => ({ shown: ['u'] }),
  solvers: () => ({
    names: null, model: 'relative', target: 'A', law: 'gaussian', level: 0, draw: 0,
    iterate: 'none',
  }),
  datasets: () => ({ path: '', sample: 0 }),
  training: () => ({ runs: [], sort: '-modified', measure: 'mse' }),
};

export const state = {
  view: 'problem',
  sample: newSample(),
  ...Object.fromEntries(views.map((view) => [view, newState[view]()])),
};

/** The equation that is typed, not of a file. */
export const typed = 'typed';
/** The longest text that the fragment carries; longer ones this tab keeps. */
const longestText = 4096;
const storedText = 'bvp-equation';

/** Whether the fragment holds all, so that the view can be sent. */
export const canBeSent = () =>
  state.sample.equation !== typed || encodeText(state.sample.yaml).length <= longestText;

// MARK: Fragments

/** Names that parameters of an equation cannot have in the fragment. */
const reserved = new Set([
  'equation', 'yaml', 'seed', 'index', 'nodes', 'shown', 'solvers', 'model', 'target', 'law',
  'level', 'draw', 'iterate',
]);

/** The fragment of a view, without '#'. */
export function fragment(view = state.view) {
  const fields = new URLSearchParams();
  if (view === 'problem' || view === 'solvers') writeSample(fields);
  writers[view](fields, state[view]);
  const query = String(fields).replaceAll('%2F', '/').replaceAll('%2C', ',');
  return query ? `${view}?${query}` : view;
}

function writeSample(fields) {
  const { equation, yaml, seed, index, nodes, set } = state.sample;
  fields.set('equation', equation);
  if (equation === typed) {
    const text = encodeText(yaml);
    if (text.length <= longestText) {
      fields.set('yaml', text);
    } else {
      fields.set('yaml', '~');
      sessionStorage.setItem(storedText, yaml);
    }
  }
  fields.set('seed', seed);
  fields.set('index', index);
  fields.set('nodes', nodes);
  for (const [name, value] of Object.entries(set)) {
    fields.set(reserved.has(name) ? `set.${name}` : name, value);
  }
}

const writers = {
  problem(fields, { shown }) {
    if (shown.join() !== 'u') fields.set('shown', shown.join());
  },
  solvers(fields, { names, model, target, law, level, draw, iterate }) {
    if (names) fields.set('solvers', names.join());
    fields.set('model', model);
    fields.set('target', target);
    fields.set('law', law);
    fields.set('level', level);
    fields.set('draw', draw);
    fields.set('iterate', iterate);
  },
  datasets(fields, { path, sample }) {
    if (!path) return;
    fields.set('path', path);
    fields.set('sample', sample);
  },
  training(fields, { runs, sort, measure }) {
    for (const run of runs) fields.append('run', run);
    if (sort !== '-modified') fields.set('sort', sort);
    if (measure !== 'mse') fields.set('measure', measure);
  },
};

/** Takes over what the address says. */
function read() {
  const [view, query = ''] = location.hash.slice(1).split(/\?(.*)/s);
  const fields = new URLSearchParams(query);
  state.view = views.includes(view) ? view : 'problem';
  if (state.view === 'problem' || state.view === 'solvers') readSample(fields);
  Object.assign(state[state.view], newState[state.view](), readers[state.view](fields));
}

function readSample(fields) {
  if (!fields.has('equation')) return;
  const sample = newSample();
  sample.equation = fields.get('equation');
  sample.seed = integer(fields, 'seed', 0, Number.MAX_SAFE_INTEGER) ?? testSeed;
  sample.index = integer(fields, 'index', 0, 1e9) ?? 0;
  sample.nodes = fields.get('nodes') === 'auto' ? 'auto' : integer(fields, 'nodes', 3, 512) ?? 64;
  if (sample.equation === typed) {
    const text = fields.get('yaml') ?? '';
    sample.yaml = text === '~' ? sessionStorage.getItem(storedText) ?? '' : decodeText(text);
  }
  for (const [key, text] of fields) {
    if (!reserved.has(key) && text !== '' && Number.isFinite(Number(text))) {
      sample.set[key.replace(/^set\./, '')] = Number(text);
    }
  }
  Object.assign(state.sample, sample);
}

const choices = {
  model: ['relative', 'absolute', 'rms'],
  target: ['A', 'b', 'both'],
  law: ['gaussian', 'uniform', 'laplace', 'outliers'],
  iterate: ['none', 'richardson', 'gmres'],
};

const readers = {
  problem: (fields) => (fields.has('shown') ? { shown: list(fields, 'shown') } : {}),
  solvers(fields) {
    const result = {};
    if (fields.has('solvers')) result.names = list(fields, 'solvers');
    for (const [name, values] of Object.entries(choices)) {
      if (values.includes(fields.get(name))) result[name] = fields.get(name);
    }
    const level = Number(fields.get('level'));
    if (level >= 0 && level <= 1e30) result.level = level;
    result.draw = integer(fields, 'draw', 0, Number.MAX_SAFE_INTEGER) ?? 0;
    return result;
  },
  datasets: (fields) => ({
    path: fields.get('path') ?? '', sample: integer(fields, 'sample', 0, 1e9) ?? 0,
  }),
  training: (fields) => ({
    runs: fields.getAll('run'),
    sort: fields.get('sort') ?? '-modified',
    measure: fields.get('measure') ?? 'mse',
  }),
};

const list = (fields, name) => fields.get(name).split(',').filter(Boolean);

function integer(fields, name, low, high) {
  const value = Number(fields.get(name) || NaN);
  return Number.isInteger(value) && value >= low && value <= high ? value : undefined;
}

/** UTF-8 as base64url. */
function encodeText(text) {
  const bytes = new TextEncoder().encode(text);
  const plain = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function decodeText(code) {
  try {
    const plain = atob(code.replaceAll('-', '+').replaceAll('_', '/'));
    return new TextDecoder().decode(Uint8Array.from(plain, (letter) => letter.charCodeAt(0)));
  } catch {
    return '';
  }
}

// MARK: History

/** Milliseconds during which changes of one thing are one step back. */
const pause = 400;
/** Browsers refuse addresses that change more often. */
const throttle = 250;

let gesture = { key: '', until: 0 };
let pending;

/**
 * Writes the state into the address: a step of its own in the history, unless it
 * goes on with the change of the same thing, as while a slider is dragged.
 */
export function commit(key, isDragging = false) {
  const now = performance.now();
  const goesOn = gesture.key === key && now < gesture.until;
  gesture = { key, until: isDragging ? Infinity : now + pause };
  if (goesOn && isDragging) {
    pending ??= setTimeout(() => write(true), throttle);
  } else {
    write(goesOn);
  }
}

/** Writes the state into the address without a step. */
export const amend = () => write(true);

function write(replaces) {
  clearTimeout(pending);
  pending = undefined;
  const next = `#${fragment()}`;
  if (next !== location.hash) history[replaces ? 'replaceState' : 'pushState'](null, '', next);
  listener();
}

let listener = () => {};

/** Reads the address now and whenever it changes. */
export function followAddress(onNavigation, onWrite) {
  listener = onWrite;
  addEventListener('popstate', () => {
    clearTimeout(pending);
    pending = undefined;
    gesture = { key: '', until: 0 };
    read();
    onNavigation();
  });
  read();
  onNavigation();
}

"""#
}
