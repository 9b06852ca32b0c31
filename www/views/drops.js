/** The whole window takes a drop, on every screen until the run starts. */
import { holdsFiles } from "../intake/walk.js";
import { actions } from "./actions.js";

export function watchDrops() {
  let depth = 0;
  const over = (/** @type {boolean} */ inside) => actions.dragging(inside);
  window.addEventListener("dragenter", (event) => {
    if (!holdsFiles(event.dataTransfer)) return;
    event.preventDefault();
    depth += 1;
    if (depth === 1) over(true);
  });
  window.addEventListener("dragover", (event) => {
    if (!holdsFiles(event.dataTransfer)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = actions.takesDrops() ? "copy" : "none";
  });
  window.addEventListener("dragleave", (event) => {
    if (!holdsFiles(event.dataTransfer)) return;
    depth = Math.max(0, depth - 1);
    if (depth === 0) over(false);
  });
  window.addEventListener("drop", (event) => {
    if (!holdsFiles(event.dataTransfer) || !event.dataTransfer) return;
    event.preventDefault();
    depth = 0;
    over(false);
    if (actions.takesDrops()) actions.drop(event.dataTransfer);
  });
}
