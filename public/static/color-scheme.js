// Sets the theme before the first paint; the policy of the page allows no inline script.
(function () {
  var choice = 'auto';
  try {
    choice = localStorage.getItem('mantine-color-scheme-value') || 'auto';
  } catch {
    // A browser without storage gets what the system says.
  }
  var dark = matchMedia('(prefers-color-scheme: dark)').matches;
  var scheme = choice === 'auto' ? (dark ? 'dark' : 'light') : choice;
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme);
})();
