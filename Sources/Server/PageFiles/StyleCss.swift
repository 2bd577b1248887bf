// Written by scripts/embed-page.
// swift-format-ignore-file

extension Page {
  /// `Sources/Server/Page/style.css`.
  static let styleCss = #"""
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

input, select, button, textarea {
  font: inherit; color: inherit; background: var(--panel);
  border: 1px solid var(--edge); border-radius: 5px; padding: 5px 9px; min-width: 0;
}
select, input:not([type]), input[type="number"] { width: 100%; min-height: 34px; }
input[type="number"] { appearance: textfield; }
input::-webkit-inner-spin-button { appearance: none; margin: 0; }
input[type="checkbox"] { margin: 0; accent-color: var(--accent); width: 16px; height: 16px; flex: none; }
input:user-invalid { border-color: var(--wrong); }
button { cursor: pointer; min-height: 34px; text-decoration: none; color: var(--ink); }
button:hover { border-color: var(--ink); }
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
.unlisted { color: var(--soft); font-size: 0.93rem; }
.unlisted ul { padding: 6px 0 0 20px; overflow-wrap: anywhere; }
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

"""#
}
