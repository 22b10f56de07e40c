/** The Chart by pointer: a planned appointment is dragged to another place in its plan by its grip. Buttons do the same. */
const threshold = 4;

let drag = null;

document.addEventListener('pointerdown', (event) => {
  const grip = event.target instanceof Element && event.target.closest('.planned-table .grip');
  if (!grip || event.button !== 0 || drag) return;
  event.preventDefault();
  const row = grip.closest('tr');
  drag = { row, begunAt: event.clientY, before: rowsAround(row), begun: false };
});

document.addEventListener('pointermove', ({ clientY }) => {
  if (!drag || (!drag.begun && Math.abs(clientY - drag.begunAt) < threshold)) return;
  if (!drag.begun) begin();
  place(clientY);
});

document.addEventListener('pointerup', () => {
  if (!drag) return;
  const { row, before, begun } = drag;
  const changed = begun && rowsAround(row).indexOf(row) !== before.indexOf(row);
  end();
  if (changed) void send(row);
});

document.addEventListener('pointercancel', giveUp);
window.addEventListener('blur', giveUp);
document.addEventListener(
  'keydown',
  (event) => {
    if (event.key !== 'Escape' || !drag?.begun) return;
    event.preventDefault();
    giveUp();
  },
  true,
);

// What changed meanwhile is drawn when the pointer has let go.
for (const name of ['htmx:before:request', 'htmx:before:swap']) {
  document.addEventListener(name, (event) => {
    const target = event.detail?.ctx?.target ?? event.target;
    if (!drag?.begun || target?.id !== 'chart') return;
    event.preventDefault();
    drag.missed = true;
  });
}

function begin() {
  drag.begun = true;
  getSelection()?.removeAllRanges();
  drag.row.classList.add('dragging');
  document.documentElement.classList.add('ordering');
}

/** Puts the row where the pointer is, among the others of its plan. */
function place(y) {
  const { row } = drag;
  const next = rowsAround(row).find((other) => other !== row && y < middleOf(other)) ?? null;
  if (next !== row.nextElementSibling) row.parentElement.insertBefore(row, next);
}

function giveUp() {
  if (!drag) return;
  const { row, before, begun } = drag;
  if (begun) row.parentElement.append(...before);
  end();
}

function end() {
  const { row, missed } = drag;
  row.classList.remove('dragging');
  document.documentElement.classList.remove('ordering');
  drag = null;
  if (missed) refresh();
}

async function send(row) {
  const form = row.querySelector('form.order');
  const { _csrf } = Object.fromEntries(new FormData(form));
  const response = await fetch(form.action, {
    method: 'POST',
    headers: { 'HX-Request': 'true', 'HX-Request-Type': 'partial' },
    body: new URLSearchParams({ _csrf, place: rowsAround(row).indexOf(row) + 1 }),
  }).catch(() => null);
  const elsewhere = response?.headers.get('hx-redirect');
  if (elsewhere) return location.assign(elsewhere);
  if (!response?.ok) {
    const text = document.getElementById('chart').dataset.saidFailed;
    document.dispatchEvent(new CustomEvent('nextvisit:say', { detail: { text, visibly: true } }));
  }
  refresh();
}

/** As if the server had said that something changed: the plans fetch themselves. */
function refresh() {
  document.getElementById('live')?.dispatchEvent(new Event('tasks'));
}

const rowsAround = (row) => [...row.parentElement.children];

function middleOf(row) {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
}
