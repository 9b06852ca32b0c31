// Types of the `vendor/lit.js` that the server serves beside the provider's page.
export { html, nothing, render } from "lit";
