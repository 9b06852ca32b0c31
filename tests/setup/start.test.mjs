// `npm start`: its server is started as npm starts it, and asked as a browser asks.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { contentSecurityPolicy } from "../../provider/headers.mjs";
import { checkSettings, origins } from "../../provider/settings.mjs";
import { root } from "../../tools/process.mjs";

const CSP =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; font-src 'self'; " +
  "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types tokumei lit-html";

let child;
let address;
let provider;
let received;

before(async () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const [program, ...args] = scripts.start.split(" ");
  assert.equal(program, "node");
  received = mkdtempSync(join(tmpdir(), "tokumei-received-"));
  child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, PORT: "0", TOKUMEI_RECEIVED: received } });
  [address, provider] = await new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
      if (text.endsWith("/provider/\n")) resolve(text.trim().split("\n"));
    });
    child.on("exit", (code) => reject(new Error(`the server ended with ${code}`)));
  });
});

after(() => {
  child.kill();
  rmSync(received, { recursive: true, force: true });
});

/** The path goes out as it is: fetch would tidy it up. */
function ask(path, { method = "GET", headers = {} } = {}) {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    asked.on("error", reject);
    asked.end();
  });
}

test("the address is on this machine alone", () => {
  assert.match(address, /^http:\/\/127\.0\.0\.1:\d+\/$/);
  assert.equal(provider, `${address}provider/`);
});

test("every answer carries the policy and forbids sniffing and referrers", async () => {
  for (const path of ["/", "/pkg/core.js", "/pkg/core.wasm", "/settings.json", "/none", "/..%2f", "/%zz"]) {
    const { headers } = await ask(path);
    assert.equal(headers["content-security-policy"], CSP, path);
    assert.equal(headers["x-content-type-options"], "nosniff", path);
    assert.equal(headers["referrer-policy"], "no-referrer", path);
  }
  const { status, headers } = await ask("/", { method: "POST" });
  assert.equal(status, 405);
  assert.equal(headers["content-security-policy"], CSP);
});

test("types are those that browsers demand", async () => {
  const types = {
    "/": "text/html; charset=utf-8",
    "/index.html": "text/html; charset=utf-8",
    "/pkg/core.js": "text/javascript; charset=utf-8",
    "/pkg/core.wasm": "application/wasm",
    "/pkg/manifest.json": "application/json; charset=utf-8",
    "/vendor/design-tokens.css": "text/css; charset=utf-8",
    "/settings.json": "application/json; charset=utf-8",
  };
  for (const [path, type] of Object.entries(types)) {
    const { status, headers } = await ask(path);
    assert.equal(status, 200, path);
    assert.equal(headers["content-type"], type, path);
  }
});

test("nothing outside the folder, hidden or of another kind is served", async () => {
  for (const path of [
    "/../package.json",
    "/%2e%2e/package.json",
    "/..%2fpackage.json",
    "/pkg/..%5c..%5cpackage.json",
    "/pkg/.stamp",
    "/pkg/core.d.ts",
    "/pkg/",
    "/pkg",
    "//etc/passwd",
    "/%00",
    "/index.html%00.js",
    "/none.js",
  ]) {
    assert.equal((await ask(path)).status, 404, path);
  }
});

test("what has not changed is not sent again", async () => {
  const first = await ask("/pkg/core.js");
  const second = await ask("/pkg/core.js", { headers: { "If-None-Match": first.headers.etag } });
  assert.equal(second.status, 304);
  assert.equal(second.body.length, 0);
  const head = await ask("/pkg/core.js", { method: "HEAD" });
  assert.equal(head.headers["content-length"], String(first.body.length));
  assert.equal(head.body.length, 0);
});

test("the manifest names what is served, byte for byte", async () => {
  const manifest = JSON.parse((await ask("/pkg/manifest.json")).body.toString());
  const names = manifest.map(({ name }) => name);
  for (const name of ["core", "verify", "pixels", "jxl"].flatMap((module) => [
    `pkg/${module}.js`,
    `pkg/${module}.wasm`,
  ])) {
    assert.ok(names.includes(name), name);
  }
  assert.deepEqual(names, [...names].sort());
  for (const { name, size, sha256 } of manifest) {
    const { status, body } = await ask(`/${name}`);
    assert.equal(status, 200, name);
    assert.equal(body.length, size, name);
    assert.equal(createHash("sha256").update(body).digest("hex"), sha256, name);
  }
});

test("without settings the page may send to the embedded provider, and nothing else", async () => {
  const { destinations } = JSON.parse((await ask("/settings.json")).body.toString());
  assert.deepEqual(
    destinations.map(({ url }) => url),
    ["dicom-web"],
  );
  assert.equal((await ask("/dicom-web/studies")).body.toString(), "[]");
  assert.equal((await ask("/faults", { method: "POST" })).status, 405, "no faults unless asked for");
});

test("settings name destinations by https alone and open the policy to them", () => {
  const good = { schema: "tokumei.settings/1", destinations: [{ name: "本部", url: "https://pacs.example/studies" }] };
  assert.deepEqual(checkSettings(good), good);
  assert.match(contentSecurityPolicy(origins(checkSettings(good))), /connect-src 'self' https:\/\/pacs\.example;/);
  for (const bad of [
    { ...good, schema: "tokumei.settings/2" },
    { ...good, other: 1 },
    { ...good, destinations: [{ name: "a", url: "http://pacs.example/" }] },
    { ...good, destinations: [{ name: "a", url: "javascript:alert(1)" }] },
    { ...good, destinations: [{ name: "a" }] },
    [],
  ]) {
    assert.throws(() => checkSettings(bad));
  }
});
