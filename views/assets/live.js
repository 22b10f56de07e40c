// What an open screen does about its stream of changes, and about a session that is over.
const stream = document.getElementById('live');
let leaving = false;

addEventListener('beforeunload', () => {
  leaving = true;
  // A download only looks like leaving.
  setTimeout(() => {
    leaving = false;
  }, 5000);
});

// The session was locked, by hand or because nobody came for a while: so is every open screen of it, also one whose stream
// was cut meanwhile and which hears of it by being refused. The screen where it was locked, or where somebody signs out, is
// on its way already.
document.addEventListener('locked', lock);
document.addEventListener('htmx:sse:error', ({ detail: { status } }) => status === 401 && lock());
document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => {
  if (ctx.response?.status === 401) lock();
  // Once begun it comes back by itself.
  else if (ctx.sourceElement === stream && !ctx.response?.raw.ok) {
    setTimeout(() => stream.dispatchEvent(new Event('begin')), 1000 + 2000 * Math.random());
  }
});

function lock() {
  if (!leaving) location.assign(`/sign-in?to=${encodeURIComponent(location.pathname + location.search)}`);
}
