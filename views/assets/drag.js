/**
 * The book by mouse, for the desk: an appointment is dragged to another time or column, its lower edge makes it longer, a
 * departure task is dragged into a column, and a click on an empty time begins a new appointment. Forms do the same.
 */
const raster = 5;
const clickRaster = 15;
const threshold = 5;
const edge = 48;

let drag = null;

document.addEventListener('pointerdown', (event) => {
  if (event.pointerType !== 'mouse' || event.button !== 0 || drag || !(event.target instanceof Element)) return;
  if (!document.querySelector('#book [data-desk]')) return;
  const source = sourceOf(event.target);
  if (!source) return;
  const { top } = source.element.getBoundingClientRect();
  drag = {
    ...source,
    minutes: Number(source.element.dataset.minutes),
    below: source.kind === 'move' ? event.clientY - top : 0,
    begunAt: { x: event.clientX, y: event.clientY },
    x: event.clientX,
    y: event.clientY,
  };
});

document.addEventListener('pointermove', (event) => {
  if (!drag) return;
  drag.x = event.clientX;
  drag.y = event.clientY;
  if (!drag.ghost && Math.hypot(drag.x - drag.begunAt.x, drag.y - drag.begunAt.y) < threshold) return;
  if (!drag.ghost) begin();
  draw();
});

document.addEventListener('pointerup', () => {
  if (!drag) return;
  const { ghost, place } = drag;
  if (!ghost) {
    drag = null;
    return;
  }
  swallowClick();
  if (place && isChanged(drag)) void send(drag);
  else ghost.remove();
  end();
});

document.addEventListener('pointercancel', giveUp);
window.addEventListener('blur', giveUp);
document.addEventListener(
  'keydown',
  (event) => {
    if (event.key !== 'Escape') return;
    if (drag?.ghost) {
      event.preventDefault();
      swallowClick();
      giveUp();
    } else if (!document.querySelector('dialog[open]')) closeDetails({ focus: true });
  },
  true,
);
document.addEventListener('dragstart', (event) => drag && event.preventDefault());

// What draws itself again waits until the mouse lets go.
document.addEventListener('htmx:before:request', (event) => {
  if (drag?.ghost && ['book', 'departure-tasks'].includes(event.target.id)) event.preventDefault();
});

document.addEventListener('click', (event) => {
  if (!(event.target instanceof Element) || event.target.closest('.entry, dialog')) return;
  if (closeDetails({ focus: false })) return;
  const slots = event.target.closest('[data-desk] .slots');
  if (!slots) return;
  const column = slots.parentElement;
  const minute = minuteAt(column, event.clientY);
  const { day, location } = gridOf(column).dataset;
  const query = new URLSearchParams({
    day,
    start: clock(Math.floor(minute / clickRaster) * clickRaster),
    [column.dataset.by]: column.dataset.column,
    ...(location ? { location } : {}),
  });
  window.htmx.ajax('GET', `/book/appointments/new?${query}`, { target: '#window', swap: 'innerHTML' });
});

function sourceOf(target) {
  if (target.closest('.grip')) return { kind: 'task', element: target.closest('[data-task]') };
  const element = target.closest('[data-move]');
  if (!element) return null;
  if (target.closest('.lengthen')) return { kind: 'lengthen', element };
  return target.closest('.entry-card, .online-mark, a, button, input') ? null : { kind: 'move', element };
}

function begin() {
  getSelection()?.removeAllRanges();
  closeDetails({ focus: false });
  drag.ghost = document.createElement('li');
  drag.ghost.setAttribute('aria-hidden', 'true');
  document.documentElement.classList.add('dragging-in-book');
  drag.scrolling = setInterval(scrollAtEdges, 30);
}

function draw() {
  drag.place = drag.kind === 'lengthen' ? lengthened(drag) : dropped(drag);
  drag.element.classList.add('dragging');
  const { ghost, place } = drag;
  if (!place) return ghost.remove();
  const grid = gridOf(place.column);
  const first = (place.minute - Number(grid.dataset.from)) / raster;
  ghost.className = `entry ghost at-${Math.floor(first)} len-${Math.max(1, Math.ceil(place.minutes / raster))}`;
  ghost.textContent = `${clock(place.minute)}–${clock(place.minute + place.minutes)}`;
  const slots = place.column.querySelector('.slots');
  if (ghost.parentElement !== slots) slots.append(ghost);
}

