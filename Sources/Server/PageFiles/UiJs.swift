// Written by scripts/embed-page.
// swift-format-ignore-file

extension Page {
  /// `Sources/Server/Page/ui.js`.
  static let uiJs = #"""
// What all views use: elements, numbers, the API, command boxes, downloads.

// MARK: Elements

export const find = (id) => document.getElementById(id);

/** An element; attributes that begin with "on" are listeners. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Says something to those who do not see the page. */
export function announce(text) {
  find('status').textContent = text;
}

/** Shows an error where it was caused; none hides the note. */
export function complain(note, error) {
  note.hidden = !error;
  note.textContent = error?.message ?? '';
}

/** Whether a key press belongs to a field that takes text. */
export function isTyping(target) {
  return target.matches?.('textarea, select, input:not([type=range]):not([type=checkbox])') ?? false;
}

// MARK: Numbers

/** Three significant digits, as 0.125 or 6.4e-7. */
export function format(value, digits = 3) {
  if (typeof value !== 'number' || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e5)) {
    return String(Number(value.toPrecision(digits)));
  }
  return value.toExponential(digits - 1).replace(/\.?0*e\+?/, 'e');
}

export const count = (value) => (value ?? NaN).toLocaleString('en');

export function duration(seconds) {
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) return '–';
  if (seconds < 1) return `${format(seconds * 1e3)} ms`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  const and = (rest, unit) => (rest ? ` ${rest} ${unit}` : '');
  if (minutes < 60) return `${minutes} min${and(whole % 60, 's')}`;
  return `${Math.floor(minutes / 60)} h${and(minutes % 60, 'min')}`;
}

export function size(bytes) {
  if (!Number.isFinite(bytes)) return '–';
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const order = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
  return `${format(bytes / 1000 ** order)} ${units[order]}`;
}

/** A file's name without folders and ending; of a run's model, the run's. */
const shortName = (path) => path
  .replace(/\/model\.safetensors$/, '').replace(/^.*\//, '').replace(/\.(safetensors|yaml)$/, '');

/** A function that gives each path its short name, or the whole path where others have that name too. */
export function shortNames(paths) {
  const short = paths.map(shortName);
  const names = new Map(paths.map((path, place) => [
    path, short.filter((one) => one === short[place]).length > 1 ? path : short[place]]));
  return (path) => names.get(path) ?? shortName(path);
}

// MARK: The token

/** Kept by this tab, for the place that the page is at. */
const storedToken = `bvp-token ${location.pathname}`;

/** Keeps the token of a text, itself or an address; whether there is one. */
export function keepToken(text) {
  const [, token] = text.match(/(?:^|token=)([0-9a-f]{16,})(?:&.*)?$/s) ?? [];
  if (token) sessionStorage.setItem(storedToken, token);
  return Boolean(token);
}

/** Takes the token out of the address, where it would be seen, kept and sent; whether there is one. */
export function takeToken() {
  const [, token, rest] = location.hash.match(/^#token=([0-9a-f]+)(?:&(.*))?$/s) ?? [];
  if (!token) return false;
  history.replaceState(null, '', rest ? `#${rest}` : location.pathname);
  return keepToken(token);
}

// MARK: The API

/** What the server refuses; in an equation's text it says where. */
export class Refusal extends Error {
  constructor(status, { message, line, column }) {
    super(message);
    Object.assign(this, { status, line, column });
  }
}

async function ask(path, options = {}) {
  let response;
  try {
    const token = sessionStorage.getItem(storedToken);
    const headers = { ...options.headers, ...(token ? { Authorization: `Bearer ${token}` } : {}) };
    response = await fetch(path, { ...options, headers });
  } catch {
    throw new Refusal(0, { message: 'The server does not answer; is bvp serve still running?' });
  }
  find('needs-token').hidden = response.status !== 401;
  if (response.ok) return response;
  const fallback = { message: `The server answers ${response.status}.` };
  throw new Refusal(response.status, await response.json().catch(() => fallback));
}

/** An address of the API, from where the page is; a list in the query is given once for each entry. */
function address(path, query = {}) {
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const entry of [value].flat()) fields.append(name, entry);
  }
  return `api/${path}${fields.size ? `?${fields}` : ''}`;
}

export const get = async (path, query) => (await ask(address(path, query))).json();

function postRequest(path, body, signal) {
  return ask(path, {
    method: 'POST',
    signal,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** What the API answers to a body; a signal calls it off. */
export const post = async (path, body, signal) =>
  (await postRequest(address(path), body, signal)).json();

/** Saves what the API answers as a file: of a body as POST, else as GET. */
export async function download(path, query, body) {
  const target = address(path, query);
  const response = await (body ? postRequest(target, body) : ask(target));
  const disposition = response.headers.get('Content-Disposition') ?? '';
  const name = disposition.match(/filename="([^"]+)"/)?.[1] ?? `${path.replaceAll('/', '-')}.csv`;
  const blob = URL.createObjectURL(await response.blob());
  h('a', { href: blob, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(blob), 10_000);
  announce(`${name} is saved.`);
}

/** Lets a button download; `request` gives the arguments of `download`. */
export function downloadsWith(button, note, request) {
  button.addEventListener('click', async () => {
    try {
      await download(...request());
      complain(note);
    } catch (error) {
      complain(note, error);
    }
  });
}

// MARK: Time

/** Work for the newest argument only, one at a time. */
export function latest(work) {
  let isBusy = false;
  let waiting = null;
  return async (argument) => {
    waiting = { argument };
    if (isBusy) return;
    isBusy = true;
    try {
      while (waiting) {
        const next = waiting.argument;
        waiting = null;
        await work(next);
      }
    } finally {
      isBusy = false;
    }
  };
}

/** Work once nothing was asked for during some milliseconds. */
export function afterRest(milliseconds, work) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...values), milliseconds);
  };
}

