// The session was locked, by hand or because nobody came for a while: so is every open screen of it.
document.addEventListener('locked', () => {
  location.assign(`/sign-in?to=${encodeURIComponent(location.pathname + location.search)}`);
});
