/** The book's day: opens where the day is, remembers how tall an hour shall be, and lets the now-line go with the time. */
const book = document.getElementById('book');
const rasterMinutes = 5;
const zoomKey = 'nextvisit.zoom';

const remembered = document.querySelector(`[name="zoom"][value="${CSS.escape(localStorage.getItem(zoomKey) ?? '')}"]`);
if (remembered) remembered.checked = true;
for (const zoom of document.querySelectorAll('[name="zoom"]')) {
  zoom.addEventListener('change', () => {
    // The time in the middle of the window stays there.
    const middle = (book.scrollTop + book.clientHeight / 2) / book.scrollHeight;
    localStorage.setItem(zoomKey, zoom.value);
    requestAnimationFrame(() => book.scrollTo({ top: middle * book.scrollHeight - book.clientHeight / 2 }));
  });
}

const shown = document.querySelector('.slots [data-now]');
if (book && shown && !location.hash) {
  book.scrollTop = shown.offsetTop - book.clientHeight / 3;
}

// The server says which minute it was in the practice's zone; from there on this clock counts.
const loadedAt = Date.now();
const loadedMinute = Number(shown?.dataset.now);

setInterval(() => {
  const minute = loadedMinute + Math.floor((Date.now() - loadedAt) / 60_000);
  for (const line of document.querySelectorAll('[data-now]')) {
    const { from, until } = line.closest('.grid').dataset;
    line.hidden = minute >= Number(until);
    const row = Math.floor((minute - Number(from)) / rasterMinutes);
    const past = (minute - Number(from)) % rasterMinutes;
    line.className = line.className.replace(/at-\d+/, `at-${row}`).replace(/past-\d+/, `past-${past}`);
    if (line.matches('.now-time')) line.textContent = clock(minute);
  }
}, 15_000);

const clock = (minute) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
