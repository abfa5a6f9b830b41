// Sets the chosen theme before the first paint. It runs in the head, so it stays this small.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* storage is switched off: the system's choice stands */ }
