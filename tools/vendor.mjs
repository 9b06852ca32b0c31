// The page's libraries as single files that a browser loads as they are. The page needs no bundler: this runs once, on
// packages pinned by the lock file.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
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
  writeFileSync(join(out, "design-tokens.css"), tokens());
}

/** The Digital Agency's tokens that the page's styles name; the others would only be loaded. */
function tokens() {
  const all = readFileSync(join(root, "node_modules/@digital-go-jp/design-tokens/dist/tokens.css"), "utf8");
  const styles = join(root, "www/styles");
  const used = readdirSync(styles).map((name) => readFileSync(join(styles, name), "utf8"));
  const names = new Set(used.join("").match(/--[\w-]+/g));
  const kept = [...all.matchAll(/^\s*(--[\w-]+):[^;]*;/gm)].filter(([, name = ""]) => names.has(name));
  return `:root {\n${kept.map(([line]) => line.trim()).join("\n")}\n}\n`;
}
