// The page as it is served and released: the files of `www` one by one, small. Nothing is bundled, so each file that the
// browser loads is one of the repository. The document names all that the start needs, so that it comes at once.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { root } from "./process.mjs";

const FROM = join(root, "www");
const TO = join(root, "dist");

/** Made elsewhere, and taken as it is. */
const AS_IT_IS = ["pkg/", "vendor/"];
const SERVED = /\.(html|js|css|json|wasm|svg|png|ico|webmanifest|bin)$/;

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
  const document = join(TO, "index.html");
  writeFileSync(document, withPreloads(readFileSync(document, "utf8")));
}

/** Modules that the start compiles. */
const WASM = ["pkg/core.wasm", "pkg/verify.wasm"];

/** The document, with a preload of what the start waits for: the modules, and every file that `main.js` imports. @param {string} html */
function withPreloads(html) {
  const links = [
    ...WASM.map((name) => `<link rel="preload" href="${name}" as="fetch" type="application/wasm" crossorigin />`),
    ...imported("main.js").map((name) => `<link rel="modulepreload" href="${name}" />`),
  ];
  return html.replace("</head>", `  ${links.join("\n    ")}\n  </head>`);
}

/** Static imports of a served module and of what it imports, itself first. @param {string} start @returns {string[]} */
function imported(start) {
  const found = [start];
  for (const name of found) {
    const text = readFileSync(join(TO, name), "utf8");
    for (const [, path] of text.matchAll(/(?:\bfrom|\bimport) *"(\.[^"]+)"/g)) {
      const next = join(dirname(name), path ?? "").replaceAll("\\", "/");
      if (!found.includes(next)) found.push(next);
    }
  }
  return found;
}

/** @param {string} name @param {Buffer} bytes @param {typeof import("esbuild").transform} transform */
async function small(name, bytes, transform) {
  const end = extname(name);
  if (end === ".json") return JSON.stringify(JSON.parse(bytes.toString()));
  if (end !== ".js" && end !== ".css") return bytes;
  const { code } = await transform(bytes.toString(), {
    loader: end === ".js" ? "js" : "css",
    sourcefile: name,
    minify: true,
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
