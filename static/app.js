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
let waiting = null;

function askFirst(event) {
  const question = event.target.dataset.confirm;
  if (!question || !confirmDialog) return;
  event.preventDefault();
  event.stopPropagation();
  waiting = event.target;
  document.getElementById("confirm-text").textContent = question;
  confirmDialog.returnValue = "no";
  confirmDialog.showModal();
}

confirmDialog?.addEventListener("close", () => {
  const form = waiting;
  waiting = null;
  if (confirmDialog.returnValue === "yes" && form) form.submit();
});

// Panels that hang under a button close when something else is clicked.
function closePanels(except) {
  for (const pop of document.querySelectorAll("details.pop[open]")) {
    if (!pop.contains(except)) pop.open = false;
  }
}

// Lists: j and k walk the rows. The ids in view are remembered for "next" and "previous" on a session;
// they stay in this tab, and are no names.
function rows() { return [...document.querySelectorAll("[data-row] .row-link")]; }

function walk(step) {
  const links = rows();
  if (!links.length) return false;
  const at = links.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1);
  links[next].focus();
  return true;
}

function rememberList() {
  if (!document.querySelector("table.sessions")) return;
  try { sessionStorage.setItem("list", JSON.stringify(rows().map((a) => a.pathname))); } catch { /* no neighbours then */ }
}

function neighbour(step) {
  let list = [];
  try { list = JSON.parse(sessionStorage.getItem("list")) || []; } catch { /* no neighbours then */ }
  const here = list.findIndex((path) => location.pathname === path || location.pathname.startsWith(path + "/"));
  return here < 0 ? null : list[here + step] || null;
}

function showNeighbours() {
  const place = document.querySelector("[data-siblings]");
  if (!place) return;
  place.replaceChildren();
  for (const [step, label] of [[-1, "Previous"], [1, "Next"]]) {
    const path = neighbour(step);
    if (!path) continue;
    const link = document.createElement("a");
    link.className = "button ghost";
    link.href = path;
    link.textContent = label;
    place.append(link);
  }
}

// Keys. They are single characters, so they can be switched off (WCAG 2.1.4).
function keysOn() { return store.get("keys") !== "off"; }

function openPanel(key) {
  const summary = document.querySelector(`[data-key="${key}"]`);
  if (!summary) return false;
  summary.parentElement.open = true;
  summary.parentElement.querySelector("textarea, input:not([type=hidden])")?.focus();
  return true;
}

function focusOn(selector) {
  const field = document.querySelector(selector);
  field?.focus();
  return Boolean(field);
}

function step(by) {
  if (walk(by)) return true;
  const path = neighbour(by);
  if (path && document.querySelector("[data-siblings]")) location.assign(path);
  return Boolean(path);
}

const keys = {
  "/": () => focusOn("#q"),
  j: () => step(1),
  k: () => step(-1),
  v: () => openPanel("v"),
  r: () => openPanel("r"),
  n: () => focusOn("#note"),
  "?": () => { helpDialog?.showModal(); return true; },
};

function onKey(event) {
  if (event.key === "Escape") closePanels(null);
  const typing = event.target.closest("input, textarea, select, dialog, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !keysOn()) return;
  if (Object.hasOwn(keys, event.key) && keys[event.key]()) event.preventDefault();
}

document.addEventListener("submit", askFirst, true);
document.addEventListener("keydown", onKey);
document.addEventListener("click", (event) => {
  closePanels(event.target);
  if (event.target.closest("[data-theme-toggle]")) toggleTheme();
  if (event.target.closest("[data-help]")) helpDialog.showModal();
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-keys-toggle]")) store.set("keys", event.target.checked ? "on" : "off");
});

// What a new piece of page needs, first and after every swap.
function settle() {
  rememberList();
  showNeighbours();
}

for (const button of document.querySelectorAll("[data-theme-toggle], [data-help]")) button.hidden = false;
for (const box of document.querySelectorAll("[data-keys-toggle]")) box.checked = keysOn();
document.addEventListener("htmx:afterSettle", settle);
settle();
