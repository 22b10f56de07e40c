/** Lists that change by themselves: the row under the pointer or the focus stays where it is; who works on a task is said. */

let held = null;

const rowInHand = () =>
  document.querySelector('.rows > .row:focus-within') ?? document.querySelector('.rows > .row:hover');

document.addEventListener('htmx:before:swap', () => {
  const row = rowInHand();
  held = row?.id ? { id: row.id, top: row.getBoundingClientRect().top } : null;
});

document.addEventListener('htmx:after:swap', () => {
  const row = held && document.getElementById(held.id);
  if (!row) return;
  const moved = row.getBoundingClientRect().top - held.top;
  if (moved !== 0) (row.closest('.docked') ?? document.scrollingElement).scrollBy(0, moved);
});

// The tabs count what stands on the lists below them.
document.addEventListener('htmx:after:swap', () => {
  for (const counted of document.querySelectorAll('[data-counted]')) {
    const count = document.querySelector(`[data-count="${counted.dataset.counted}"]`);
    if (!count) continue;
    count.textContent = counted.querySelector('.count').textContent;
    count.hidden = count.textContent === '0';
  }
});

// A window opened from a task: colleagues see who is on it until it closes.
const dialog = document.getElementById('window');
let taken = null;

async function say(url) {
  const token = document.querySelector('input[name="_csrf"]')?.value;
  await fetch(url, {
    method: 'POST',
    headers: { 'x-csrf-token': token, 'hx-request-type': 'partial' },
    body: new URLSearchParams(),
  }).catch(() => {});
}

document.addEventListener('click', (event) => {
  const opener = event.target instanceof Element && event.target.closest('.task a[hx-target="#window"]');
  if (!opener) return;
  taken = `/departure-tasks/${opener.closest('.task').id.replace('task-', '')}`;
  void say(`${taken}/taking`);
});
dialog?.addEventListener('close', () => {
  if (taken) void say(`${taken}/letting-go`);
  taken = null;
});
