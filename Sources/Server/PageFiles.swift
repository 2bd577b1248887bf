// Written by scripts/embed-page.
// swift-format-ignore-file

extension Page {
  /// The texts of the files by their names: copies of the files in
  /// `Sources/Server/Page/`.
  static let files = [
"app.js": #"""
// The frame of the page: views, keys, theme, and the one loop that polls.

import { complain, find, get, isTyping } from './ui.js';
import { amend, followAddress, fragment, state, views } from './state.js';
import { problemView } from './problem.js';
import { solversView } from './solvers.js';
import { datasetsView } from './datasets.js';
import { trainingView } from './training.js';

const pollEvery = 2000;
const titles = { problem: 'Problem', solvers: 'Solvers', datasets: 'Datasets', training: 'Training' };

// MARK: Theme

const themes = ['auto', 'light', 'dark'];

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  find('theme').textContent = `Theme: ${theme}`;
  dispatchEvent(new Event('themechange'));
}

function startThemes() {
  const kept = localStorage.getItem('bvp-theme');
  setTheme(themes.includes(kept) ? kept : 'auto');
  find('theme').addEventListener('click', () => {
    const now = document.documentElement.dataset.theme;
    const next = themes[(themes.indexOf(now) + 1) % themes.length];
    localStorage.setItem('bvp-theme', next);
    setTheme(next);
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () =>
    dispatchEvent(new Event('themechange')));
}

// MARK: Keys

function startKeys() {
  const keys = find('keys');
  const show = () => { if (!keys.open) keys.showModal(); };
  find('show-keys').addEventListener('click', show);
  find('close-keys').addEventListener('click', () => keys.close());
  find('skip').addEventListener('click', (event) => {
    event.preventDefault();
    find('main').focus();
  });
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === '?') show();
    if (keys.open) return;
    if (views[event.key - 1]) location.hash = fragment(views[event.key - 1]);
    if (event.key === '[') shown?.step?.(-1);
    if (event.key === ']') shown?.step?.(1);
  });
}

// MARK: Views

let all;
let shown;

/** Shows the view that the state names. */
function navigate() {
  for (const view of views) {
    find(`view-${view}`).hidden = view !== state.view;
    const tab = find(`tab-${view}`);
    if (view === state.view) tab.setAttribute('aria-current', 'page');
    else tab.removeAttribute('aria-current');
  }
  document.title = `${titles[state.view]} – bvp`;
  shown = all?.[state.view];
  amend();
  linkTabs();
  shown?.show();
}

/** Lets each tab lead to where its view was. */
function linkTabs() {
  for (const view of views) find(`tab-${view}`).href = `#${fragment(view)}`;
}

async function start() {
  startThemes();
  startKeys();
  followAddress(navigate, linkTabs);
  let workspace;
  try {
    workspace = await get('workspace');
  } catch (error) {
    if (error.status !== 401) complain(find(`${state.view}-error`), error);
    return;
  }
  find('workspace').textContent = `${workspace.version} · ${(workspace.folder ?? '').split('/').at(-1)}`;
  find('workspace').title = workspace.folder ?? '';
  all = {
    problem: problemView(workspace),
    solvers: solversView(workspace),
    datasets: datasetsView(workspace),
    training: trainingView(workspace),
  };
  navigate();
  setInterval(() => {
    if (document.visibilityState === 'visible') shown.poll?.();
  }, pollEvery);
}

start();

"""#,
"charts.js": #"""
// Plots in SVG and the picture of a matrix. What is drawn again is drawn in
// place: paths get a new `d`, and elements stay.

import { format, h } from './ui.js';

const namespace = 'http://www.w3.org/2000/svg';

