// The page as it is served and released: the files of `www` one by one, without comments and blanks. Nothing is bundled
// or renamed, so what stands in the browser's debugger is what stands in the repository.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { root } from "./process.mjs";

const FROM = join(root, "www");
const TO = join(root, "dist");

/** Made elsewhere, and taken as it is. */
const AS_IT_IS = ["pkg/", "vendor/"];
const SERVED = /\.(html|js|css|json|wasm|svg|png|ico|webmanifest|txt)$/;

/** Writes `dist`; what is no longer in `www` goes. */
export async function page() {
  // Only here: esbuild is installed by a step before.
  const { transform } = await import("esbuild");
  const names = files(FROM).filter((name) => SERVED.test(name) && name !== "pkg/manifest.json");
  rmSync(TO, { recursive: true, force: true });
  for (const name of names) {
    const bytes = readFileSync(join(FROM, name));
    const plain = AS_IT_IS.some((folder) => name.startsWith(folder)) ? bytes : await small(name, bytes, transform);
    const path = join(TO, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, plain);
  }
}

/** @param {string} name @param {Buffer} bytes @param {typeof import("esbuild").transform} transform */
async function small(name, bytes, transform) {
  const end = extname(name);
  if (end === ".json") return JSON.stringify(JSON.parse(bytes.toString()));
  if (end !== ".js" && end !== ".css") return bytes;
  const { code } = await transform(bytes.toString(), {
    loader: end === ".js" ? "js" : "css",
    sourcefile: name,
    minifyWhitespace: true,
    legalComments: "none",
    // As written, not as escapes.
    charset: "utf8",
    target: "esnext",
  });
  return code;
}

/** Files below a folder as relative paths with "/", without hidden ones. @param {string} folder @returns {string[]} */
function files(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath ?? entry.path, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    )
    .filter((name) => !name.split("/").some((part) => part.startsWith(".")));
}