/** The column under the mouse and the time that the dragged one's upper edge points at. */
function dropped({ x, y, below, minutes }) {
  const column = document.elementFromPoint(x, y)?.closest('.column');
  if (!column) return null;
  const { from, until } = gridOf(column).dataset;
  const minute = Math.round(minuteAt(column, y - below) / raster) * raster;
  return { column, minutes, minute: Math.max(Number(from), Math.min(minute, Number(until) - minutes)) };
}

function lengthened({ element, y }) {
  const column = element.closest('.column');
  const minute = Number(element.dataset.from);
  const until = Math.min(Math.round(minuteAt(column, y) / raster) * raster, Number(gridOf(column).dataset.until));
  return { column, minute, minutes: Math.max(raster, until - minute) };
}

function isChanged({ kind, element, place }) {
  if (kind === 'task') return true;
  const { from, minutes } = element.dataset;
  return (
    place.minute !== Number(from) || place.minutes !== Number(minutes) || place.column !== element.closest('.column')
  );
}

async function send({ kind, element, place, ghost }) {
  const grid = gridOf(place.column);
  const url =
    kind === 'task'
      ? `/departure-tasks/${element.dataset.task}/appointment`
      : `/book/appointments/${element.dataset.move}/move`;
  const at = { day: grid.dataset.day, minute: place.minute };
  const sameColumn = kind === 'move' && place.column === element.closest('.column');
  const column = sameColumn ? {} : { [place.column.dataset.by]: place.column.dataset.column };
  const fields = kind === 'lengthen' ? { minutes: place.minutes } : { ...at, ...column };
  const _csrf = document.querySelector('input[name="_csrf"]').value;
  ghost.classList.add('saving');
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'HX-Request': 'true', 'HX-Request-Type': 'partial' },
    body: new URLSearchParams({ _csrf, ...fields }),
  }).catch(() => null);
  const elsewhere = response?.headers.get('hx-redirect');
  if (elsewhere) return location.assign(elsewhere);
  if (response?.ok) say(grid.dataset.saidDone.replace('{time}', clock(place.minute)), false);
  else say(await problemIn(response, grid.dataset.saidFailed), true);
  document.getElementById('book')?.addEventListener('htmx:after:swap', () => ghost.remove(), { once: true });
  setTimeout(() => ghost.remove(), response?.ok ? 1500 : 0);
  refresh();
}

async function problemIn(response, otherwise) {
  if (!response) return otherwise;
  const answer = new DOMParser().parseFromString(await response.text(), 'text/html');
  return answer.querySelector('.problem p')?.textContent ?? otherwise;
}

function say(text, visibly) {
  document.dispatchEvent(new CustomEvent('nextvisit:say', { detail: { text, visibly } }));
}

function giveUp() {
  drag?.ghost?.remove();
  end();
}

function end() {
  if (!drag) return;
  clearInterval(drag.scrolling);
  drag.element.classList.remove('dragging');
  document.documentElement.classList.remove('dragging-in-book');
  const begun = Boolean(drag.ghost);
  drag = null;
  if (begun) refresh();
}

/** As if the server had said that something changed: the grid and the list fetch themselves. */
function refresh() {
  for (const topic of ['book', 'tasks']) document.getElementById('live')?.dispatchEvent(new Event(topic));
}

function scrollAtEdges() {
  const book = document.getElementById('book');
  const { top, bottom, left, right } = book.getBoundingClientRect();
  if (drag.x < left || drag.x > right) return;
  const before = book.scrollTop;
  if (drag.y < top + edge) book.scrollTop -= 8;
  else if (drag.y > bottom - edge) book.scrollTop += 8;
  if (book.scrollTop !== before) draw();
}

/** A drag ends with a click on whatever lies there. */
function swallowClick() {
  const swallow = (event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  document.addEventListener('click', swallow, { capture: true, once: true });
  setTimeout(() => document.removeEventListener('click', swallow, { capture: true }), 50);
}

function closeDetails({ focus }) {
  const open = document.querySelector('#book details[open]');
  if (!open) return false;
  open.open = false;
  if (focus) open.querySelector('summary').focus();
  return true;
}

const gridOf = (column) => column.closest('.grid');

/** In minutes after local midnight, with its fraction. */
function minuteAt(column, y) {
  const slots = column.querySelector('.slots');
  const { from, until } = gridOf(column).dataset;
  const { top, height } = slots.getBoundingClientRect();
  return Number(from) + ((y - top) / height) * (Number(until) - Number(from));
}

const clock = (minute) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