function svg(tag, attributes = {}) {
  const element = document.createElementNS(namespace, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** As many children of a kind as are needed. */
function children(parent, tag, number) {
  while (parent.childElementCount > number) parent.lastChild.remove();
  while (parent.childElementCount < number) parent.append(svg(tag));
  return parent.children;
}

// MARK: Axes

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A power of ten, as 10⁻³. */
export function power(exponent) {
  const digits = [...String(Math.abs(exponent))].map((digit) => superscripts[digit]);
  return `10${exponent < 0 ? '⁻' : ''}${digits.join('')}`;
}

/** A number as axes have it: −0.5, 2·10⁻⁵. */
function tickText(value) {
  const [digits, exponent] = format(value, 6).split('e');
  const text = digits.replace('-', '−');
  return exponent ? `${text}·${power(Number(exponent))}` : text;
}

/** A scale from values to pixels, with its ticks. */
class Axis {
  constructor(isLog, low, high, start, end) {
    this.isLog = isLog;
    [this.low, this.high] = isLog ? [Math.log10(low), Math.log10(high)] : [low, high];
    this.start = start;
    this.factor = (end - start) / (this.high - this.low || 1);
  }

  /** Far outside it is cut off, as coordinates have limits. */
  at(value) {
    if (value === null || value === undefined || (this.isLog && value <= 0)) return NaN;
    const place = ((this.isLog ? Math.log10(value) : value) - this.low) * this.factor;
    return this.start + Math.max(-1e5, Math.min(1e5, place));
  }

  /** About `number` ticks at round values. */
  ticks(number) {
    return this.isLog ? this.logTicks(number) : this.linearTicks(number);
  }

  linearTicks(number) {
    const rough = (this.high - this.low) / number;
    const order = 10 ** Math.floor(Math.log10(rough));
    const steps = [0.5, 1, 2, 5, 10].map((factor) => factor * order);
    const ends = (step) => [Math.ceil(this.low / step - 1e-9), Math.floor(this.high / step + 1e-9)];
    let place = steps.findIndex((step) => step >= rough * 0.999);
    while (place > 0 && ends(steps[place])[1] - ends(steps[place])[0] < 2) place -= 1;
    const step = steps[place];
    const [first, last] = ends(step);
    return Array.from({ length: last - first + 1 }, (_, index) => {
      const value = Number(((first + index) * step).toPrecision(12));
      return { value, text: tickText(value) };
    });
  }

  logTicks(number) {
    const first = Math.ceil(this.low - 1e-9);
    const last = Math.floor(this.high + 1e-9);
    const step = Math.max(1, Math.ceil((last - first + 1) / number));
    const result = [];
    for (let order = Math.ceil(first / step) * step; order <= last; order += step) {
      result.push({ value: 10 ** order, text: power(order) });
    }
    if (result.length > 1) return result;
    for (let order = first - 1; order <= last; order += 1) {
      for (const digit of [1, 2, 5]) {
        const value = Number(`${digit}e${order}`);
        const place = Math.log10(value);
        if (place < this.low || place > this.high || (digit === 1 && result.length)) continue;
        result.push({ value, text: digit === 1 ? power(order) : `${digit}·${power(order)}` });
      }
    }
    if (result.length > 1) return result;
    return new Axis(false, 10 ** this.low, 10 ** this.high, 0, 1).linearTicks(number);
  }
}

/** The range of all values, with some room about them. */
function range(lists, isLog) {
  let low = Infinity;
  let high = -Infinity;
  for (const list of lists) {
    for (const value of list ?? []) {
      if (!Number.isFinite(value) || (isLog && value <= 0)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (low > high) return isLog ? [0.1, 1] : [0, 1];
  if (isLog) {
    low = Math.max(low, high * 1e-24);
    const room = 10 ** Math.max(0.05 * Math.log10(high / low), high / low < 1.2 ? 0.5 : 0.06);
    return [low / room, high * room];
  }
  const size = Math.max(Math.abs(low), Math.abs(high));
  const room = high - low > 1e-9 * size ? 0.06 * (high - low) : 0.2 * size || 1;
  return [low - room, high + room];
}

// MARK: Paths

function linePath(xs, ys, x, y) {
  let path = '';
  let command = 'M';
  for (let place = 0; place < xs.length; place += 1) {
    const height = y.at(ys[place]);
    const across = x.at(xs[place]);
    if (Number.isNaN(height) || Number.isNaN(across)) {
      command = 'M';
    } else {
      path += `${command}${across.toFixed(1)},${height.toFixed(1)}`;
      command = 'L';
    }
  }
  return path;
}

/** A band; on a log axis what is not positive reaches to the bottom. */
function bandPath(xs, low, high, x, y, bottom) {
  const upper = [];
  const lower = [];
  let path = '';
  const close = () => {
    if (upper.length > 1) path += `M${upper.join('L')}L${lower.reverse().join('L')}Z`;
    upper.length = 0;
    lower.length = 0;
  };
  xs.forEach((value, place) => {
    const across = x.at(value);
    if (!Number.isFinite(low[place]) || !Number.isFinite(high[place]) || Number.isNaN(across)) {
      close();
      return;
    }
    const at = (level) => `${across.toFixed(1)},${(Number.isNaN(y.at(level)) ? bottom : y.at(level)).toFixed(1)}`;
    upper.push(at(high[place]));
    lower.push(at(low[place]));
  });
  close();
  return path;
}

const markers = [
  'm-3,0a3,3 0 1 0 6,0a3,3 0 1 0 -6,0',
  'm-3,-3h6v6h-6z',
  'm0,-4l3.6,6.4h-7.2z',
  'm0,-4l4,4l-4,4l-4,-4z',
  'm0,4l3.6,-6.4h-7.2z',
  'm-4,-1h3v-3h2v3h3v2h-3v3h-2v-3h-3z',
];

function markerPath(xs, ys, x, y, marker) {
  let path = '';
  xs.forEach((value, place) => {
    const height = y.at(ys[place]);
    const across = x.at(value);
    if (!Number.isNaN(height) && !Number.isNaN(across)) {
      path += `M${across.toFixed(1)},${height.toFixed(1)}${marker}`;
    }
  });
  return path;
}

function barPath(edges, counts, x, y) {
  return counts.map((number, place) => {
    if (!number) return '';
    const from = x.at(edges[place]) + 0.5;
    const to = Math.max(from + 0.5, x.at(edges[place + 1]) - 0.5);
    return `M${from.toFixed(1)},${y.at(0).toFixed(1)}V${y.at(number).toFixed(1)}H${to.toFixed(1)}V${y.at(0).toFixed(1)}Z`;
  }).join('');
}

// MARK: Plots

/** Classes that give a series colour and dashes; no slot is the reference. */
const look = (slot) =>
  (slot === undefined ? 'slot-reference' : `slot-${slot % 8} dash-${slot % 5}`);

/** A line as the legend shows it. */
export function swatch(slot) {
  const picture = svg('svg', {
    width: 28, height: 10, class: `swatch ${look(slot)}`, 'aria-hidden': 'true',
  });
  picture.append(svg('path', { d: 'M1,5H27' }));
  return picture;
}

/**
 * A plot in a figure.
 *
 * Options: `x` and `y` with `title` and `isLog`; `height`; `onToggle`, which makes
 * the legend buttons that receive the name of a series.
 *
 * `draw` takes
 * - `series`: each with `name`, `x`, `y`, and, as it needs, `slot`, `hasMarkers`,
 *   `hasNoLine`, `isThin`, `low` and `high` (a band), `edges` and `counts` (bars), `isHidden`
 * - `marks`: upright lines, each with `x` and `text`
 * - `span`: a marked stretch of x, [from, to]
 * - `xRange`, `yRange` where they do not follow from the series
 * - `label`: a sentence that says what is shown.
 */
export class Plot {
  #data = null;
  #frame = null;

  constructor(figure, { x, y, height = 220, onToggle } = {}) {
    Object.assign(this, { figure, xAxis: x, yAxis: y, height, onToggle });
    figure.classList.add('plot');
    this.legend = h('div', { class: 'legend' });
    this.area = h('div', { class: 'plot-area' });
    this.tip = h('div', { class: 'tip', hidden: true });
    this.svg = svg('svg', { role: 'img' });
    this.grid = svg('g', { class: 'grid' });
    this.labels = svg('g', { class: 'ticks' });
    this.inner = svg('svg', { class: 'inner' });
    this.spans = svg('g', { class: 'spans' });
    this.curves = svg('g');
    this.marks = svg('g', { class: 'marks' });
    this.cross = svg('g', { class: 'cross' });
    this.titles = svg('g', { class: 'axis-titles' });
    this.inner.append(this.spans, this.curves, this.marks, this.cross);
    this.svg.append(this.grid, this.labels, this.titles, this.inner);
    this.area.append(this.svg, this.tip);
    figure.append(this.legend, this.area);
    new ResizeObserver(() => this.#render()).observe(this.area);
    this.svg.addEventListener('pointermove', (event) => this.#point(event));
    this.svg.addEventListener('pointerdown', (event) => this.#point(event));
    this.svg.addEventListener('pointerleave', () => this.#leave());
  }

  draw(data) {
    this.#data = data;
    this.#render();
  }

  #render() {
    const width = this.area.clientWidth;
    if (!this.#data || width < 80) return;
    const { series, marks = [], span, label = '' } = this.#data;
    const shown = series.filter((one) => !one.isHidden);
    const [left, right, top, bottom] = [54, 18, 8, this.xAxis.title ? 40 : 24];
    const height = Math.min(this.height, Math.max(150, 0.64 * width));
    const [across, up] = [width - left - right, height - top - bottom];
    const xs = shown.map((one) => one.edges ?? one.x);
    const ys = shown.flatMap((one) => (one.counts ? [[0], one.counts] : [one.y, one.low, one.high]));
    const xRange = this.#data.xRange ?? this.#tight(xs, shown.some((one) => one.hasMarkers));
    const yRange = this.#data.yRange ?? range(ys, this.yAxis.isLog);
    if (shown.some((one) => one.counts)) yRange[0] = 0;
    const x = new Axis(this.xAxis.isLog, ...xRange, 0, across);
    const y = new Axis(this.yAxis.isLog, ...yRange, up, 0);
    this.#frame = { x, y, left, top, across, up, shown };

    if (this.svg.getAttribute('width') !== String(width)) {
      this.svg.setAttribute('width', width);
      this.svg.setAttribute('height', height);
      for (const [name, value] of Object.entries({ x: left, y: top, width: across, height: up })) {
        this.inner.setAttribute(name, value);
      }
    }
    if (this.svg.getAttribute('aria-label') !== label) this.svg.setAttribute('aria-label', label);
    this.#renderTicks(x, y, left, top, across, up);
    this.#renderSpan(span, x, up);
    this.#renderMarks(marks, x, across, up);
    const groups = children(this.curves, 'g', series.length);
    series.forEach((one, place) => this.#renderSeries(groups[place], one, x, y, up));
    this.#renderLegend(series);
  }

  /** Along x there is no room about the values, but for markers. */
  #tight(lists, hasMarkers) {
    let low = Infinity;
    let high = -Infinity;
    for (const list of lists) {
      for (const value of list ?? []) {
        if (!Number.isFinite(value) || (this.xAxis.isLog && value <= 0)) continue;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    if (low >= high || low === Infinity) return range(lists, this.xAxis.isLog);
    if (!hasMarkers) return [low, high];
    if (this.xAxis.isLog) {
      const room = (high / low) ** 0.015;
      return [low / room, high * room];
    }
    const room = 0.015 * (high - low);
    return [low - room, high + room];
  }

  #renderTicks(x, y, left, top, across, up) {
    const xTicks = x.ticks(Math.max(3, Math.floor(across / 80)));
    const yTicks = y.ticks(Math.max(3, Math.floor(up / 40)));
    const lines = children(this.grid, 'line', xTicks.length + yTicks.length);
    const texts = children(this.labels, 'text', xTicks.length + yTicks.length);
    const place = (index, text, attributes, coordinates) => {
      for (const [name, value] of Object.entries(coordinates)) lines[index].setAttribute(name, value);
      for (const [name, value] of Object.entries(attributes)) texts[index].setAttribute(name, value);
      if (texts[index].textContent !== text) texts[index].textContent = text;
    };
    xTicks.forEach(({ value, text }, index) => {
      const at = left + x.at(value);
      const isEdge = at + 3.5 * text.length > left + across + 18;
      place(index, text, { x: at, y: top + up + 16, 'text-anchor': isEdge ? 'end' : 'middle' },
        { x1: at, x2: at, y1: top, y2: top + up });
    });
    yTicks.forEach(({ value, text }, index) => {
      const at = top + y.at(value);
      place(xTicks.length + index, text, { x: left - 7, y: at + 4, 'text-anchor': 'end' },
        { x1: left, x2: left + across, y1: at, y2: at });
    });
    const titles = children(this.titles, 'text', 2);
    titles[0].textContent = this.xAxis.title ?? '';
    titles[0].setAttribute('x', left + across / 2);
    titles[0].setAttribute('y', top + up + 35);
    titles[1].textContent = this.yAxis.title ?? '';
    titles[1].setAttribute('transform', `translate(11 ${top + up / 2}) rotate(-90)`);
  }

  #renderSpan(span, x, up) {
    const [box] = children(this.spans, 'rect', span ? 1 : 0);
    if (!span) return;
    const [from, to] = span.map((value) => x.at(value));
    const place = { x: from, y: 0, width: Math.max(0, to - from), height: up };
    for (const [name, value] of Object.entries(place)) box.setAttribute(name, value);
  }

  #renderMarks(marks, x, across, up) {
    const groups = children(this.marks, 'g', marks.length);
    marks.forEach((mark, place) => {
      const group = groups[place];
      if (!group.firstChild) group.append(svg('line'), svg('text'));
      const [line, text] = group.children;
      const at = x.at(mark.x);
      group.setAttribute('visibility', Number.isNaN(at) ? 'hidden' : 'visible');
      if (Number.isNaN(at)) return;
      const isRight = at > across - 60;
      for (const [name, value] of Object.entries({ x1: at, x2: at, y1: 0, y2: up })) {
        line.setAttribute(name, value);
      }
      text.setAttribute('x', at + (isRight ? -5 : 5));
      text.setAttribute('y', 12);
      text.setAttribute('text-anchor', isRight ? 'end' : 'start');
      text.textContent = mark.text ?? '';
    });
  }

  #renderSeries(group, one, x, y, up) {
    if (!group.firstChild) {
      for (const kind of ['band', 'line', 'points', 'bars']) group.append(svg('path', { class: kind }));
    }
    const name = `${look(one.slot)}${one.isThin ? ' thin' : ''}`;
    if (group.getAttribute('class') !== name) group.setAttribute('class', name);
    const [band, line, points, bars] = group.children;
    const isShown = !one.isHidden;
    const set = (path, d) => path.setAttribute('d', d);
    set(band, isShown && one.low?.length ? bandPath(one.x, one.low, one.high, x, y, up) : '');
    set(line, isShown && one.y && !one.hasNoLine ? linePath(one.x, one.y, x, y) : '');
    set(points, isShown && one.hasMarkers
      ? markerPath(one.x, one.y, x, y, markers[(one.slot ?? 0) % markers.length]) : '');
    set(bars, isShown && one.counts ? barPath(one.edges, one.counts, x, y) : '');
  }

  #renderLegend(series) {
    const named = series.filter((one) => one.name && !one.isThin);
    const wanted = named.map((one) => `${one.slot} ${one.isHidden} ${one.name}`).join('\n');
    if (this.legend.dataset.shown === wanted) return;
    const focused = this.legend.contains(document.activeElement)
      ? document.activeElement.dataset.name : null;
    this.legend.dataset.shown = wanted;
    this.legend.hidden = !this.onToggle && named.length < 2;
    this.legend.replaceChildren(...(this.legend.hidden ? [] : named).map((one) => {
      if (!this.onToggle) return h('span', { class: 'entry' }, swatch(one.slot), one.name);
      return h('button', {
        type: 'button', class: 'entry', 'data-name': one.name,
        'aria-pressed': String(!one.isHidden), onclick: () => this.onToggle(one.name),
      }, swatch(one.slot), one.name);
    }));
    [...this.legend.children].find((entry) => entry.dataset.name === focused)?.focus();
  }

  // MARK: Values under the pointer

  #point(event) {
    if (!this.#frame) return;
    const { x, y, left, top, across, up, shown } = this.#frame;
    const from = this.svg.getBoundingClientRect();
    const at = event.clientX - from.left - left;
    if (at < -5 || at > across + 5) {
      this.#leave();
      return;
    }
    const rows = shown.filter((one) => !one.isThin).map((one) => nearest(one, x, at)).filter(Boolean);
    if (!rows.length) return;
    const best = rows.reduce((a, b) => (Math.abs(b.at - at) < Math.abs(a.at - at) ? b : a));
    const near = rows.filter((row) => Math.abs(row.at - best.at) < 12);
    const [line] = this.#crossElements(near.length);
    for (const [name, value] of Object.entries({ x1: best.at, x2: best.at, y1: 0, y2: up })) {
      line.setAttribute(name, value);
    }
    near.forEach((row, place) => {
      const circle = this.cross.children[place + 1];
      const height = y.at(row.value);
      circle.setAttribute('class', look(row.one.slot));
      circle.setAttribute('cx', row.at);
      circle.setAttribute('cy', Number.isNaN(height) ? -99 : height);
      circle.setAttribute('r', 3.5);
    });
    this.tip.replaceChildren(
      h('div', {}, best.text ?? `${this.xAxis.title || 'x'} = ${format(best.x, 4)}`),
      ...near.map((row) => h('div', {}, swatch(row.one.slot), `${row.one.name ?? ''} ${format(row.value, 4)}`)));
    this.tip.hidden = false;
    const isRight = best.at > across / 2;
    this.tip.style.left = isRight ? 'auto' : `${left + best.at + 10}px`;
    this.tip.style.right = isRight ? `${this.area.clientWidth - left - best.at + 10}px` : 'auto';
    this.tip.style.top = `${top + 4}px`;
  }

  #crossElements(dots) {
    if (!this.cross.firstChild) this.cross.append(svg('line'));
    while (this.cross.childElementCount > dots + 1) this.cross.lastChild.remove();
    while (this.cross.childElementCount < dots + 1) this.cross.append(svg('circle'));
    return this.cross.children;
  }

  #leave() {
    this.tip.hidden = true;
    this.cross.replaceChildren();
  }
}

/** The point of a series that is nearest to a place along x. */
function nearest(one, x, at) {
  if (one.counts) {
    const bin = one.counts.findIndex((_, place) => at < x.at(one.edges[place + 1]));
    if (bin < 0) return null;
    const [from, to] = [one.edges[bin], one.edges[bin + 1]];
    const middle = (x.at(from) + x.at(to)) / 2;
    return { one, at: middle, value: one.counts[bin], text: `${format(from)} to ${format(to)}` };
  }
  let best = null;
  one.x.forEach((value, place) => {
    const px = x.at(value);
    if (!Number.isFinite(one.y[place]) || Number.isNaN(px)) return;
    if (!best || Math.abs(px - at) < Math.abs(best.at - at)) {
      best = { one, at: px, x: value, value: one.y[place] };
    }
  });
  return best;
}

// MARK: Histograms

/** Draws how values are distributed, with a law's range and one value marked. */
export function drawHistogram(plot, name, values, { law, value, isLog = false }) {
  const known = values.filter((one) => Number.isFinite(one) && (!isLog || one > 0));
  const ends = law ? [law.low, law.high] : [];
  let [low, high] = range([known, ends], isLog);
  if (law?.kind === 'number' || low === high) [low, high] = range([[...known, ...ends]], isLog);
  const bins = Math.max(8, Math.min(30, Math.round(Math.sqrt(known.length) * 1.2)));
  const [from, to] = isLog ? [Math.log10(low), Math.log10(high)] : [low, high];
  const edges = Array.from({ length: bins + 1 }, (_, place) => {
    const edge = from + ((to - from) * place) / bins;
    return isLog ? 10 ** edge : edge;
  });
  const counts = new Array(bins).fill(0);
  for (const one of known) {
    const place = (((isLog ? Math.log10(one) : one) - from) / (to - from)) * bins;
    counts[Math.max(0, Math.min(bins - 1, Math.floor(place)))] += 1;
  }
  plot.draw({
    series: [{ name: 'samples', slot: 0, edges, counts }],
    span: law && law.low < law.high ? [law.low, law.high] : undefined,
    marks: Number.isFinite(value) ? [{ x: value, text: format(value) }] : [],
    xRange: [low, high],
    label: `Histogram of ${name} over ${known.length} samples, from `
      + `${format(Math.min(...known))} to ${format(Math.max(...known))}.`,
  });
}

// MARK: Matrices

/** Shades from negative over zero to positive, by a symmetric logarithm. */
class Shades {
  /** Decades below the largest entry that are told apart. */
  static decades = 6;

  constructor(largest, colors) {
    this.largest = largest || 1;
    this.colors = colors;
  }

  /** A shade in -1...1. */
  of(value) {
    const small = this.largest * 10 ** -Shades.decades;
    return Math.asinh(value / small) / Math.asinh(this.largest / small);
  }

  color(shade) {
    const { zero, positive, negative } = this.colors;
    const end = shade < 0 ? negative : positive;
    return zero.map((from, channel) => from + (end[channel] - from) * Math.abs(shade));
  }
}

/** Pixels of the picture. */
const widest = 320;

/** A matrix as a picture in a figure, with the entry under the pointer. */
export class MatrixPicture {
  #matrix = null;

  constructor(figure) {
    figure.classList.add('matrix');
    this.canvas = h('canvas', { role: 'img', class: 'entries' });
    this.bar = h('canvas', { class: 'bar', width: 201, height: 1, 'aria-hidden': 'true' });
    this.scale = h('div', { class: 'scale' });
    this.entry = h('output', { class: 'hint' }, ' ');
    figure.append(this.canvas, this.bar, this.scale, this.entry);
    this.canvas.addEventListener('pointermove', (event) => this.#point(event));
    this.canvas.addEventListener('pointerdown', (event) => this.#point(event));
    this.canvas.addEventListener('pointerleave', () => { this.entry.textContent = ' '; });
    addEventListener('themechange', () => this.#render());
  }

  draw(matrix) {
    this.#matrix = matrix;
    this.#render();
  }

  #render() {
    if (!this.#matrix) return;
    const { rows, n } = this.#matrix;
    const size = rows.length;
    const largest = rows.flat().reduce((most, value) => Math.max(most, Math.abs(value ?? 0)), 0);
    const style = getComputedStyle(this.canvas);
    const shades = new Shades(largest, {
      zero: channels(style.backgroundColor),
      positive: channels(style.borderTopColor),
      negative: channels(style.borderBottomColor),
    });
    this.canvas.width = size;
    this.canvas.height = size;
    paint(this.canvas, (row, column) => shades.color(shades.of(rows[row][column] ?? 0)));
    paint(this.bar, (_, column) => shades.color(column / 100 - 1));
    this.#renderScale(shades, largest);
    // Whole pixels for each entry, as far as there is room.
    const cell = Math.max(1, Math.floor(widest / size));
    for (const part of [this.canvas, this.bar, this.scale]) part.style.maxWidth = `${cell * size}px`;
    this.canvas.setAttribute('aria-label',
      `The matrix of ${n} rows, coloured by sign and size; the largest entry is ${format(largest)}.`);
  }

  /** Zero, the largest power of ten, and one between. */
  #renderScale(shades, largest) {
    const order = Math.floor(Math.log10(largest || 1));
    const ticks = [[0, '0']];
    for (const one of [order, order - 3]) {
      ticks.push([10 ** one, power(one)], [-(10 ** one), `−${power(one)}`]);
    }
    this.scale.replaceChildren(...ticks.map(([value, text]) => {
      const label = h('span', {}, text);
      label.style.left = `${50 + 50 * shades.of(value)}%`;
      return label;
    }));
  }

  #point(event) {
    if (!this.#matrix) return;
    const { rows, n, step = 1 } = this.#matrix;
    const box = this.canvas.getBoundingClientRect();
    const place = (offset, length) =>
      Math.max(0, Math.min(rows.length - 1, Math.floor((offset / length) * rows.length)));
    const row = place(event.clientY - box.top, box.height);
    const column = place(event.clientX - box.left, box.width);
    const named = (index) => (step === 1
      ? `${index}` : `${index * step} to ${Math.min(n, (index + 1) * step) - 1}`);
    this.entry.textContent =
      `row ${named(row)}, column ${named(column)}: ${format(rows[row][column], 4)}`;
  }
}

/** The channels of a colour as computed styles have it. */
function channels(color) {
  const pixel = document.createElement('canvas').getContext('2d');
  pixel.fillStyle = color;
  pixel.fillRect(0, 0, 1, 1);
  return [...pixel.getImageData(0, 0, 1, 1).data].slice(0, 3);
}

function paint(canvas, color) {
  const context = canvas.getContext('2d');
  const image = context.createImageData(canvas.width, canvas.height);
  for (let place = 0; place < canvas.width * canvas.height; place += 1) {
    const [red, green, blue] = color(Math.floor(place / canvas.width), place % canvas.width);
    image.data.set([red, green, blue, 255], 4 * place);
  }
  context.putImageData(image, 0, 0);
}

"""#,
"datasets.js": #"""
// Datasets: those of the workspace, their samples, and new ones.

import {
  address, commandBox, complain, count, downloadsWith, fillSelect, filledIn, find, format, get, h,
  jobList, keyed, latest, post, size,
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
        h('th', { scope: 'row' }, one.problem ? one.path : h('a', { href: link }, one.path)),
        h('td', {}, one.problem ?? one.equation ?? ''),
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
    const { x, functions, parameters = [], condition, residual, index } = sample;
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
      `κ₂ = ${format(condition)}`, `residual ${format(residual)}`,
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
    const { count: looked, labelError, command } = distribution;
    find('distribution-count').textContent = `of the first ${count(looked)} samples; the line is the sample above`;
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
    if (distribution.condition?.length) {
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

  downloadsWith(find('sample-csv'), find('dataset-csv-error'),
    () => ['dataset/sample', { path: own.path, sample: own.sample, format: 'csv' }]);
  downloadsWith(find('distribution-csv'), find('dataset-csv-error'),
    () => ['dataset/distribution', { path: own.path, limit, format: 'csv' }]);

  let pathShown = '';

  async function show() {
    await Promise.all([list(), poll()]);
    find('dataset').hidden = !own.path;
    if (!own.path) {
      find('generate').open ||= datasets.length === 0;
      pathShown = '';
      return;
    }
    const known = selected();
    find('dataset-title').textContent = own.path;
    find('dataset-content').hidden = !known;
    if (!known) {
      complain(find('dataset-error'), { message: `${own.path}: is not in the workspace.` });
      return;
    }
    slider.max = Math.max(0, known.samples - 1);
    number.max = slider.max;
    own.sample = Math.min(own.sample, Number(slider.max));
    slider.value = own.sample;
    number.value = own.sample;
    find('dataset-file').href = address('dataset/file', { path: own.path });
    find('dataset-csv').href = address('dataset/file', { path: own.path, format: 'csv', first: 0, count: 1000 });
    loadSample();
    if (pathShown !== own.path) {
      distribution = null;
      await loadDistribution();
      pathShown = own.path;
    }
  }

  return { show, step: (by) => own.path && step(by), poll };
}

"""#,
"icon.svg": #"""
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
  <rect width="32" height="32" rx="7" fill="#0b3d5c"/>
  <path d="M5 25 C10 25 9 8 16 8 S22 25 27 25" fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round"/>
  <g fill="#f0a33a">
    <circle cx="5" cy="25" r="2.2"/>
    <circle cx="10.4" cy="18.2" r="2.2"/>
    <circle cx="16" cy="8" r="2.2"/>
    <circle cx="21.6" cy="18.2" r="2.2"/>
    <circle cx="27" cy="25" r="2.2"/>
  </g>
</svg>

"""#,
"index.html": #"""
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
  <p id="needs-token" class="error" role="alert" hidden>This page needs the token: open the address that <code>bvp serve</code> printed.</p>
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
      <fieldset><legend>Networks</legend><ul id="networks" class="choices"></ul><p id="no-networks" class="hint" hidden>There is no checkpoint in the workspace.</p></fieldset>
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
            <a class="button" id="dataset-file" download>Dataset, safetensors</a>
            <a class="button csv" id="dataset-csv" download>First 1,000 samples, CSV</a>
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
    <ul id="training-jobs" class="jobs" aria-label="Jobs" hidden></ul>
    <details class="box" id="train">
      <summary>Begin a training</summary>
      <form id="train-form" class="grid">
        <label class="field">Verb <select name="verb"><option value="pretrain">pretrain</option><option value="finetune">fine-tune</option></select></label>
        <label class="field">Equation <select name="equation" required></select></label>
        <label class="field">Name <input name="name" required maxlength="100" pattern="[A-Za-z0-9][A-Za-z0-9._\-]*" placeholder="my-run" autocapitalize="off" autocomplete="off" spellcheck="false"></label>
        <label class="field" data-verb="finetune">From <select name="from" required></select></label>
        <label class="field" data-verb="pretrain">Model <select name="model"><option value="">preset's</option><option value="algebraformer">algebraformer</option><option value="polya">polya</option><option value="greens">greens</option><option value="lstm">lstm</option><option value="gru">gru</option></select></label>
        <label class="field">Preset <select name="preset"><option value="">default</option><option value="compact">compact</option><option value="paper">paper</option><option value="smoke">smoke</option></select></label>
        <label class="field">Data <select name="data"></select></label>
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
            <a class="button" id="report" target="_blank" rel="noopener">Report</a>
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

"""#,
"openapi.json": #"""
{
 "openapi": "3.1.0",
 "info": {
  "title": "bvp serve",
  "version": "1",
  "description": "The workbench's API. Every request but that of this description needs the token that `bvp serve` prints: as the cookie that its address sets, or as `Authorization: Bearer TOKEN`. Paths are relative to the workspace. Numbers that are not finite are null."
 },
 "servers": [
  {
   "url": "/"
  }
 ],
 "security": [
  {
   "bearer": []
  },
  {
   "cookie": []
  }
 ],
 "tags": [
  {
   "name": "Workspace"
  },
  {
   "name": "Problem"
  },
  {
   "name": "Solvers"
  },
  {
   "name": "Datasets"
  },
  {
   "name": "Jobs"
  },
  {
   "name": "Training"
  }
 ],
 "paths": {
  "/api/workspace": {
   "get": {
    "operationId": "workspace",
    "summary": "What the server is about.",
    "tags": [
     "Workspace"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Workspace"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once; try again.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    }
   }
  },
  "/api/equation": {
   "get": {
    "operationId": "equation",
    "summary": "An equation, by its name or its path.",
    "tags": [
     "Problem"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Equation"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once; try again.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "parameters": [
     {
      "name": "path",
      "in": "query",
      "required": true,
      "schema": {
       "type": "string",
       "maxLength": 1024
      },
      "description": ""
     }
    ]
   },
   "post": {
    "operationId": "checkEquation",
    "summary": "Check an equation's text; an error has line and column.",
    "tags": [
     "Problem"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Equation"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once; try again.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "413": {
      "description": "The body has more than 1 MiB.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "415": {
      "description": "The body is not application/json.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "properties": {
         "yaml": {
          "type": "string",
          "maxLength": 65536,
          "description": "An equation file's text, in the place of `equation`."
         }
        },
        "required": [
         "yaml"
        ]
       }
      }
     }
    }
   }
  },
  "/api/equations": {
   "post": {
    "operationId": "saveEquation",
    "summary": "Keep a text as an equation file, equations/NAME.yaml.",
    "tags": [
     "Problem"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Equation"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once; try again.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "409": {
      "description": "It is there already, or somebody is at it.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "413": {
      "description": "The body has more than 1 MiB.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "415": {
      "description": "The body is not application/json.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "properties": {
         "name": {
          "type": "string",
          "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$",
          "description": "The file, equations/NAME.yaml in the workspace."
         },
         "yaml": {
          "type": "string",
          "maxLength": 65536,
          "description": "An equation file's text, in the place of `equation`."
         }
        },
        "required": [
         "name",
         "yaml"
        ]
       }
      }
     }
    }
   }
  },
  "/api/problem": {
   "post": {
    "operationId": "problem",
    "summary": "Draw a sample and solve it.",
    "tags": [
     "Problem"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Problem"
        }
       },
       "text/csv": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once; try again.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "413": {
      "description": "The body has more than 1 MiB.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "415": {
      "description": "The body is not application/json.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "parameters": [
     {
      "name": "format",
      "in": "query",
      "schema": {
       "type": "string",
       "enum": [
        "json",
        "csv"
       ],
       "default": "json"
      },
      "description": "csv gives the same as a table."
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "properties": {
         "equation": {
          "type": "string",
          "maxLength": 1024,
          "description": "The name of a shipped equation, or the path of an equation file in the workspace."
         },
         "yaml": {
          "type": "string",
          "maxLength": 65536,
          "description": "An equation file's text, in the place of `equation`."
         },
         "seed": {
          "type": "integer",
          "minimum": 0,
          "maximum": 9007199254740991,
          "default": 0
         },
         "index": {
          "type": "integer",
          "minimum": 0,
          "maximum": 1000000000,
          "default": 0
         },
         "nodes": {
          "oneOf": [
           {
            "type": "integer",
            "minimum": 3,
            "maximum": 512
           },
           {
            "type": "string",
            "enum": [
             "auto"
            ]
           }
          ],
          "default": 64,
          "description": "Nodes of the collocation grid; `auto` refines until two resolutions agree (only /api/problem)."
         },
         "set": {
          "type": "object",
          "additionalProperties": {
           "type": "number"
          },
          "maxProperties": 64,
          "description": "Values for parameters that are not to be drawn, by name."
         },
         "points": {
          "type": "integer",
          "minimum": 2,
          "maximum": 2048,
          "default": 256,
          "description": "Evenly spaced points."
         }
        }
       }
      }
     }
    }
   }
  },
  "/api/matrix": {
   "post": {
    "operationId": "matrix",
    "summary": "The matrix of a sample; as CSV with b as the last column.",
    "tags": [
     "Problem"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Matrix"
        }
       },
       "text/csv": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once; try again.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "413": {
      "description": "The body has more than 1 MiB.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "415": {
      "description": "The body is not application/json.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "parameters": [
     {
      "name": "format",
      "in": "query",
      "schema": {
       "type": "string",
       "enum": [
        "json",
        "csv"
       ],
       "default": "json"
      },
      "description": "csv gives the same as a table."
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "properties": {
         "equation": {
          "type": "string",
          "maxLength": 1024,
          "description": "The name of a shipped equation, or the path of an equation file in the workspace."
         },
         "yaml": {
          "type": "string",
          "maxLength": 65536,
          "description": "An equation file's text, in the place of `equation`."
         },
         "seed": {
          "type": "integer",
          "minimum": 0,
          "maximum": 9007199254740991,
          "default": 0
         },
         "index": {
          "type": "integer",
          "minimum": 0,
          "maximum": 1000000000,
          "default": 0
         },
         "nodes": {
          "oneOf": [
           {
            "type": "integer",
            "minimum": 3,
            "maximum": 512
           },
           {
            "type": "string",
            "enum": [
             "auto"
            ]
           }
          ],
          "default": 64,
          "description": "Nodes of the collocation grid; `auto` refines until two resolutions agree (only /api/problem)."
         },
         "set": {
          "type": "object",
          "additionalProperties": {
           "type": "number"
          },
          "maxProperties": 64,
          "description": "Values for parameters that are not to be drawn, by name."
         }
        }
       }
      }
     }
    }
   }
  },
  "/api/solvers": {
   "get": {
    "operationId": "solvers",
    "summary": "Who can solve a system.",
    "tags": [
     "Solvers"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "type": "array",
         "items": {
          "$ref": "#/components/schemas/Solver"
         }
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once; try again.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    }
   }
  },
  "/api/solve": {
   "post": {
    "operationId": "solve",
    "summary": "Solve a sample's system, noisy or not, by several solvers; errors are those to the clean solution.",
    "tags": [
     "Solvers"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Comparison"
        }
       },
       "text/csv": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once; try again.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "413": {
      "description": "The body has more than 1 MiB.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "415": {
      "description": "The body is not application/json.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "parameters": [
     {
      "name": "format",
      "in": "query",
      "schema": {
       "type": "string",
       "enum": [
        "json",
        "csv"
       ],
       "default": "json"
      },
      "description": "csv gives the same as a table."
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "properties": {
         "equation": {
          "type": "string",
          "maxLength": 1024,
          "description": "The name of a shipped equation, or the path of an equation file in the workspace."
         },
         "yaml": {
          "type": "string",
          "maxLength": 65536,
          "description": "An equation file's text, in the place of `equation`."
         },
         "seed": {
          "type": "integer",
          "minimum": 0,
          "maximum": 9007199254740991,
          "default": 0
         },
         "index": {
          "type": "integer",
          "minimum": 0,
          "maximum": 1000000000,
          "default": 0
         },
         "nodes": {
          "oneOf": [
           {
            "type": "integer",
            "minimum": 3,
            "maximum": 512
           },
           {
            "type": "string",
            "enum": [
             "auto"
            ]
           }
          ],
          "default": 64,
          "description": "Nodes of the collocation grid; `auto` refines until two resolutions agree (only /api/problem)."
         },
         "set": {
          "type": "object",
          "additionalProperties": {
           "type": "number"
          },
          "maxProperties": 64,
          "description": "Values for parameters that are not to be drawn, by name."
         },
         "solvers": {
          "type": "array",
          "items": {
           "type": "string",
           "maxLength": 1024
          },
          "minItems": 1,
          "maxItems": 32,
          "description": "Names that /api/solvers lists."
         },
         "noise": {
          "type": "object",
          "properties": {
           "model": {
            "type": "string",
            "enum": [
             "relative",
             "absolute",
             "rms"
            ],
            "default": "relative"
           },
           "target": {
            "type": "string",
            "enum": [
             "A",
             "b",
             "both"
            ],
            "default": "A"
           },
           "law": {
            "type": "string",
            "enum": [
             "gaussian",
             "uniform",
             "laplace",
             "outliers"
            ],
            "default": "gaussian"
           },
           "level": {
            "type": "number",
            "minimum": 0,
            "maximum": 1e+30,
            "description": "σ; of outliers, the share of the entries."
           },
           "seed": {
            "type": "integer",
            "minimum": 0,
            "maximum": 9007199254740991,
            "default": 0
           }
          },
          "required": [
           "level"
          ]
         },
         "iterate": {
          "type": "string",
          "enum": [
           "none",
           "richardson",
           "gmres"
          ],
          "default": "none",
          "description": "Iterate with the networks as approximate inverses."
         },
         "tolerance": {
          "type": "number",
          "exclusiveMinimum": 0,
          "exclusiveMaximum": 1,
          "default": 1e-10
         }
        },
        "required": [
         "solvers"
        ]
       }
      }
     }
    }
   }
  },
  "/api/noise": {
   "post": {
    "operationId": "noise",
    "summary": "The errors of solvers on a sample's system over draws of the noise, level by level.",
    "tags": [
     "Solvers"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/NoiseCurves"
        }
       },
       "text/csv": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once; try again.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "413": {
      "description": "The body has more than 1 MiB.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "415": {
      "description": "The body is not application/json.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "parameters": [
     {
      "name": "format",
      "in": "query",
      "schema": {
       "type": "string",
       "enum": [
        "json",
        "csv"
       ],
       "default": "json"
      },
      "description": "csv gives the same as a table."
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "properties": {
         "equation": {
          "type": "string",
          "maxLength": 1024,
          "description": "The name of a shipped equation, or the path of an equation file in the workspace."
         },
         "yaml": {
          "type": "string",
          "maxLength": 65536,
          "description": "An equation file's text, in the place of `equation`."
         },
         "seed": {
          "type": "integer",
          "minimum": 0,
          "maximum": 9007199254740991,
          "default": 0
         },
         "index": {
          "type": "integer",
          "minimum": 0,
          "maximum": 1000000000,
          "default": 0
         },
         "nodes": {
          "oneOf": [
           {
            "type": "integer",
            "minimum": 3,
            "maximum": 512
           },
           {
            "type": "string",
            "enum": [
             "auto"
            ]
           }
          ],
          "default": 64,
          "description": "Nodes of the collocation grid; `auto` refines until two resolutions agree (only /api/problem)."
         },
         "set": {
          "type": "object",
          "additionalProperties": {
           "type": "number"
          },
          "maxProperties": 64,
          "description": "Values for parameters that are not to be drawn, by name."
         },
         "solvers": {
          "type": "array",
          "items": {
           "type": "string",
           "maxLength": 1024
          },
          "minItems": 1,
          "maxItems": 32,
          "description": "Names that /api/solvers lists."
         },
         "noise": {
          "type": "object",
          "properties": {
           "model": {
            "type": "string",
            "enum": [
             "relative",
             "absolute",
             "rms"
            ],
            "default": "relative"
           },
           "target": {
            "type": "string",
            "enum": [
             "A",
             "b",
             "both"
            ],
            "default": "A"
           },
           "law": {
            "type": "string",
            "enum": [
             "gaussian",
             "uniform",
             "laplace",
             "outliers"
            ],
            "default": "gaussian"
           },
           "level": {
            "type": "number",
            "minimum": 0,
            "maximum": 1e+30,
            "description": "σ; of outliers, the share of the entries."
           },
           "seed": {
            "type": "integer",
            "minimum": 0,
            "maximum": 9007199254740991,
            "default": 0
           }
          },
          "required": []
         },
         "levels": {
          "type": "array",
          "items": {
           "type": "number",
           "minimum": 0,
           "maximum": 1e+30
          },
          "minItems": 1,
          "maxItems": 16
         },
         "draws": {
          "type": "integer",
          "minimum": 1,
          "maximum": 200,
          "default": 100
         }
        },
        "required": [
         "solvers",
         "levels"
        ]
       }
      }
     }
    }
   }
  },
  "/api/datasets": {
   "get": {
    "operationId": "datasets",
    "summary": "The datasets of the workspace.",
    "tags": [
     "Datasets"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "type": "array",
         "items": {
          "$ref": "#/components/schemas/Dataset"
         }
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once; try again.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    }
   },
   "post": {
    "operationId": "generate",
    "summary": "Generate a dataset, datasets/NAME.safetensors.",
    "tags": [
     "Datasets"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Job"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once; try again.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "409": {
      "description": "It is there already, or somebody is at it.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "413": {
      "description": "The body has more than 1 MiB.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "415": {
      "description": "The body is not application/json.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "properties": {
         "equation": {
          "type": "string",
          "maxLength": 1024,
          "description": "The name of a shipped equation, or the path of an equation file in the workspace."
         },
         "samples": {
          "type": "integer",
          "minimum": 1,
          "maximum": 1000000000
         },
         "seed": {
          "type": "integer",
          "minimum": 0,
          "maximum": 9007199254740991,
          "default": 0
         },
         "nodes": {
          "type": "integer",
          "minimum": 3,
          "maximum": 512,
          "default": 64
         },
         "labels": {
          "type": "string",
          "enum": [
           "grid",
           "resolved"
          ],
          "default": "grid"
         },
         "withSystems": {
          "type": "boolean",
          "default": false
         },
         "name": {
          "type": "string",
          "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$",
          "description": "The file, datasets/NAME.safetensors in the workspace."
         }
        },
        "required": [
         "equation",
         "samples",
         "name"
        ]
       }
      }
     }
    }
   }
  },
  "/api/dataset/sample": {
   "get": {
    "operationId": "sample",
    "summary": "A sample of a dataset.",
    "tags": [
     "Datasets"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Sample"
        }
       },
       "text/csv": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once; try again.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "parameters": [
     {
      "name": "path",
      "in": "query",
      "required": true,
      "schema": {
       "type": "string",
       "maxLength": 1024
      },
      "description": ""
     },
     {
      "name": "sample",
      "in": "query",
      "required": true,
      "schema": {
       "type": "integer",
       "minimum": 0,
       "maximum": 1000000000
      },
      "description": ""
     },
     {
      "name": "points",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "minimum": 2,
       "maximum": 2048
      },
      "description": "Evenly spaced; 256 unless given."
     },
     {
      "name": "format",
      "in": "query",
      "schema": {
       "type": "string",
       "enum": [
        "json",
        "csv"
       ],
       "default": "json"
      },
      "description": "csv gives the same as a table."
     }
    ]
   }
  },
  "/api/dataset/distribution": {
   "get": {
    "operationId": "distribution",
    "summary": "How the first samples of a dataset are distributed.",
    "tags": [
     "Datasets"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Distribution"
        }
       },
       "text/csv": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once; try again.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "parameters": [
     {
      "name": "path",
      "in": "query",
      "required": true,
      "schema": {
       "type": "string",
       "maxLength": 1024
      },
      "description": ""
     },
     {
      "name": "limit",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "minimum": 1,
       "maximum": 2000,
       "default": 500
      },
      "description": ""
     },
     {
      "name": "format",
      "in": "query",
      "schema": {
       "type": "string",
       "enum": [
        "json",
        "csv"
       ],
       "default": "json"
      },
      "description": "csv gives the same as a table."
     }
    ]
   }
  },
  "/api/dataset/file": {
   "get": {
    "operationId": "datasetFile",
    "summary": "A dataset: the file, or its samples as CSV.",
    "tags": [
     "Datasets"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "text/csv": {
        "schema": {
         "type": "string"
        }
       },
       "application/octet-stream": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once; try again.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "parameters": [
     {
      "name": "path",
      "in": "query",
      "required": true,
      "schema": {
       "type": "string",
       "maxLength": 1024
      },
      "description": ""
     },
     {
      "name": "format",
      "in": "query",
      "schema": {
       "type": "string",
       "enum": [
        "safetensors",
        "csv"
       ],
       "default": "safetensors"
      },
      "description": "csv has `count` samples from `first`."
     },
     {
      "name": "first",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "minimum": 0,
       "maximum": 1000000000,
       "default": 0
      },
      "description": ""
     },
     {
      "name": "count",
      "in": "query",
      "required": false,
      "schema": {
       "type": "integer",
       "minimum": 1,
       "maximum": 1000,
       "default": 100
      },
      "description": ""
     }
    ]
   }
  },
  "/api/jobs": {
   "get": {
    "operationId": "jobs",
    "summary": "What this server has begun.",
    "tags": [
     "Jobs"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "type": "array",
         "items": {
          "$ref": "#/components/schemas/Job"
         }
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once; try again.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    }
   }
  },
  "/api/job": {
   "get": {
    "operationId": "job",
    "summary": "One of them.",
    "tags": [
     "Jobs"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Job"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once; try again.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "parameters": [
     {
      "name": "id",
      "in": "query",
      "required": true,
      "schema": {
       "type": "integer",
       "minimum": 0,
       "maximum": 1000000000
      },
      "description": ""
     }
    ]
   }
  },
  "/api/job/stop": {
   "post": {
    "operationId": "stopJob",
    "summary": "Stop one: a training saves its state, a dataset is not written.",
    "tags": [
     "Jobs"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Job"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once; try again.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "413": {
      "description": "The body has more than 1 MiB.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "415": {
      "description": "The body is not application/json.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "properties": {
         "id": {
          "type": "integer",
          "minimum": 0,
          "maximum": 1000000000
         }
        },
        "required": [
         "id"
        ]
       }
      }
     }
    }
   }
  },
  "/api/runs": {
   "get": {
    "operationId": "runs",
    "summary": "The training runs of the workspace.",
    "tags": [
     "Training"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "type": "array",
         "items": {
          "$ref": "#/components/schemas/Run"
         }
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once; try again.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    }
   },
   "post": {
    "operationId": "train",
    "summary": "Begin a training in runs/NAME.",
    "tags": [
     "Training"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Job"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once; try again.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "409": {
      "description": "It is there already, or somebody is at it.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "413": {
      "description": "The body has more than 1 MiB.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "415": {
      "description": "The body is not application/json.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/TrainingForm"
       }
      }
     }
    }
   }
  },
  "/api/run": {
   "get": {
    "operationId": "run",
    "summary": "A run: recipe and metrics.",
    "tags": [
     "Training"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/RunDetail"
        }
       },
       "text/csv": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once; try again.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "parameters": [
     {
      "name": "path",
      "in": "query",
      "required": true,
      "schema": {
       "type": "string",
       "maxLength": 1024
      },
      "description": ""
     },
     {
      "name": "format",
      "in": "query",
      "schema": {
       "type": "string",
       "enum": [
        "json",
        "csv"
       ],
       "default": "json"
      },
      "description": "csv gives the same as a table."
     }
    ]
   }
  },
  "/api/run/resume": {
   "post": {
    "operationId": "resume",
    "summary": "Go on with a stopped run, or extend a finished one.",
    "tags": [
     "Training"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Job"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once; try again.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "409": {
      "description": "It is there already, or somebody is at it.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "413": {
      "description": "The body has more than 1 MiB.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "415": {
      "description": "The body is not application/json.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "properties": {
         "path": {
          "type": "string",
          "maxLength": 1024
         },
         "steps": {
          "type": "integer",
          "minimum": 1,
          "maximum": 1000000000,
          "description": "Steps in all, to extend it."
         }
        },
        "required": [
         "path"
        ]
       }
      }
     }
    }
   }
  },
  "/api/runs/compare": {
   "get": {
    "operationId": "compare",
    "summary": "What differs between runs, and how they ended.",
    "tags": [
     "Training"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/RunComparison"
        }
       },
       "text/csv": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once; try again.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "parameters": [
     {
      "name": "path",
      "in": "query",
      "required": true,
      "explode": true,
      "schema": {
       "type": "array",
       "items": {
        "type": "string",
        "maxLength": 1024
       },
       "minItems": 1,
       "maxItems": 16
      }
     },
     {
      "name": "format",
      "in": "query",
      "schema": {
       "type": "string",
       "enum": [
        "json",
        "csv"
       ],
       "default": "json"
      },
      "description": "csv gives the same as a table."
     }
    ]
   }
  },
  "/api/report": {
   "get": {
    "operationId": "report",
    "summary": "The report of runs, a page of its own.",
    "tags": [
     "Training"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "text/html": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once; try again.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "404": {
      "description": "There is no such thing in the workspace.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "parameters": [
     {
      "name": "path",
      "in": "query",
      "required": true,
      "explode": true,
      "schema": {
       "type": "array",
       "items": {
        "type": "string",
        "maxLength": 1024
       },
       "minItems": 1,
       "maxItems": 16
      }
     }
    ]
   }
  },
  "/api/openapi.json": {
   "get": {
    "operationId": "openapi",
    "summary": "This description.",
    "tags": [
     "Workspace"
    ],
    "responses": {
     "200": {
      "description": "",
      "content": {
       "application/json": {
        "schema": {
         "type": "object"
        }
       }
      }
     },
     "400": {
      "description": "What is asked for is wrong; the message says what.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "401": {
      "description": "The token is missing or wrong.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "403": {
      "description": "Another origin, or another host.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     },
     "503": {
      "description": "Too much is asked for at once; try again.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Error"
        }
       }
      }
     }
    },
    "security": []
   }
  }
 },
 "components": {
  "securitySchemes": {
   "bearer": {
    "type": "http",
    "scheme": "bearer"
   },
   "cookie": {
    "type": "apiKey",
    "in": "cookie",
    "name": "bvp"
   }
  },
  "schemas": {
   "Error": {
    "type": "object",
    "properties": {
     "message": {
      "type": "string",
      "description": "One line, as the command words it."
     },
     "line": {
      "type": "integer",
      "description": "From 1, in `yaml`."
     },
     "column": {
      "type": "integer",
      "description": "From 1."
     }
    },
    "required": [
     "message"
    ]
   },
   "Entry": {
    "type": "object",
    "properties": {
     "name": {
      "type": "string"
     },
     "text": {
      "type": "string"
     }
    },
    "required": [
     "name",
     "text"
    ]
   },
   "Equation": {
    "type": "object",
    "properties": {
     "path": {
      "type": "string",
      "description": "What `equation` takes; empty where it was typed."
     },
     "isShipped": {
      "type": "boolean"
     },
     "name": {
      "type": "string"
     },
     "description": {
      "type": "string"
     },
     "equation": {
      "type": "string",
      "description": "The operator, such as −(K u′)′ = f."
     },
     "domain": {
      "type": "array",
      "items": {
       "type": "number"
      },
      "minItems": 2,
      "maxItems": 2
     },
     "parameters": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "name": {
         "type": "string"
        },
        "law": {
         "$ref": "#/components/schemas/Law"
        }
       },
       "required": [
        "name",
        "law"
       ]
      }
     },
     "fields": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Entry"
      }
     },
     "coefficients": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Entry"
      }
     },
     "boundary": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Entry"
      }
     },
     "coefficientNames": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "isNonlinear": {
      "type": "boolean"
     },
     "hasJumps": {
      "type": "boolean"
     },
     "yaml": {
      "type": "string",
      "description": "The file's text."
     }
    },
    "required": [
     "path",
     "name",
     "parameters"
    ]
   },
   "Law": {
    "type": "object",
    "properties": {
     "kind": {
      "type": "string",
      "enum": [
       "uniform",
       "normal",
       "log-uniform",
       "choice",
       "number"
      ]
     },
     "text": {
      "type": "string"
     },
     "low": {
      "type": "number",
      "description": "Where the law's range begins; of a normal law, mean − 3 sd."
     },
     "high": {
      "type": "number"
     },
     "values": {
      "type": "array",
      "items": {
       "type": "number"
      }
     }
    },
    "required": [
     "kind",
     "text",
     "low",
     "high"
    ]
   },
   "Function": {
    "type": "object",
    "properties": {
     "name": {
      "type": "string"
     },
     "values": {
      "type": "array",
      "items": {
       "type": [
        "number",
        "null"
       ]
      }
     }
    },
    "required": [
     "name",
     "values"
    ]
   },
   "Problem": {
    "type": "object",
    "properties": {
     "equation": {
      "type": "string"
     },
     "nodes": {
      "type": "integer",
      "description": "Nodes of the solution, in all pieces."
     },
     "pieces": {
      "type": "integer"
     },
     "parameters": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "name": {
         "type": "string"
        },
        "value": {
         "type": "number"
        }
       },
       "required": [
        "name",
        "value"
       ]
      }
     },
     "x": {
      "type": "array",
      "items": {
       "type": "number"
      },
      "description": "Ascending."
     },
     "functions": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Function"
      },
      "description": "K, f, q, v, w as far as there are such, and u, at x."
     },
     "coefficients": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Function"
      },
      "description": "|a₀|, |a₁|, … of the Chebyshev series of each function; of several pieces, that of the one with the most nodes."
     },
     "condition": {
      "type": [
       "number",
       "null"
      ],
      "description": "κ₂(A)."
     },
     "residual": {
      "type": [
       "number",
       "null"
      ],
      "description": "‖Au − b‖ / (‖A‖‖u‖ + ‖b‖)."
     },
     "tail": {
      "type": [
       "number",
       "null"
      ],
      "description": "The last coefficients of u over the largest."
     },
     "error": {
      "type": [
       "number",
       "null"
      ],
      "description": "The estimated error of u, relative to max |u|."
     },
     "warnings": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "command": {
      "type": "string"
     },
     "milliseconds": {
      "type": "number"
     }
    },
    "required": [
     "functions"
    ]
   },
   "Matrix": {
    "type": "object",
    "properties": {
     "n": {
      "type": "integer"
     },
     "step": {
      "type": "integer",
      "description": "Rows and columns of A that one of `rows` stands for; its entry is the largest of them by size."
     },
     "rows": {
      "type": "array",
      "items": {
       "type": "array",
       "items": {
        "type": [
         "number",
         "null"
        ]
       }
      }
     },
     "condition": {
      "type": [
       "number",
       "null"
      ]
     },
     "command": {
      "type": "string"
     }
    },
    "required": [
     "n",
     "rows"
    ]
   },
   "Solver": {
    "type": "object",
    "properties": {
     "name": {
      "type": "string",
      "description": "What `solvers` takes: lu, qr, svd, …, or a checkpoint's path."
     },
     "kind": {
      "type": "string",
      "enum": [
       "classical",
       "network"
      ]
     },
     "knowledge": {
      "type": "string",
      "description": "What it knows besides A and b."
     },
     "model": {
      "type": "string"
     },
     "equation": {
      "type": "string",
      "description": "What a network was trained on."
     },
     "nodes": {
      "type": "integer"
     },
     "parameters": {
      "type": "integer"
     },
     "isLinear": {
      "type": "boolean"
     },
     "isSlow": {
      "type": "boolean",
      "description": "Whether a system takes it more than a second."
     },
     "testRelativeMSE": {
      "type": [
       "number",
       "null"
      ]
     },
     "problem": {
      "type": "string",
      "description": "Why a file cannot be used; empty where it can."
     }
    },
    "required": [
     "name",
     "kind"
    ]
   },
   "Solution": {
    "type": "object",
    "properties": {
     "solver": {
      "type": "string"
     },
     "u": {
      "type": "array",
      "items": {
       "type": [
        "number",
        "null"
       ]
      }
     },
     "error": {
      "type": [
       "number",
       "null"
      ],
      "description": "‖û − u‖²/‖u‖² at the nodes."
     },
     "maximumError": {
      "type": [
       "number",
       "null"
      ],
      "description": "max |û − u| / max |u|."
     },
     "residual": {
      "type": [
       "number",
       "null"
      ],
      "description": "‖S(Aû − b)‖/‖Sf‖, rows scaled to unit norm."
     },
     "milliseconds": {
      "type": "number"
     },
     "doubts": {
      "type": "array",
      "items": {
       "type": "string"
      },
      "description": "Why a network's answer should not be believed: what is unlike its training."
     },
     "low": {
      "type": "array",
      "items": {
       "type": [
        "number",
        "null"
       ]
      },
      "description": "The conformal band, where the checkpoint has one."
     },
     "high": {
      "type": "array",
      "items": {
       "type": [
        "number",
        "null"
       ]
      }
     },
     "coverage": {
      "type": [
       "number",
       "null"
      ]
     },
     "history": {
      "type": "array",
      "items": {
       "type": [
        "number",
        "null"
       ]
      },
      "description": "‖b − Ax‖/‖b‖ after each step of the iteration."
     },
     "isConverged": {
      "type": "boolean"
     },
     "failure": {
      "type": "string",
      "description": "Why there is no solution."
     }
    },
    "required": [
     "solver"
    ]
   },
   "Comparison": {
    "type": "object",
    "properties": {
     "x": {
      "type": "array",
      "items": {
       "type": "number"
      }
     },
     "u": {
      "type": "array",
      "items": {
       "type": [
        "number",
        "null"
       ]
      },
      "description": "The clean system's solution, by LU."
     },
     "condition": {
      "type": [
       "number",
       "null"
      ]
     },
     "solutions": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Solution"
      }
     },
     "commands": {
      "type": "array",
      "items": {
       "type": "string"
      },
      "description": "One for each solver."
     },
     "warnings": {
      "type": "array",
      "items": {
       "type": "string"
      }
     }
    },
    "required": [
     "x",
     "solutions"
    ]
   },
   "NoiseCurve": {
    "type": "object",
    "properties": {
     "solver": {
      "type": "string"
     },
     "median": {
      "type": "array",
      "items": {
       "type": [
        "number",
        "null"
       ]
      },
      "description": "Of ‖û − u‖²/‖u‖² over the draws, at each level."
     },
     "p10": {
      "type": "array",
      "items": {
       "type": [
        "number",
        "null"
       ]
      }
     },
     "p90": {
      "type": "array",
      "items": {
       "type": [
        "number",
        "null"
       ]
      }
     },
     "failure": {
      "type": "string"
     }
    },
    "required": [
     "solver",
     "median"
    ]
   },
   "NoiseCurves": {
    "type": "object",
    "properties": {
     "levels": {
      "type": "array",
      "items": {
       "type": "number"
      }
     },
     "draws": {
      "type": "integer"
     },
     "curves": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/NoiseCurve"
      }
     },
     "command": {
      "type": "string"
     }
    },
    "required": [
     "levels",
     "curves"
    ]
   },
   "Dataset": {
    "type": "object",
    "properties": {
     "path": {
      "type": "string"
     },
     "equation": {
      "type": "string"
     },
     "samples": {
      "type": "integer"
     },
     "nodes": {
      "type": "integer"
     },
     "seed": {
      "type": "integer"
     },
     "first": {
      "type": "integer"
     },
     "bytes": {
      "type": "integer"
     },
     "modified": {
      "type": "number",
      "description": "Seconds since 1970."
     },
     "labels": {
      "type": "string"
     },
     "problem": {
      "type": "string"
     }
    },
    "required": [
     "path",
     "samples"
    ]
   },
   "Sample": {
    "type": "object",
    "properties": {
     "path": {
      "type": "string"
     },
     "sample": {
      "type": "integer"
     },
     "index": {
      "type": "integer"
     },
     "parameters": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "name": {
         "type": "string"
        },
        "value": {
         "type": "number"
        }
       },
       "required": [
        "name",
        "value"
       ]
      }
     },
     "x": {
      "type": "array",
      "items": {
       "type": "number"
      }
     },
     "functions": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Function"
      }
     },
     "coefficients": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/Function"
      }
     },
     "condition": {
      "type": [
       "number",
       "null"
      ]
     },
     "residual": {
      "type": [
       "number",
       "null"
      ]
     },
     "tail": {
      "type": [
       "number",
       "null"
      ]
     },
     "command": {
      "type": "string"
     }
    },
    "required": [
     "x",
     "functions"
    ]
   },
   "Distribution": {
    "type": "object",
    "properties": {
     "path": {
      "type": "string"
     },
     "count": {
      "type": "integer",
      "description": "The samples that were looked at, the first ones."
     },
     "parameters": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "name": {
         "type": "string"
        },
        "law": {
         "$ref": "#/components/schemas/Law"
        },
        "values": {
         "type": "array",
         "items": {
          "type": [
           "number",
           "null"
          ]
         }
        }
       },
       "required": [
        "name",
        "law",
        "values"
       ]
      }
     },
     "condition": {
      "type": "array",
      "items": {
       "type": [
        "number",
        "null"
       ]
      },
      "description": "κ₂(A) of each sample."
     },
     "tail": {
      "type": "array",
      "items": {
       "type": [
        "number",
        "null"
       ]
      },
      "description": "The last Chebyshev coefficients of u over the largest, of each."
     },
     "labelError": {
      "type": "object",
      "properties": {
       "median": {
        "type": [
         "number",
         "null"
        ]
       },
       "p90": {
        "type": [
         "number",
         "null"
        ]
       },
       "samples": {
        "type": "integer"
       }
      },
      "description": "‖u − u*‖²/‖u*‖² against the resolved solution; missing where the file does not say."
     },
     "command": {
      "type": "string"
     }
    },
    "required": [
     "parameters"
    ]
   },
   "Job": {
    "type": "object",
    "properties": {
     "id": {
      "type": "integer"
     },
     "kind": {
      "type": "string",
      "enum": [
       "generate",
       "pretrain",
       "finetune"
      ]
     },
     "state": {
      "type": "string",
      "enum": [
       "running",
       "stopping",
       "finished",
       "stopped",
       "failed"
      ]
     },
     "path": {
      "type": "string",
      "description": "What it makes, in the workspace."
     },
     "command": {
      "type": "string"
     },
     "done": {
      "type": "integer"
     },
     "total": {
      "type": "integer"
     },
     "unit": {
      "type": "string"
     },
     "rate": {
      "type": [
       "number",
       "null"
      ],
      "description": "Units a second."
     },
     "secondsLeft": {
      "type": [
       "number",
       "null"
      ]
     },
     "message": {
      "type": "string",
      "description": "The last line that it said; of one that failed, why."
     },
     "began": {
      "type": "number"
     }
    },
    "required": [
     "id",
     "kind",
     "state"
    ]
   },
   "Run": {
    "type": "object",
    "properties": {
     "path": {
      "type": "string"
     },
     "verb": {
      "type": "string",
      "enum": [
       "pretrain",
       "finetune",
       "newton train"
      ]
     },
     "equation": {
      "type": "string"
     },
     "model": {
      "type": "string"
     },
     "state": {
      "type": "string",
      "enum": [
       "running",
       "stopped",
       "finished",
       "broken"
      ]
     },
     "step": {
      "type": "integer"
     },
     "totalSteps": {
      "type": "integer"
     },
     "testMSE": {
      "type": [
       "number",
       "null"
      ]
     },
     "testRelativeMSE": {
      "type": [
       "number",
       "null"
      ]
     },
     "seconds": {
      "type": [
       "number",
       "null"
      ]
     },
     "modified": {
      "type": "number"
     },
     "job": {
      "type": [
       "integer",
       "null"
      ],
      "description": "The job that trains it, where this server began it."
     },
     "problem": {
      "type": "string",
      "description": "What is wrong with a broken one."
     }
    },
    "required": [
     "path",
     "state"
    ]
   },
   "RunDetail": {
    "type": "object",
    "properties": {
     "run": {
      "$ref": "#/components/schemas/Run"
     },
     "recipe": {
      "type": "string",
      "description": "recipe.yaml."
     },
     "command": {
      "type": "string"
     },
     "columns": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "rows": {
      "type": "array",
      "items": {
       "type": "array",
       "items": {
        "type": [
         "number",
         "null"
        ]
       }
      },
      "description": "metrics.csv: epoch, step, samples, lr, train_mse, test_mse, test_relative_mse, seconds."
     },
     "samplesPerSecond": {
      "type": [
       "number",
       "null"
      ]
     },
     "secondsLeft": {
      "type": [
       "number",
       "null"
      ]
     }
    },
    "required": [
     "run",
     "rows"
    ]
   },
   "RunComparison": {
    "type": "object",
    "properties": {
     "header": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "rows": {
      "type": "array",
      "items": {
       "type": "array",
       "items": {
        "type": "string"
       }
      },
      "description": "A row for each run: its name, the settings that not all have alike, how it ended."
     },
     "numeric": {
      "type": "array",
      "items": {
       "type": "boolean"
      },
      "description": "Which columns are numbers."
     },
     "curves": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "path": {
         "type": "string"
        },
        "steps": {
         "type": "array",
         "items": {
          "type": [
           "number",
           "null"
          ]
         }
        },
        "testMSE": {
         "type": "array",
         "items": {
          "type": [
           "number",
           "null"
          ]
         }
        },
        "testRelativeMSE": {
         "type": "array",
         "items": {
          "type": [
           "number",
           "null"
          ]
         }
        },
        "trainMSE": {
         "type": "array",
         "items": {
          "type": [
           "number",
           "null"
          ]
         }
        }
       },
       "required": [
        "path",
        "steps"
       ]
      }
     },
     "command": {
      "type": "string"
     }
    },
    "required": [
     "header",
     "rows"
    ]
   },
   "TrainingForm": {
    "type": "object",
    "properties": {
     "verb": {
      "type": "string",
      "enum": [
       "pretrain",
       "finetune"
      ]
     },
     "equation": {
      "type": "string",
      "maxLength": 1024
     },
     "name": {
      "type": "string",
      "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$",
      "description": "The run's folder, runs/NAME in the workspace."
     },
     "from": {
      "type": "string",
      "maxLength": 1024,
      "description": "A checkpoint, to fine-tune."
     },
     "model": {
      "type": "string",
      "enum": [
       "algebraformer",
       "polya",
       "greens",
       "lstm",
       "gru"
      ]
     },
     "preset": {
      "type": "string",
      "enum": [
       "compact",
       "paper",
       "smoke"
      ]
     },
     "data": {
      "type": "string",
      "maxLength": 1024,
      "description": "A dataset in the workspace."
     },
     "online": {
      "type": "boolean"
     },
     "samples": {
      "type": "integer",
      "minimum": 1,
      "maximum": 1000000000
     },
     "nodes": {
      "type": "integer",
      "minimum": 3,
      "maximum": 512
     },
     "steps": {
      "type": "integer",
      "minimum": 1,
      "maximum": 1000000000
     },
     "epochs": {
      "type": "integer",
      "minimum": 1,
      "maximum": 1000000
     },
     "batch": {
      "type": "integer",
      "minimum": 1,
      "maximum": 1048576
     },
     "learningRate": {
      "type": "number",
      "exclusiveMinimum": 0,
      "maximum": 100
     },
     "width": {
      "type": "integer",
      "minimum": 1,
      "maximum": 65536
     },
     "depth": {
      "type": "integer",
      "minimum": 1,
      "maximum": 1024
     },
     "heads": {
      "type": "integer",
      "minimum": 1,
      "maximum": 1024
     },
     "seed": {
      "type": "integer",
      "minimum": 0,
      "maximum": 9007199254740991
     },
     "optimizer": {
      "type": "string",
      "enum": [
       "muon",
       "adamw"
      ]
     },
     "testSamples": {
      "type": "integer",
      "minimum": 1,
      "maximum": 1000000
     },
     "evaluateEvery": {
      "type": "integer",
      "minimum": 1,
      "maximum": 1000000000
     }
    },
    "required": [
     "verb",
     "equation",
     "name"
    ]
   },
   "Workspace": {
    "type": "object",
    "properties": {
     "version": {
      "type": "string"
     },
     "folder": {
      "type": "string"
     },
     "threads": {
      "type": "integer"
     },
     "equations": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "path": {
         "type": "string"
        },
        "name": {
         "type": "string"
        },
        "isShipped": {
         "type": "boolean"
        },
        "problem": {
         "type": "string"
        }
       },
       "required": [
        "path",
        "name"
       ]
      }
     },
     "limits": {
      "type": "object",
      "properties": {
       "nodes": {
        "type": "integer"
       },
       "draws": {
        "type": "integer"
       },
       "samples": {
        "type": "integer"
       }
      }
     }
    },
    "required": [
     "version"
    ]
   }
  }
 }
}

