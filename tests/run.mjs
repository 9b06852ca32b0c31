// Runs the steps of `npm test` one after the other: a line each, the output of what fails, and a sum at the end.
// `npm test -- NAME…` runs some of them; `check` stands for all that only look.
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { missing } from "../tools/judges.mjs";
import { fail, root } from "../tools/process.mjs";
import { STEPS } from "./steps.mjs";

/** @typedef {{ passed: number, failed: number, skipped: string[] }} Count */

const wanted = process.argv.slice(2);
const steps = STEPS.filter(({ name, group }) => wanted.length === 0 || wanted.includes(name) || wanted.includes(group));
if (steps.length === 0) fail(`No such step. There are: ${STEPS.map(({ name }) => name).join(", ")}, check, test`);

const sum = { passed: 0, failed: 0, skipped: /** @type {string[]} */ ([]) };
for (const step of steps) {
  const started = performance.now();
  const { output, ok } = await run(step);
  const count = read(output, ok, step);
  sum.passed += count.passed;
  sum.failed += count.failed;
  sum.skipped.push(...count.skipped);
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
  const bad = count.failed > 0;
  print(
    `${bad ? "FAIL" : "ok  "} ${step.name.padEnd(14)} ${seconds} s  ${count.passed} passed, ${count.failed} failed`,
  );
  if (bad) print(`${interesting(output).trimEnd()}\n`);
}

const lacking = missing();
for (const reason of new Set(sum.skipped)) print(`skipped: ${reason}`);
for (const { name, install } of lacking) print(`missing: ${name} (${install})`);
if (process.env.CI) sum.failed += lacking.length + sum.skipped.length;
print(`${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed > 0 ? 1 : 0;

/** @param {string} text */
function print(text) {
  process.stdout.write(`${text}\n`);
}

/** Runs one step to its end. @param {import("./steps.mjs").Step} step @returns {Promise<{ output: string, ok: boolean }>} */
function run({ program, args, tests }) {
  const files = tests === undefined ? [] : testFiles(tests);
  if (tests !== undefined && files.length === 0) return Promise.resolve({ output: `no tests in ${tests}`, ok: false });
  return new Promise((resolve) => {
    const child = spawn(program, [...args, ...files], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    /** @type {Buffer[]} */
    const chunks = [];
    child.stdout.on("data", (chunk) => chunks.push(chunk));
    child.stderr.on("data", (chunk) => chunks.push(chunk));
    child.on("error", (error) => resolve({ output: error.message, ok: false }));
    child.on("close", (code) => resolve({ output: Buffer.concat(chunks).toString(), ok: code === 0 }));
  });
}

/** @param {string} folder */
function testFiles(folder) {
  const path = join(root, folder);
  const names = existsSync(path) ? readdirSync(path) : [];
  return names.filter((name) => name.endsWith(".test.mjs")).map((name) => `${folder}/${name}`);
}

/**
 * What a step ran: cases of cargo and of node's TAP; anything else is one case.
 * A program that fails without a failed case (it did not build, it died) is one failed case.
 * @param {string} output @param {boolean} ok @param {import("./steps.mjs").Step} step @returns {Count}
 */
function read(output, ok, { name, group }) {
  const cargo = numbers(output, /^test result: .*? (\d+) passed; (\d+) failed/gm);
  const tap = numbers(output, /^# pass (\d+)\n# fail (\d+)$/gm);
  const [passed, failed] = [cargo[0] + tap[0], cargo[1] + tap[1]];
  const skipped = [...output.matchAll(/^\s*ok .* # SKIP ?(.*)$/gm)].map((found) => `${name}: ${found[1]}`);
  if (group === "check") return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped };
  return { passed, failed: ok ? failed : Math.max(failed, 1), skipped };
}

/** Of TAP only the cases that failed, of anything else all. @param {string} output */
function interesting(output) {
  if (!output.startsWith("TAP version")) return output;
  const failed = output.match(/^ *not ok [\s\S]*?^ *\.\.\.$/gm) ?? [];
  return failed.length > 0 ? failed.join("\n") : output;
}

/** @param {string} text @param {RegExp} pattern @returns {[number, number]} */
function numbers(text, pattern) {
  /** @type {[number, number]} */
  const sum = [0, 0];
  for (const found of text.matchAll(pattern)) {
    sum[0] += Number(found[1]);
    sum[1] += Number(found[2]);
  }
  return sum;
}