// MARK: Commands

/** Makes an element a box with a command and a button that copies it. */
export function commandBox(box) {
  const code = h('code', { tabindex: '0', 'aria-label': 'Command' });
  const button = h('button', { type: 'button', class: 'copy', onclick: copy }, 'Copy');
  box.classList.add('command');
  box.replaceChildren(code, button);
  box.hidden = true;

  async function copy() {
    getSelection().selectAllChildren(code);
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = 'Copied';
      announce('The command is copied.');
    } catch {
      button.textContent = 'Selected';
      announce('The command is selected; copy it with the keyboard.');
    }
    setTimeout(() => { button.textContent = 'Copy'; }, 1500);
  }

  return (command) => {
    box.hidden = !command;
    if (code.textContent !== command) code.textContent = command ?? '';
  };
}

// MARK: Lists that stay

/** Gives a parent one child for each item, and keeps those whose key stays. */
export function keyed(parent, items, keyOf, create, update) {
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  items.forEach((item, place) => {
    const key = String(keyOf(item));
    let child = old.get(key);
    old.delete(key);
    if (!child) {
      child = create(item);
      child.dataset.key = key;
    }
    if (parent.children[place] !== child) parent.insertBefore(child, parent.children[place] ?? null);
    update?.(child, item);
  });
  for (const child of old.values()) child.remove();
}

// MARK: What is not listed

/** A note of the files that no list has, and why; it is asked for anew each time. */
export function unlistedNote(parent) {
  const summary = h('summary');
  const list = h('ul');
  parent.replaceChildren(summary, list);
  parent.hidden = true;
  return async () => {
    let files;
    try {
      files = await get('unlisted');
    } catch (error) {
      files = [{ path: '', reason: error.message }];
    }
    parent.hidden = files.length === 0;
    summary.textContent = files.length === 1 ? 'One file or folder is in no list'
      : `${count(files.length)} files and folders are in no list`;
    list.replaceChildren(...files.map(({ path, reason }) =>
      h('li', {}, path ? h('strong', {}, path) : null, path ? ': ' : '', reason)));
  };
}

// MARK: Jobs

const isLive = (job) => job.state === 'running' || job.state === 'stopping';

/** A list of jobs with progress, command and a stop button. */
export function jobList(parent, note) {
  const commands = new WeakMap();

  function create(job) {
    const box = h('div');
    const item = h('li', { class: 'job' },
      h('div', { class: 'row' },
        h('strong', {}, `${job.kind} → ${job.path ?? ''}`),
        h('span', { class: 'state' }),
        h('button', { type: 'button', class: 'stop', onclick: () => stop(job.id) }, 'Stop')),
      h('progress', { 'aria-label': `Progress of ${job.path ?? job.kind}` }),
      h('p', { class: 'hint' }),
      box);
    commands.set(item, commandBox(box));
    return item;
  }

  function update(item, job) {
    const state = item.querySelector('.state');
    if (state.textContent && state.textContent !== job.state) announce(`${job.path}: ${job.state}`);
    state.textContent = job.state;
    state.dataset.state = job.state;
    item.querySelector('.stop').hidden = !isLive(job);
    item.querySelector('.stop').disabled = job.state === 'stopping';
    const bar = item.querySelector('progress');
    bar.hidden = !isLive(job);
    if (job.total > 0) {
      bar.max = job.total;
      bar.value = job.done ?? 0;
    }
    const parts = [
      job.total > 0 ? `${count(job.done ?? 0)} of ${count(job.total)} ${job.unit ?? ''}` : null,
      job.rate ? `${format(job.rate)} ${job.unit ?? ''}/s` : null,
      isLive(job) && Number.isFinite(job.secondsLeft) ? `${duration(job.secondsLeft)} left` : null,
      job.message || null,
    ];
    item.querySelector('.hint').textContent = parts.filter(Boolean).join(' · ');
    commands.get(item)(job.command);
  }

  async function stop(id) {
    try {
      await post('job/stop', { id });
      announce('The job is asked to stop.');
      complain(note);
    } catch (error) {
      complain(note, error);
    }
  }

  /** Shows the newest first, of those that have ended three. */
  return (jobs) => {
    const live = jobs.filter(isLive).reverse();
    const ended = jobs.filter((job) => !isLive(job)).reverse().slice(0, 3);
    keyed(parent, [...live, ...ended], (job) => job.id, create, update);
    parent.hidden = jobs.length === 0;
  };
}

// MARK: Forms

/** The fields of a form that are filled in, numbers as numbers. */
export function filledIn(form) {
  const values = {};
  for (const field of form.elements) {
    if (!field.name || field.disabled || field.closest('[hidden]')) continue;
    if (field.type === 'checkbox') {
      if (field.checked) values[field.name] = true;
    } else if (field.value.trim() !== '') {
      const isNumber = field.type === 'number' || field.dataset.type === 'number';
      values[field.name] = isNumber ? Number(field.value) : field.value.trim();
    }
  }
  return values;
}

/** Gives a select its options, and keeps what is chosen, or a wish, if it can be. */
export function fillSelect(select, options, wish = '') {
  const chosen = select.value || wish;
  select.replaceChildren(...options.map(({ value, text, title, disabled }) =>
    h('option', { value, title, disabled }, text ?? value)));
  if (options.some((option) => option.value === chosen)) select.value = chosen;
}

"""#
}
