// What an instance must be to be taken: whole, of one piece, and said to be de-identified.
import { readHeader } from "./header.mjs";
import { checkPixels } from "./pixels.mjs";
import { Refusal } from "./reasons.mjs";
import { SYNTAXES } from "./syntaxes.mjs";

/** PS3.5 9.1: components without leading zeros. */
const UID = /^(0|[1-9]\d*)(\.(0|[1-9]\d*))+$/;

/** @param {string} text */
export function isUid(text) {
  return text.length <= 64 && UID.test(text);
}

/**
 * @param {import("node:fs/promises").FileHandle} file @param {number} size
 * @param {{ study: string | null, limit: number, known: (uids: { sopClass: string, instance: string }) => void }} how
 *   `study`: of the request's path; `known` is told whose failure follows, if any
 */
export async function check(file, size, { study, limit, known }) {
  const facts = await readHeader(file, size, limit);
  const { sopClass, instance } = facts;
  if (![sopClass, instance, facts.study, facts.series].every(isUid)) throw new Refusal("uid-invalid");
  known({ sopClass, instance });
  if (facts.metaClass !== sopClass || facts.metaInstance !== instance) throw new Refusal("meta-mismatch");
  if (!SYNTAXES.has(facts.transferSyntax)) throw new Refusal("transfer-syntax");
  if (study !== null && facts.study !== study) throw new Refusal("study-mismatch");
  if (!facts.patientId) throw new Refusal("patient-id-missing");
  if (!facts.identityRemoved) throw new Refusal("not-deidentified");
  if (!facts.method) throw new Refusal("method-missing");
  if (facts.pixels !== null) await checkPixels(file, size, facts.pixels);
  return facts;
}
