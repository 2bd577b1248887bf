// Written by scripts/embed-page.
// swift-format-ignore-file

extension Page {
  /// `Sources/Server/Page/charts.js`.
  static let chartsJs = #"""
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

"""#
}
