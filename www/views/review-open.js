/** Makes the screens of a review ready: what they need is loaded once. */
import { addScreen } from "./app.js";
import { reviewScreen } from "./review.js";

const STYLE = new URL("../styles/review.css", import.meta.url).href;
/** @type {Promise<void> | null} */
let styled = null;

export async function openReview() {
  styled ??= new Promise((done) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: STYLE });
    // Without its style a review still works.
    link.onload = link.onerror = () => done();
    document.head.append(link);
  });
  await styled;
  addScreen("review", reviewScreen);
}
