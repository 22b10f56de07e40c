/** Niceties over pages that work without them: windows, the now-line, the countdown of a hold. */
const root = document.documentElement;
root.classList.add('scripted');
// Where a window was opened as a page of its own, its place is no dialog.
const windowPlace = document.getElementById('window');
const windowDialog = windowPlace instanceof HTMLDialogElement ? windowPlace : null;
// Where not all tabs fit, the one that is open does.
document.querySelector('.tabs a[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });

// A window's content was put into its place: show it, and put the focus where typing begins, unless it is inside already.
document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  if (!windowPlace || ctx.target !== windowPlace || windowPlace.childElementCount === 0) return;
  if (!windowDialog) windowPlace.scrollIntoView({ block: 'nearest' });
  else if (!windowDialog.open) windowDialog.showModal();
  if (windowPlace.querySelector(':focus:not([data-close])')) return;
  (windowPlace.querySelector('[aria-invalid="true"]') ?? windowPlace.querySelector('[autofocus]'))?.focus();
});
windowDialog?.addEventListener('close', () => windowDialog.replaceChildren());
document.addEventListener('click', (event) => {
  const closer = event.target instanceof Element && event.target.closest('[data-close="window"]');
  if (closer && windowDialog?.open) {
    event.preventDefault();
    windowDialog.close();
  }
  if (event.target === windowDialog) windowDialog.close();
  if (event.target instanceof Element && event.target.closest('[data-print]')) print();
});

// Sent on to where it is already, the browser would only look for the mark in the page; it shall load it anew.
document.addEventListener('htmx:after:request', ({ detail: { ctx } }) => {
  const to = ctx.hx?.redirect ? new URL(ctx.hx.redirect, location.href) : null;
  if (!to?.hash || to.pathname !== location.pathname || to.search !== location.search) return;
  history.replaceState(history.state, '', to);
  ctx.hx.refresh = 'true';
});

// An answer that did not come is said; what fetches itself tries again by itself.
document.addEventListener('htmx:error', ({ detail: { ctx } }) => {
  const announcements = document.getElementById('announcements');
  if (!ctx || !announcements || ctx.request.headers['x-unattended']) return;
  announcements.textContent = announcements.dataset.saidLost;
  document.querySelector('.toast')?.remove();
  const toast = document.createElement('p');
  toast.className = 'toast';
  toast.setAttribute('aria-hidden', 'true');
  toast.textContent = announcements.dataset.saidLost;
  (document.querySelector('dialog[open]') ?? document.body).append(toast);
  setTimeout(() => toast.remove(), 6000);
});

// A row that can be opened answers to a double click as to its link.
document.addEventListener('dblclick', (event) => {
  const row = event.target instanceof Element && event.target.closest('[data-opens]');
  if (row && !event.target.closest('a, button, input, select')) document.getElementById(row.dataset.opens)?.click();
});

// A choice that needs no button to be sent.
document.addEventListener('change', ({ target }) => {
  if (target instanceof HTMLElement && target.dataset.submits !== undefined && target.value)
    target.form.requestSubmit();
});

// A field's name goes where the text is being written: where the caret was, or to the end.
const written = new WeakSet();
document.addEventListener('focusin', ({ target }) => written.add(target));
document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element && target.closest('[data-inserts]');
  if (!button) return;
  const text = document.getElementById(button.dataset.into);
  if (!written.has(text)) text.setSelectionRange(text.value.length, text.value.length);
  text.setRangeText(button.dataset.inserts, text.selectionStart, text.selectionEnd, 'end');
  text.focus();
  text.dispatchEvent(new Event('input', { bubbles: true }));
});

// How long a time is still kept; afterwards it may still be free.
const kept = document.querySelector('[data-held-until]');
if (kept) {
  const text = kept.textContent;
  const until = Date.parse(kept.dataset.heldUntil);
  const tick = () => {
    const seconds = Math.round((until - Date.now()) / 1000);
    const left = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    kept.textContent = seconds > 0 ? `${text} (${left})` : kept.dataset.over;
    if (seconds <= 0) clearInterval(ticking);
  };
  const ticking = setInterval(tick, 1000);
  tick();
}

// What a script has to say: for screen readers, and for eyes where something went wrong.
document.addEventListener('nextvisit:say', ({ detail: { text, visibly } }) => {
  document.getElementById('announcements').textContent = text;
  document.querySelector('.toast')?.remove();
  if (!visibly) return;
  const toast = document.createElement('p');
  toast.className = 'toast';
  toast.setAttribute('aria-hidden', 'true');
  toast.textContent = text;
  document.body.append(toast);
  setTimeout(() => toast.remove(), 6000);
});
