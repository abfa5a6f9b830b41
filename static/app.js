// What makes the pages quicker to use. Everything works without it.
"use strict";

const store = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, value); } catch { /* the choice lasts for this page */ } },
};

// Theme: the system's, until somebody chooses.
function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function toggleTheme() {
  const theme = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  store.set("theme", theme);
}

// Dialogs. A form with data-confirm is sent only after a yes.
const confirmDialog = document.getElementById("confirm");
const helpDialog = document.getElementById("help");
let waiting = null; // the form that was sent, and the button that sent it
let agreed = null;

function askFirst(event) {
  const question = event.target.dataset.confirm;
  if (!question || !confirmDialog || event.target === agreed) return;
  event.preventDefault();
  event.stopPropagation();
  waiting = { form: event.target, button: event.submitter };
  document.getElementById("confirm-text").textContent = question;
  confirmDialog.returnValue = "no";
  confirmDialog.showModal();
}

confirmDialog?.addEventListener("close", () => {
  if (confirmDialog.open) return; // the close of a question before, told after the next one was asked
  const asked = waiting;
  waiting = null;
  if (confirmDialog.returnValue !== "yes" || !asked) return;
  agreed = asked.form;
  asked.form.requestSubmit(asked.button); // with what the button says
  agreed = null;
});

// Panels that hang under a button close when something else is clicked or gets the focus, which they
// might cover.
function closePanels(except) {
  for (const pop of document.querySelectorAll("details.pop[open]")) {
    if (!pop.contains(except)) pop.open = false;
  }
}

// A link with data-open names a dialog that is on the page already: it opens over it. One that came open
// with the page, because its form has problems, is laid over the page as well.
function openDialog(dialog) {
  if (dialog.open) dialog.close();
  dialog.showModal();
  dialog.querySelector("[aria-invalid=true], textarea, input:not([type=hidden])")?.focus();
}

function onDialogLink(event) {
  const link = event.target.closest("[data-open]");
  const dialog = link && document.getElementById(link.dataset.open);
  if (dialog && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    openDialog(dialog);
  }
  const close = event.target.closest("[data-close]");
  if (close) {
    event.preventDefault();
    close.closest("dialog").close();
  }
}

// Lists: j and k walk the rows.
function rows() { return [...document.querySelectorAll("[data-row] .row-link")]; }

function walk(step) {
  const links = rows();
  if (!links.length) return false;
  const at = links.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1);
  links[next].focus();
  return true;
}

// Picking rows: how many, and all at once.
function picks() { return [...document.querySelectorAll("input[name=pick]")]; }

function countPicks() {
  const button = document.querySelector("[data-bulk]");
  if (!button) return;
  const n = picks().filter((box) => box.checked).length;
  const count = button.querySelector("[data-picked]");
  count.textContent = n;
  count.hidden = n === 0;
  button.disabled = n === 0;
  const all = document.querySelector("[data-pick-all]");
  all.hidden = false;
  all.checked = n > 0 && n === picks().length;
}

// Keys. They are single characters, so they can be switched off (WCAG 2.1.4).
function keysOn() { return store.get("keys") !== "off"; }

function press(key) {
  const thing = document.querySelector(`[data-key="${key}"]`);
  thing?.click();
  return Boolean(thing);
}

function focusOn(selector) {
  const field = document.querySelector(selector);
  field?.focus();
  return Boolean(field);
}

// From the search box the arrow down leads to what was found.
function leaveSearch(event) {
  if (event.key === "ArrowDown" && event.target.matches("input[type=search]") && walk(1)) event.preventDefault();
}

const keys = {
  "/": () => focusOn("#q"),
  j: () => walk(1) || press("j"),
  k: () => walk(-1) || press("k"),
  v: () => press("v"),
  r: () => press("r"),
  c: () => press("c"),
  x: () => press("x"),
  n: () => focusOn("#note"),
  "?": () => { helpDialog?.showModal(); return true; },
};

// In a decision, Ctrl+Enter sends it, from the note as well.
function sendFromDialog(event) {
  const form = event.target.closest("dialog.decision form");
  if (!form || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button:last-of-type"));
}

function onKey(event) {
  if (event.key === "Escape") closePanels(null);
  sendFromDialog(event);
  leaveSearch(event);
  const typing = event.target.closest("input, textarea, select, dialog, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !keysOn()) return;
  if (Object.hasOwn(keys, event.key) && keys[event.key]()) event.preventDefault();
}

document.addEventListener("submit", askFirst, true);
document.addEventListener("keydown", onKey);
document.addEventListener("click", (event) => {
  closePanels(event.target);
  onDialogLink(event);
  if (event.target.closest("[data-print]")) print();
  if (event.target.closest("[data-theme-toggle]")) toggleTheme();
  if (event.target.closest("[data-help]")) helpDialog.showModal();
});
document.addEventListener("focusin", (event) => closePanels(event.target));
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-pick-all]")) for (const box of picks()) box.checked = event.target.checked;
  if (event.target.matches("[data-pick-all], input[name=pick]")) countPicks();
  if (event.target.matches("[data-keys-toggle]")) store.set("keys", event.target.checked ? "on" : "off");
});

// What a new piece of page needs, first and after every swap.
function settle() {
  countPicks();
  for (const dialog of document.querySelectorAll("dialog.decision[open]:not(:modal)")) openDialog(dialog);
  for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
}

// A piece of page under way, such as a run: the server sends it anew whenever it has changed.
function follow(place) {
  const events = new EventSource(place.dataset.follow);
  events.addEventListener("error", () => { if (events.readyState === EventSource.CLOSED) poll(place); }); // refused: too many are open
  events.addEventListener("piece", (event) => { place.innerHTML = event.data; });
  events.addEventListener("over", () => { events.close(); location.reload(); }); // what can be done with it has changed too
  addEventListener("pagehide", () => events.close());
}

// The same without a stream of events: the page is asked for every few seconds.
function poll(place) {
  setTimeout(async () => {
    const page = await fetch(location.href).then((answer) => answer.ok ? answer.text() : "", () => "");
    if (!page) return poll(place); // the server is away for a moment
    const now = new DOMParser().parseFromString(page, "text/html").querySelector("[data-follow]");
    if (!now) return location.reload();
    place.innerHTML = now.innerHTML;
    poll(place);
  }, 3000);
}

document.querySelectorAll("[data-follow]").forEach(follow);

for (const button of document.querySelectorAll("[data-theme-toggle], [data-help]")) button.hidden = false;
for (const box of document.querySelectorAll("[data-keys-toggle]")) box.checked = keysOn();
document.addEventListener("htmx:afterSettle", () => {
  settle();
  if (document.activeElement === document.body) document.getElementById("main").focus({ preventScroll: true }); // what had the focus is gone
});
settle();
