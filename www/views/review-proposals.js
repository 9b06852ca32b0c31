/** Rectangles that no hand draws one by one: around an image, and those of a device. */
import { united } from "./review-masks.js";

/** @typedef {import("./review-desk.js").Desk} Desk */

/** Everything outside the image, beside what is drawn already. @param {Desk} desk */
export async function maskOutside(desk) {
  const { item, work } = desk;
  if (!item || work.decision(item.n)) return;
  const areas = await work.outside(item);
  if (item !== desk.item || work.decision(item.n)) return;
  if (areas.length > 0) desk.draw(united(work.masks(item.n), areas), false);
  else desk.say("review.said.no-outside");
}

/** The image's rectangles for every image of its device and size, or no longer. @param {Desk} desk */
export async function remember(desk) {
  const { item, work } = desk;
  if (!item) return;
  const forgets = work.isRemembered(item.n);
  const done = await (forgets ? work.forget(item) : work.remember(item));
  desk.say(`review.said.${done ? (forgets ? "forgotten" : "remembered") : "no-device"}`);
}
