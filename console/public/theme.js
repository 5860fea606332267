// Runs before the first paint, so that nothing flashes. The same choice is kept up to date by src/theme/theme.ts.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('console-theme');
  } catch {
    // Storage may be forbidden.
  }
  const dark =
    chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
