// The session was locked, by hand or because nobody came for a while: so is every open screen of it. The screen where it
// was locked, or where somebody signs out, is on its way already.
let leaving = false;

addEventListener('beforeunload', () => {
  leaving = true;
  // A download only looks like leaving.
  setTimeout(() => {
    leaving = false;
  }, 5000);
});
document.addEventListener('locked', () => {
  if (!leaving) location.assign(`/sign-in?to=${encodeURIComponent(location.pathname + location.search)}`);
});
