// Makes a fresh checkout ready, and sees within a second that it is. `node tools/setup.mjs [--tests]`
// Only Node's own modules until npm's packages are there; every step is skipped while its stamp is current.
import { judges } from "./judges.mjs";
import { page } from "./page.mjs";
import { digest, fail, run, say, step } from "./process.mjs";
import { toolchain } from "./rust.mjs";
import { vendor } from "./vendor.mjs";

const [major = 0] = process.versions.node.split(".").map(Number);
if (major < 20) fail(`Node 20 or newer is needed; this is ${process.versions.node}.`);

await step({
  title: "npm packages",
  stamp: "node_modules/.stamp",
  from: digest(["package-lock.json"]),
  // No package may run a program while it is installed.
  work: () => {
    if (!run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"])) fail("npm ci failed.");
  },
});

await step({
  title: "libraries of the page",
  stamp: "www/vendor/.stamp",
  from: digest(["package-lock.json", "tools/vendor.mjs", "www/styles"]),
  needs: ["www/vendor/lit.js", "www/vendor/design-tokens.css"],
  work: vendor,
});

const MODULES = ["Cargo.toml", "Cargo.lock", ".cargo/config.toml", "wasm-pack.toml", "src"];
await step({
  title: "WebAssembly modules (a few minutes the first time)",
  stamp: "www/pkg/.stamp",
  from: digest(MODULES),
  needs: [...["core", "verify", "pixels", "jxl"].map((name) => `www/pkg/${name}.wasm`), "www/pkg/lists.bin"],
  work: () => {
    toolchain();
    xtask("build");
  },
});

await step({
  title: "page",
  stamp: "dist/.stamp",
  from: digest(["www", "wasm-pack.toml", "tools/page.mjs", "package-lock.json"]),
  needs: ["dist/pkg/manifest.json"],
  work: async () => {
    await page();
    xtask("manifest");
  },
});

if (process.argv.includes("--tests")) {
  toolchain();
  await judges().catch((error) => {
    if (process.env.CI) throw error;
    say(`  ${error.message}`);
  });
}

/** Runs the project's own tool. @param {string} command */
function xtask(command) {
  if (!run("cargo", ["run", "--quiet", "--locked", "-p", "xtask", "--", command]))
    fail(`cargo xtask ${command} failed.`);
}