"""#,
"problem.js": #"""
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
      note('');
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

"""#,
"solvers.js": #"""
// Solvers: those chosen side by side on one system, clean or noisy.

import {
  afterRest, commandBox, complain, downloadsWith, duration, find, format, get, h, latest, post,
  shortName,
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

  function draw({ x, u, condition, solutions, commands = [], warnings = [] }) {
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
    find('solver-table').tBodies[0].replaceChildren(...solutions.map(row));
    find('solvers-warnings').replaceChildren(...warnings.map((text) => h('li', {}, text)));
    find('solvers-hint').textContent = `κ₂ of the system is ${format(condition)}. `
      + 'Relative error: ‖û − u‖²/‖u‖²; max error: max |û − u| / max |u|; '
      + 'residual: ‖S(Aû − b)‖/‖Sf‖, rows scaled to unit norm.';
    showCommand(commands.join('\n'));
    const page = document.documentElement.dataset;
    page.draws = Number(page.draws ?? 0) + 1;
  }

  function row(one) {
    const remarks = [
      one.failure, ...(one.doubts ?? []),
      one.history?.length ? `${one.isConverged ? 'converged' : 'not converged'} in ${one.history.length - 1} steps` : null,
      one.low?.length ? `band of ${format(100 * one.coverage)} % coverage` : null,
    ];
    return h('tr', { 'data-solver': one.solver },
      h('th', { scope: 'row', title: one.solver }, swatch(slotOf(one.solver)), ' ', shortName(one.solver)),
      ...[one.error, one.maximumError, one.residual].map((value) => h('td', { class: 'number' }, format(value))),
      h('td', { class: 'number' }, duration(one.milliseconds / 1e3)),
      h('td', { class: 'doubts' }, remarks.filter(Boolean).join('; ')));
  }

  const loadNoise = latest(async () => {
    if (state.view !== 'solvers') return;
    const wanted = noiseFields();
    const key = JSON.stringify(wanted);
    if (key === curvesOf || !wanted.solvers.length) return;
    find('noise-busy').textContent = 'computing …';
    try {
      curves = await post('noise', wanted);
      curvesOf = key;
      complain(find('noise-error'));
      drawNoise();
    } catch (error) {
      complain(find('noise-error'), error);
    }
    find('noise-busy').textContent = `${draws} draws, median and p10 to p90`;
  });
  const noiseSoon = afterRest(400, loadNoise);

  function drawNoise() {
    if (!curves) return;
    const names = chosen();
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

"""#,
"state.js": #"""
// The state of the views. The address's fragment holds all of it, such as
// #problem?equation=diffusion&seed=0&index=3&nodes=64&alpha=0.4

export const views = ['problem', 'solvers', 'datasets', 'training'];

/** The sample that Problem and Solvers are about. */
const newSample = () => ({
  equation: 'diffusion', yaml: '', seed: 0, index: 0, nodes: 64, set: {},
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
  sample.seed = integer(fields, 'seed', 0, Number.MAX_SAFE_INTEGER) ?? 0;
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

"""#,
"style.css": #"""
:root {
  color-scheme: light dark;
  --page: light-dark(#fbfbfa, #14171a);
  --panel: light-dark(#ffffff, #1b1f23);
  --ink: light-dark(#1c2126, #e4e7ea);
  --soft: light-dark(#5b6570, #a0aab4);
  --line: light-dark(#d9dde1, #353b42);
  --edge: light-dark(#8a929a, #69727b);
  --grid: light-dark(#e9ecef, #2a3036);
  --accent: light-dark(#00629b, #6cbcf0);
  --wrong: light-dark(#a83200, #ff9d6c);
  --wrong-ground: light-dark(#fdf0ea, #33231b);
  --span: light-dark(#0072b21a, #6cbcf026);
  /* After Okabe and Ito; darker on light ground, lighter on dark. */
  --series-0: light-dark(#0072b2, #5ab4f0);
  --series-1: light-dark(#d55e00, #ff8a4c);
  --series-2: light-dark(#008f68, #2fcb9d);
  --series-3: light-dark(#b8578f, #e79bc8);
  --series-4: light-dark(#a87400, #f2b938);
  --series-5: light-dark(#2b93c9, #9bd5f7);
  --series-6: light-dark(#6a4fa3, #b7a4ee);
  --series-7: light-dark(#6b6b6b, #b9b9b9);
  --zero: light-dark(#f7f7f5, #23282d);
  --positive: light-dark(#b34700, #ff9a5c);
  --negative: light-dark(#00568a, #66bdf5);
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  font-variant-numeric: tabular-nums;
}
:root[data-theme="light"] { color-scheme: light; }
:root[data-theme="dark"] { color-scheme: dark; }

*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--page); color: var(--ink); }
p, dl, dd, ul, figure, fieldset { margin: 0; padding: 0; }
h2 { margin: 0; font-size: 1.2rem; font-weight: 600; overflow-wrap: anywhere; }
h3 { margin: 8px 0 0; font-size: 1rem; font-weight: 600; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
code, pre, kbd { font: 0.87rem/1.5 var(--mono); }
.hint { color: var(--soft); font-size: 0.87rem; font-weight: 400; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.skip { position: absolute; left: 8px; top: -60px; padding: 8px 12px; background: var(--panel); z-index: 9; }
.skip:focus { top: 8px; }
.error { padding: 8px 12px; border-left: 3px solid var(--wrong); background: var(--wrong-ground); overflow-wrap: anywhere; }
.warnings { display: grid; gap: 6px; list-style: none; }
.warnings:empty { display: none; }
.warnings li { padding: 4px 12px; border-left: 3px solid var(--series-4); color: var(--soft); font-size: 0.93rem; overflow-wrap: anywhere; }

/* The frame */

header {
  display: flex; flex-wrap: wrap; align-items: center; gap: 4px 28px;
  max-width: 1360px; margin: auto; padding: 10px 24px 0;
}
.brand { display: flex; align-items: center; gap: 8px; font-weight: 650; min-width: 0; }
.brand .hint { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; max-width: 30ch; }
nav { display: flex; gap: 4px; }
nav a { padding: 8px 12px; color: var(--soft); text-decoration: none; border-bottom: 2px solid transparent; }
nav a:hover { color: var(--ink); }
nav a[aria-current] { color: var(--ink); border-color: var(--accent); font-weight: 600; }
.tools { display: flex; gap: 8px; margin-left: auto; }
main { max-width: 1360px; margin: auto; padding: 20px 24px 64px; outline: none; border-top: 1px solid var(--line); }
.view { display: grid; gap: 20px; min-width: 0; }
.view > *, .lead > *, .rest > *, .pair > *, .multiples > *, .box > *, #dataset-content > *, #run-content > * { min-width: 0; }
.is-stale figure, .is-stale .facts, .is-stale table { opacity: 0.4; }
.with-controls {
  grid-template: "controls lead" auto "controls rest" 1fr / 320px minmax(0, 1fr);
  column-gap: 36px;
}
.with-controls:has(#typed:not([hidden])) { grid-template-columns: 430px minmax(0, 1fr); }
.controls { grid-area: controls; display: grid; gap: 18px; align-content: start; min-width: 0; }
.lead { grid-area: lead; display: grid; gap: 12px; min-width: 0; }
.rest { grid-area: rest; }
.rest, #dataset, #dataset-content, #selected-runs, #run-content { display: grid; gap: 24px; align-content: start; min-width: 0; }
.pair { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 24px 32px; align-items: start; }
.multiples { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(210px, 100%), 1fr)); gap: 16px 28px; }
.multiples:empty { display: none; }
.box { display: grid; gap: 12px; min-width: 0; }
.row { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: end; }
.row > .hint { align-self: center; }
.scroll { overflow-x: auto; }

/* Fields */

input, select, button, .button, textarea {
  font: inherit; color: inherit; background: var(--panel);
  border: 1px solid var(--edge); border-radius: 5px; padding: 5px 9px; min-width: 0;
}
select, input:not([type]), input[type="number"] { width: 100%; min-height: 34px; }
input[type="number"] { appearance: textfield; }
input::-webkit-inner-spin-button { appearance: none; margin: 0; }
input[type="checkbox"] { margin: 0; accent-color: var(--accent); width: 16px; height: 16px; flex: none; }
input:user-invalid { border-color: var(--wrong); }
button, .button { cursor: pointer; min-height: 34px; text-decoration: none; color: var(--ink); }
button:hover, .button:hover { border-color: var(--ink); }
.button { display: inline-flex; align-items: center; }
select { padding: 5px 3px 5px 6px; }
button:disabled { color: var(--soft); cursor: default; opacity: 0.6; }
button.main { background: var(--accent); border-color: var(--accent); color: light-dark(#fff, #10181f); font-weight: 600; }
button.quiet { border: 0; background: none; color: var(--accent); min-height: 0; padding: 0 4px; font-size: 0.87rem; font-weight: 400; }
.field { display: grid; gap: 3px; font-size: 0.87rem; color: var(--soft); flex: 1 1 0; min-width: 84px; }
.field > * { font-size: 0.95rem; color: var(--ink); }
.check { display: flex; gap: 7px; align-items: center; font-size: 0.87rem; }
.joined { display: flex; min-width: 0; }
.joined > * { border-radius: 0; }
.joined > * + * { margin-left: -1px; }
.joined > :first-child { border-radius: 5px 0 0 5px; }
.joined > :last-child { border-radius: 0 5px 5px 0; }
.joined input { min-width: 56px; text-align: center; }
#index { width: 64px; }
fieldset { border: 0; min-width: 0; }
fieldset > .field, fieldset > * + p { margin-top: 12px; }
#selected-runs .row .field { max-width: 260px; }
legend { padding: 0; margin-bottom: 8px; font-weight: 600; width: 100%; display: flex; justify-content: space-between; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(150px, 100%), 1fr)); gap: 14px 18px; align-items: end; padding: 12px 0; }
.grid .wide { grid-column: 1 / -1; align-items: center; }
.grid .check { min-height: 34px; }
#extend-form { flex: 0 1 auto; max-width: 100%; }
#extend-steps { flex: 0 1 110px; width: 110px; }
summary { cursor: pointer; color: var(--accent); width: fit-content; }
details dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 4px 12px; padding: 10px 0 0; font-size: 0.93rem; }
details dt { color: var(--soft); }
details dd { overflow-wrap: anywhere; }
pre { margin: 8px 0 0; padding: 12px; overflow-x: auto; background: var(--panel); border: 1px solid var(--line); border-radius: 5px; }

/* Sliders: the stretch of the law lies on the track. */

.slider { display: flex; gap: 12px; align-items: center; }
.slider > input[type="number"] { flex: 0 0 92px; width: 92px; text-align: right; }
input[type="range"] {
  --from: 0; --to: 0; --thumb: 18px;
  flex: 1; width: 100%; height: 28px; padding: 0; margin: 0; border: 0; background: none; appearance: none; min-width: 80px;
}
input[type="range"]::-webkit-slider-runnable-track { height: 6px; border-radius: 3px; background: var(--track); }
input[type="range"]::-moz-range-track { height: 6px; border-radius: 3px; background: var(--track); }
input[type="range"] {
  --start: calc(var(--thumb) / 2 + (100% - var(--thumb)) * var(--from));
  --end: calc(var(--thumb) / 2 + (100% - var(--thumb)) * var(--to));
  --track: linear-gradient(to right, var(--line) var(--start), color-mix(in srgb, var(--accent) 60%, var(--panel)) var(--start) var(--end), var(--line) var(--end));
}
input[type="range"]::-webkit-slider-thumb {
  appearance: none; width: var(--thumb); height: var(--thumb); margin-top: -6px;
  border-radius: 50%; background: var(--panel); border: 2px solid var(--accent);
}
input[type="range"]::-moz-range-thumb {
  width: var(--thumb); height: var(--thumb); border-radius: 50%; background: var(--panel); border: 2px solid var(--accent);
}
.parameter { padding: 4px 0 8px; }
.parameter .row { align-items: baseline; gap: 8px; }
.parameter .law { flex: 1; min-width: 0; }
.parameter.is-set input[type="range"]::-webkit-slider-thumb { background: var(--accent); }
.parameter.is-set input[type="range"]::-moz-range-thumb { background: var(--accent); }

/* Editor */

.editor { display: flex; border: 1px solid var(--edge); border-radius: 5px; background: var(--panel); overflow: hidden; }
#gutter { flex: none; overflow: hidden; padding: 8px 0 40px; min-width: 36px; text-align: right; color: var(--soft); height: 360px; }
#gutter, #editor { font: 0.8rem/1.5 var(--mono); }
#gutter div { padding: 0 8px; }
#gutter .is-wrong { background: var(--wrong); color: var(--panel); font-weight: 700; }
#editor { flex: 1; border: 0; border-radius: 0; padding: 8px; resize: none; height: 360px; white-space: pre; overflow: auto; }
.editor:focus-within { outline: 2px solid var(--accent); }
#editor:focus-visible { outline: none; }
#typed { display: grid; gap: 8px; }

/* Facts and commands */

.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(104px, 1fr)); gap: 10px 20px; padding: 12px 0; border-block: 1px solid var(--line); }
.facts dt { color: var(--soft); font-size: 0.8rem; }
.facts dd { font-size: 1.1rem; font-weight: 550; }
.command { display: flex; align-items: start; gap: 8px; background: var(--panel); border: 1px solid var(--line); border-radius: 5px; padding: 6px 6px 6px 12px; min-width: 0; }
.command code { flex: 1; padding: 5px 0; white-space: pre; max-height: 12em; overflow: auto; min-width: 0; }
.command + .command { margin-top: 8px; }
.copy { flex: none; }

/* Tables and lists */

table { border-collapse: collapse; width: 100%; font-size: 0.93rem; }
tbody th { font-weight: 400; }
th { text-align: left; white-space: nowrap; }
thead th { font-weight: 500; color: var(--soft); font-size: 0.87rem; }
th, td { padding: 7px 14px 7px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th:last-child, td:last-child { padding-right: 0; }
.number { text-align: right; white-space: nowrap; }
th button { border: 0; background: none; color: inherit; padding: 0; min-height: 0; font-weight: inherit; }
th[aria-sort] button { color: var(--ink); font-weight: 600; }
th[aria-sort="ascending"] button::after { content: " ↑"; }
th[aria-sort="descending"] button::after { content: " ↓"; }
tr.is-selected > * { background: color-mix(in srgb, var(--accent) 8%, transparent); }
td .swatch { margin-right: 8px; }
td.doubts { min-width: 220px; color: var(--soft); font-size: 0.87rem; }
.choices { list-style: none; display: grid; gap: 7px; }
.choices label { display: flex; gap: 8px; align-items: baseline; }
.choices input { position: relative; top: 2px; }
.choices .names { min-width: 0; overflow-wrap: anywhere; line-height: 1.3; }
.choices .hint { display: block; font-size: 0.8rem; }
.choices label:has(:disabled) { color: var(--soft); }
.sample { font-size: 0.93rem; overflow-wrap: anywhere; }
.jobs { list-style: none; display: grid; gap: 16px; }
.job { display: grid; gap: 6px; }
.job .row { align-items: center; }
.job strong { overflow-wrap: anywhere; font-weight: 600; }
progress { appearance: none; width: 100%; height: 6px; border: 0; border-radius: 3px; overflow: hidden; background: var(--line); }
progress::-webkit-progress-bar { background: var(--line); }
progress::-webkit-progress-value { background: var(--accent); }
progress::-moz-progress-bar { background: var(--accent); }
.state { font-size: 0.87rem; white-space: nowrap; }
.state::before { content: ""; display: inline-block; width: 8px; height: 8px; margin-right: 6px; border-radius: 50%; background: var(--series-7); }
.state[data-state="running"]::before, .state[data-state="stopping"]::before { background: var(--series-2); }
.state[data-state="finished"]::before { background: var(--series-0); border-radius: 0; }
.state[data-state="failed"]::before, .state[data-state="broken"]::before { background: var(--wrong); transform: rotate(45deg); border-radius: 0; }

/* Plots */

figcaption { font-weight: 600; margin-bottom: 4px; }
.multiples figcaption { font-size: 0.93rem; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; min-height: 26px; align-items: center; }
.entry { display: inline-flex; align-items: center; gap: 6px; font-size: 0.87rem; min-height: 0; padding: 1px 0; }
button.entry { border: 0; background: none; padding: 2px 4px; }
.entry[aria-pressed="false"] { color: var(--soft); text-decoration: line-through; }
.entry[aria-pressed="false"] .swatch { opacity: 0.3; }
.plot-area { position: relative; min-width: 0; }
.plot-area > svg { display: block; touch-action: pan-y; }
.inner { overflow: hidden; }
.grid line { stroke: var(--grid); stroke-width: 1; shape-rendering: crispEdges; }
.ticks text, .axis-titles text, .marks text { font-size: 12px; fill: var(--soft); }
.axis-titles text { text-anchor: middle; fill: var(--ink); }
.line, .swatch path { fill: none; stroke: var(--color); stroke-width: 2; stroke-linejoin: round; stroke-linecap: butt; }
.band { fill: var(--color); opacity: 0.16; stroke: none; }
.points { fill: var(--color); }
.bars { fill: var(--color); opacity: 0.75; }
.thin .line { stroke-width: 1.2; opacity: 0.55; stroke-dasharray: 2 3; }
.spans rect { fill: var(--span); }
.marks line { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 3 3; }
.marks text { fill: var(--ink); paint-order: stroke; stroke: var(--page); stroke-width: 4px; }
.cross line { stroke: var(--soft); stroke-width: 1; }
.cross circle { fill: var(--color); stroke: var(--panel); stroke-width: 1.5; }
.swatch { flex: none; vertical-align: middle; }
.slot-reference { --color: var(--ink); }
.slot-0 { --color: var(--series-0); }
.slot-1 { --color: var(--series-1); }
.slot-2 { --color: var(--series-2); }
.slot-3 { --color: var(--series-3); }
.slot-4 { --color: var(--series-4); }
.slot-5 { --color: var(--series-5); }
.slot-6 { --color: var(--series-6); }
.slot-7 { --color: var(--series-7); }
.dash-1 .line, .dash-1.swatch path { stroke-dasharray: 8 3; }
.dash-2 .line, .dash-2.swatch path { stroke-dasharray: 2 2.5; }
.dash-3 .line, .dash-3.swatch path { stroke-dasharray: 9 3 2 3; }
.dash-4 .line, .dash-4.swatch path { stroke-dasharray: 5 3; }
.multiples .line { stroke-dasharray: none; }
.tip { position: absolute; pointer-events: none; padding: 6px 10px; background: var(--panel); border: 1px solid var(--line); border-radius: 5px; font-size: 0.83rem; white-space: nowrap; max-width: 80%; overflow: hidden; z-index: 2; }
.tip .swatch { margin-right: 6px; }
.matrix .entries { display: block; width: 100%; aspect-ratio: 1; image-rendering: pixelated; background: var(--zero); border: 1px solid; border-color: var(--positive) var(--zero) var(--negative) var(--zero); border-width: 0; touch-action: pan-y; }
.matrix .bar { display: block; width: 100%; height: 8px; margin-top: 12px; }
.matrix .scale { position: relative; height: 1.6em; font-size: 0.8rem; color: var(--soft); }
.matrix .scale span { position: absolute; transform: translateX(-50%); }
.matrix output { display: block; min-height: 1.5em; }

dialog { color: inherit; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 20px 28px; max-width: calc(100vw - 32px); }
dialog::backdrop { background: #0006; }
dialog dl { display: grid; grid-template-columns: auto 1fr; gap: 8px 20px; margin: 16px 0; }
kbd { padding: 1px 6px; border: 1px solid var(--line); border-radius: 4px; }

@media (max-width: 1040px) {
  .pair { grid-template-columns: minmax(0, 1fr); }
}

@media (max-width: 860px) {
  header { padding: 10px 16px 0; gap: 4px 12px; }
  .brand .hint { display: none; }
  nav { order: 3; width: 100%; justify-content: space-between; }
  nav a { padding: 8px 4px; }
  main { padding: 16px 16px 48px; }
  .with-controls, .with-controls:has(#typed:not([hidden])) { grid-template: "lead" auto "controls" auto "rest" auto / minmax(0, 1fr); }
}

/* The curve stays in sight while the sliders below it move. */
@media (max-width: 860px) and (min-height: 560px) {
  .lead { position: sticky; top: 0; z-index: 1; background: var(--page); padding: 8px 0; }
}

@media (prefers-reduced-motion: no-preference) {
  button, nav a, .skip { transition: border-color 0.15s, color 0.15s, top 0.15s; }
}

"""#,
"training.js": #"""
// Training: the runs of the workspace, live, one or several; and new ones.

import {
  address, announce, commandBox, complain, count, downloadsWith, duration, fillSelect, filledIn, find,
  format, get, h, jobList, keyed, latest, post, shortName,
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
    find('report').href = address('report', { path: paths });
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

  // New ones

  fillSelect(form.elements.equation, workspace.equations
    .filter((one) => !one.problem).map(({ path }) => ({ value: path })), state.sample.equation);
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
      fillSelect(form.elements.data, [{ value: '', text: 'none: drawn' }, ...datasets
        .filter((dataset) => !dataset.problem).map(({ path }) => ({ value: path }))]);
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
    await poll();
  }

  return { show, poll };
}

"""#,
"ui.js": #"""
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
export const shortName = (path) => path
  .replace(/\/model\.safetensors$/, '').replace(/^.*\//, '').replace(/\.(safetensors|yaml)$/, '');

// MARK: The API

/** What the server refuses; in an equation's text it says where. */
export class Refusal extends Error {
  constructor(status, { message, line, column }) {
    super(message);
    Object.assign(this, { status, line, column });
  }
}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Refusal(0, { message: 'The server does not answer; is bvp serve still running?' });
  }
  find('needs-token').hidden = response.status !== 401;
  if (response.ok) return response;
  const fallback = { message: `The server answers ${response.status}.` };
  throw new Refusal(response.status, await response.json().catch(() => fallback));
}

/** An address of the API; a list in the query is given once for each entry. */
export function address(path, query = {}) {
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const entry of [value].flat()) fields.append(name, entry);
  }
  return `/api/${path}${fields.size ? `?${fields}` : ''}`;
}

export const get = async (path, query) => (await ask(address(path, query))).json();

function postRequest(path, body) {
  return ask(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

export const post = async (path, body) => (await postRequest(address(path), body)).json();

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

"""#,
  ]
}
