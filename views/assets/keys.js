/** Single keys for the frequent things, where nobody is typing. The sheet that `?` opens also switches them off. */
const sheet = document.getElementById('keys');
const box = document.getElementById('single-keys');
const stored = 'nextvisit.single-keys';

box.checked = localStorage.getItem(stored) !== 'off';
box.addEventListener('change', () => localStorage.setItem(stored, box.checked ? 'on' : 'off'));

document.addEventListener('click', (event) => {
  if (!(event.target instanceof Element) || !event.target.closest('[data-opens-keys]')) return;
  document.querySelector('details.user').open = false;
  sheet.showModal();
});

document.addEventListener('keydown', (event) => {
  if (!box.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.querySelector('dialog[open]') || isTyping(event.target)) return;
  const act = actionOf(event);
  if (!act) return;
  event.preventDefault();
  act();
});

const isTyping = (target) =>
  target instanceof Element &&
  target.closest('input:not([type="checkbox"], [type="radio"]), textarea, select') !== null;

/** What a key does where the focus is; nothing for keys that mean nothing here. */
function actionOf({ key, target }) {
  if (key === '?') return () => sheet.showModal();
  if (key === 'd') return toTasks();
  if (key === 'j' || key === 'k') return toRow(target.closest('.rows > .row'), key === 'j' ? 1 : -1);
  // Arrows scroll whatever has the focus; on the page itself they turn its days.
  if (key.startsWith('Arrow') && target !== document.body) return null;
  const inRow = target.closest('.row')?.querySelector(`[data-row-key="${CSS.escape(key)}"]`);
  const element = inRow ?? document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!element) return null;
  return () => (element instanceof HTMLInputElement ? element.focus() : element.click());
}

function toTasks() {
  const list = document.getElementById('departure-tasks');
  if (!list) return () => document.querySelector('.tabs a[href="/departure-tasks"]')?.click();
  return () => list.querySelector('.row a')?.focus();
}

function toRow(row, step) {
  const rows = [...document.querySelectorAll('.rows > .row')].filter((one) => one.offsetParent !== null);
  const next = row ? rows[rows.indexOf(row) + step] : rows[0];
  return next && (() => next.querySelector('a, button, summary')?.focus());
}
