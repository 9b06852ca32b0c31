/** What waits for a person, in groups that are decided together. */

import { staysFor } from "./decisions.js";
import { plannedOf } from "./entry.js";
import { boxesOf } from "./settled.js";

/**
 * @typedef {{group: string, reason: string, items: number[], device: string, size: string,
 *   stays: string | null, boxes: import("../workers/types.js").Mask[]}} HeldGroup  `stays`: why it stays here though a person
 *   has looked at the picture, null where looking settles it; `boxes`: what rules make black in the first of them
 */

/**
 * @param {import("./entry.js").Entry[]} entries
 * @returns {HeldGroup[]}
 */
export function groupHeld(entries) {
  /** @type {Map<string, HeldGroup>} */
  const groups = new Map();
  for (const entry of entries) {
    const { verdict, reason } = plannedOf(entry);
    if (verdict !== "review" || entry.n === null) continue;
    const device = entry.row?.screen.device ?? "";
    const size = entry.row?.columns && entry.row.rows ? `${entry.row.columns}×${entry.row.rows}` : "";
    const stays = staysFor(entry);
    const key = JSON.stringify([reason, device, size, stays]);
    const group = groups.get(key) ?? {
      group: `g${groups.size + 1}`,
      reason,
      items: [],
      device,
      size,
      stays,
      boxes: boxesOf(entry.row),
    };
    group.items.push(entry.n);
    groups.set(key, group);
  }
  return [...groups.values()];
}
