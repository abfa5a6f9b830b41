// The photo viewer: zoom, turn, brighten, and change the large photo. Without it the links open the
// photos, and the strip loads the page with another one.
"use strict";

const viewers = new WeakMap();

function stateOf(viewer) {
  if (!viewers.has(viewer)) viewers.set(viewer, { zoom: 1, turn: 0, x: 0, y: 0 });
  return viewers.get(viewer);
}

function draw(viewer) {
  const { zoom, turn, x, y } = stateOf(viewer);
  const image = viewer.querySelector("[data-large]");
  const sideways = turn % 180 !== 0;
  const fit = sideways && image.clientHeight ? Math.min(1, image.parentElement.clientWidth / image.clientHeight, image.parentElement.clientHeight / image.clientWidth) : 1;
  image.style.transform = `translate(${x}px, ${y}px) rotate(${turn}deg) scale(${zoom * fit})`;
  image.style.filter = `brightness(${viewer.querySelector("[data-bright]").value}%)`;
  viewer.querySelector("[data-stage]").classList.toggle("zoomed", zoom > 1);
  viewer.querySelector("[data-pan]").hidden = zoom === 1;
}

function reset(viewer) {
  viewers.delete(viewer);
  viewer.querySelector("[data-bright]").value = 100;
  draw(viewer);
}

function zoom(viewer, factor) {
  const state = stateOf(viewer);
  state.zoom = Math.min(Math.max(state.zoom * factor, 1), 8);
  if (state.zoom === 1) state.x = state.y = 0;
  if (state.zoom > 1) sharpen(viewer);
  draw(viewer);
}

function turn(viewer, by) {
  stateOf(viewer).turn += by;
  draw(viewer);
}

// pan moves what is looked at: to the left means that the photo goes right.
const ways = { left: [1, 0], right: [-1, 0], up: [0, 1], down: [0, -1] };

function pan(viewer, way) {
  const state = stateOf(viewer);
  if (state.zoom === 1) return;
  const [x, y] = ways[way];
  state.x += x * 60;
  state.y += y * 60;
  draw(viewer);
}

function full(viewer) {
  if (document.fullscreenElement) document.exitFullscreen();
  else viewer.requestFullscreen?.();
}

// sharpen takes a larger image for what is looked at closely.
function sharpen(viewer) {
  const image = viewer.querySelector("[data-large]");
  const wanted = image.src.replace(/\?w=\d+$/, "?w=1600");
  if (image.src !== wanted) image.src = wanted;
}

function show(viewer, thumb) {
  const image = viewer.querySelector("[data-large]");
  image.src = thumb.dataset.thumb + "?w=1000";
  image.alt = thumb.dataset.name;
  viewer.querySelector("[data-stage]").href = thumb.dataset.thumb;
  viewer.querySelector("[data-caption]").textContent = thumb.dataset.name;
  viewer.querySelector("[data-facts]").textContent = thumb.dataset.about;
  const sum = viewer.querySelector("[data-sha]");
  sum.textContent = thumb.dataset.sum.slice(0, 12);
  sum.title = thumb.dataset.sum;
  viewer.querySelector("[data-download]").href = thumb.dataset.thumb + "?download=yes";
  for (const other of document.querySelectorAll("[data-thumb]")) other.removeAttribute("aria-current");
  thumb.setAttribute("aria-current", "true");
  reset(viewer);
}

function onClick(event) {
  const thumb = event.target.closest("[data-thumb]");
  const viewer = event.target.closest("[data-viewer]") || document.querySelector("[data-viewer]");
  if (!viewer || event.ctrlKey || event.metaKey) return;
  if (thumb) {
    event.preventDefault();
    show(viewer, thumb);
    return;
  }
  const button = event.target.closest("[data-tools] button");
  if (!button) return;
  if (button.dataset.zoom) zoom(viewer, button.dataset.zoom === "in" ? 1.4 : 1 / 1.4);
  if ("rotate" in button.dataset) turn(viewer, 90);
  if (button.dataset.way) pan(viewer, button.dataset.way);
  if ("full" in button.dataset) full(viewer);
  if ("reset" in button.dataset) reset(viewer);
}

// Keys, while a viewer has the focus.
const viewerKeys = {
  "+": (v) => zoom(v, 1.4), "=": (v) => zoom(v, 1.4), "-": (v) => zoom(v, 1 / 1.4), "]": (v) => turn(v, 90), "[": (v) => turn(v, -90),
  "0": reset, f: full, ArrowLeft: (v) => pan(v, "left"), ArrowRight: (v) => pan(v, "right"), ArrowUp: (v) => pan(v, "up"), ArrowDown: (v) => pan(v, "down"),
};

function onViewerKey(event) {
  const viewer = event.target.closest("[data-viewer]");
  if (!viewer || event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(viewerKeys, event.key)) return;
  event.preventDefault();
  viewerKeys[event.key](viewer);
}

// A zoomed photo is dragged about; a drag opens nothing.
let drag = null;

function startDrag(event) {
  const stage = event.target.closest("[data-stage].zoomed");
  if (!stage) return;
  event.preventDefault();
  drag = { viewer: stage.closest("[data-viewer]"), x: event.clientX, y: event.clientY, moved: false };
}

function moveDrag(event) {
  if (!drag) return;
  const state = stateOf(drag.viewer);
  state.x += event.clientX - drag.x;
  state.y += event.clientY - drag.y;
  Object.assign(drag, { x: event.clientX, y: event.clientY, moved: true });
  draw(drag.viewer);
}

function endDrag() {
  if (drag?.moved) addEventListener("click", (event) => event.preventDefault(), { capture: true, once: true });
  drag = null;
}

function showTools() {
  for (const tools of document.querySelectorAll("[data-tools]")) tools.hidden = false;
}

document.addEventListener("click", onClick);
document.addEventListener("keydown", onViewerKey);
document.addEventListener("pointerdown", startDrag);
document.addEventListener("pointermove", moveDrag);
document.addEventListener("pointerup", endDrag);
document.addEventListener("input", (event) => {
  const viewer = event.target.matches("[data-bright]") && event.target.closest("[data-viewer]");
  if (viewer) draw(viewer);
});
document.addEventListener("htmx:afterSettle", showTools);
showTools();
