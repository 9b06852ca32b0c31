/** `tokumei policy import`: a policy whose rules of fixed areas come from scripts and recipes of other products. */

import { loadEngine } from "../engine.js";
import { writeNewPrivateJson } from "../private.js";
import { RunError } from "../run-error.js";
import { readPolicy, readText } from "../setup.js";
import { isSystemError } from "../source.js";
import { convertRules } from "./convert.js";
import { parseRules } from "./parse.js";

/**
 * @param {import("../args.js").Arguments} args
 * @param {import("../terminal.js").Terminal} terminal
 * @returns {number} exit code
 */
export function importRules({ inputs, values }, terminal) {
  const rules = inputs.flatMap((path) => rulesOf(readText(path, "rules-missing")));
  const { devices, leftOut } = convertRules(rules);
  if (devices.length === 0) throw new RunError("rules-unknown");
  const policy = {
    schema: "tokumei.policy/1",
    extends: values.policy ?? "research",
    id: "device-rules",
    version: "1",
    title: { ja: "装置の決まりつき", en: "With rules of devices" },
    pixels: { devices },
  };
  readPolicy(loadEngine(), policy);
  try {
    writeNewPrivateJson(/** @type {string} */ (values.out), policy);
  } catch (error) {
    if (isSystemError(error)) throw new RunError(error.code === "EEXIST" ? "policy-exists" : "write-denied");
    throw error;
  }
  terminal.out("rules-imported", { rules: devices.length });
  for (const { name, why } of leftOut) terminal.note(`rule-${why}`, { what: name });
  return 0;
}

/** @param {string} text */
function rulesOf(text) {
  try {
    const rules = parseRules(text);
    if (rules !== null) return rules;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
  throw new RunError("rules-unknown");
}
