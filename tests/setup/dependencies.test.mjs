// docs/dependencies.md tells the truth: what is named, which version, which licence, and nothing below it is surprising.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { root } from "../../tools/process.mjs";

const page = readFileSync(join(root, "docs/dependencies.md"), "utf8");
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| package |"))
  .map((line) => line.split("|").map((cell) => cell.trim()));
/** Licences by name and version: a crate and an npm package may share a name. */
const listed = new Map(rows.map(([, name, version, licence]) => [`${name} ${version}`, licence]));

const metadata = JSON.parse(
  execFileSync("cargo", ["metadata", "--format-version", "1", "--locked", "--all-features"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "ignore"],
  }),
);
const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Packages that the workspace itself names. */
function direct() {
  const own = metadata.packages.filter(({ id }) => metadata.workspace_members.includes(id));
  const crates = own.flatMap(({ dependencies }) => dependencies.filter(({ path }) => !path).map(({ name }) => name));
  const found = metadata.packages.filter(({ name, id }) => crates.includes(name) && isDirect(id, own));
  const npm = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).map((name) => {
    const { version, license } = lock.packages[`node_modules/${name}`];
    return { name, version, license };
  });
  return [...found, ...npm];
}

/** Two versions of one package can be there: ours is the one that a member's edge leads to. */
function isDirect(id, own) {
  const members = new Set(own.map((member) => member.id));
  return metadata.resolve.nodes.some((node) => members.has(node.id) && node.dependencies.includes(id));
}

/** An expression with OR needs one side, with AND both. */
function allowed(expression, list) {
  const plain = expression.replaceAll("/", " OR ").replace(/[()]/g, " ");
  return plain.split(" AND ").every((part) => part.split(" OR ").some((name) => list.includes(name.trim())));
}

test("the page names exactly the packages that the project names, as they are", () => {
  const packages = direct();
  assert.deepEqual([...listed.keys()].sort(), packages.map(({ name, version }) => `${name} ${version}`).sort());
  for (const { name, version, license } of packages) {
    assert.equal(listed.get(`${name} ${version}`), license, name);
  }
});

test("every licence below is on the list", () => {
  const list = /one of: (.*?); in tests/.exec(page)[1].split(", ");
  const crates = metadata.packages.filter(({ id }) => !metadata.workspace_members.includes(id));
  assert.ok(crates.length > 50);
  for (const { name, license } of crates) assert.ok(allowed(license, list), `${name}: ${license}`);
  for (const [path, { license, dev, link }] of Object.entries(lock.packages)) {
    if (path === "" || link) continue;
    assert.ok(allowed(license, dev ? [...list, "MPL-2.0"] : list), `${path}: ${license}`);
  }
});

test("npm packages are pinned to one version", () => {
  for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
    assert.match(version, /^\d+\.\d+\.\d+$/, name);
  }
});
