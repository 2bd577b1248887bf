// Written by scripts/embed-page.
// swift-format-ignore-file

extension Page {
  /// `Sources/Server/Page/app.js`.
  static let appJs = #"""
// The frame of the page: views, keys, theme, and the one loop that polls.

import { complain, find, get, isTyping, keepToken, takeToken } from './ui.js';
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

// MARK: The token

function startToken() {
  takeToken();
  // An address that is opened where the page is open already changes its fragment alone.
  addEventListener('popstate', (event) => {
    if (!takeToken()) return;
    event.stopImmediatePropagation();
    location.reload();
  });
  find('needs-token').addEventListener('submit', (event) => {
    event.preventDefault();
    if (keepToken(find('token-value').value.trim())) location.reload();
    else find('token-value').setAttribute('aria-invalid', 'true');
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
  startToken();
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

"""#
}
