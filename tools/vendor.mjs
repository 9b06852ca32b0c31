// The page's libraries as single files that a browser loads as they are. The page needs no bundler: this runs once, on
// packages pinned by the lock file.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./process.mjs";

const out = join(root, "www/vendor");

/** What the page takes of lit. */
const LIT =
  'export * from "lit"; export { repeat } from "lit/directives/repeat.js"; export { live } from "lit/directives/live.js";\n';

/** Writes `www/vendor`. */
export async function vendor() {
  // Only here: esbuild is installed by a step before.
  const { build } = await import("esbuild");
  mkdirSync(out, { recursive: true });
  await build({
    stdin: { contents: LIT, resolveDir: root, sourcefile: "lit.js" },
    outfile: join(out, "lit.js"),
    bundle: true,
    format: "esm",
    minify: true,
    target: "es2022",
    legalComments: "eof",
    logLevel: "error",
  });
  // For the type checker only; the server serves no declarations.
  writeFileSync(join(out, "lit.d.ts"), LIT);
  copyFileSync(join(root, "node_modules/@digital-go-jp/design-tokens/dist/tokens.css"), join(out, "design-tokens.css"));
}
