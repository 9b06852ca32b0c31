// QIDO-RS: what is there (PS3.18 10.6), in order of arrival, so that pages stay what they were while more comes in.
import { address } from "./answer.mjs";
import { BadRequest } from "./reasons.mjs";

/** Results of one answer, at most. */
const MOST = 5_000;

/** Keywords of the attributes that can be matched or asked for, beside their tags. @type {Record<string, string>} */
const TAGS = {
  SOPClassUID: "00080016",
  SOPInstanceUID: "00080018",
  StudyDate: "00080020",
  StudyTime: "00080030",
  AccessionNumber: "00080050",
  Modality: "00080060",
  ModalitiesInStudy: "00080061",
  ReferringPhysicianName: "00080090",
  SeriesDescription: "0008103E",
  PatientName: "00100010",
  PatientID: "00100020",
  PatientBirthDate: "00100030",
  PatientSex: "00100040",
  StudyInstanceUID: "0020000D",
  SeriesInstanceUID: "0020000E",
  StudyID: "00200010",
  SeriesNumber: "00200011",
  InstanceNumber: "00200013",
  NumberOfFrames: "00280008",
  Rows: "00280010",
  Columns: "00280011",
  BitsAllocated: "00280100",
};

/** What is told without being asked (PS3.18 Tables 10.6.3-3 to 10.6.3-5). */
const TOLD = {
  study: [
    "00080020",
    "00080030",
    "00080050",
    "00080090",
    "00100010",
    "00100020",
    "00100030",
    "00100040",
    "0020000D",
    "00200010",
  ],
  series: ["00080060", "0008103E", "0020000D", "0020000E", "00200011"],
  instance: [
    "00080016",
    "00080018",
    "0020000D",
    "0020000E",
    "00200013",
    "00280008",
    "00280010",
    "00280011",
    "00280100",
  ],
};

/**
 * @typedef {import("./facts.mjs").Attribute} Attribute
 * @typedef {keyof typeof TOLD} Level
 * @typedef {{ found: Record<string, Attribute>[], more: number }} Result `more`: beyond this answer
 */

/**
 * @param {import("../archive/catalog.mjs").Catalog} catalog @param {Level} level
 * @param {{ study: string | null, series: string | null }} within of the request's path @param {URLSearchParams} query
 * @param {string} base address of the service
 * @returns {Result}
 */
export function search(catalog, level, within, query, base) {
  const { limit, offset, include, matching } = read(query);
  const all = candidates(catalog, level, within).filter(({ attributes }) => matches(attributes, matching));
  const told = new Set([...TOLD[level], ...include]);
  const page = all.slice(offset, offset + limit);
  return {
    found: page.map(({ attributes, more, path }) => ({
      ...(include.includes("all") ? attributes : only(attributes, told)),
      ...more,
      "00081190": { vr: "UR", Value: [`${base}${path}`] },
    })),
    more: Math.max(all.length - offset - limit, 0),
  };
}

/** @param {URLSearchParams} query */
function read(query) {
  let limit = MOST;
  let offset = 0;
  /** @type {string[]} */
  const include = [];
  /** @type {[string, string[]][]} */
  const matching = [];
  for (const [name, value] of query) {
    if (name === "limit") limit = Math.min(count(value), MOST);
    else if (name === "offset") offset = count(value);
    else if (name === "includefield")
      include.push(...value.split(",").map((field) => TAGS[field] ?? field.toUpperCase()));
    else if (name !== "fuzzymatching") matching.push([tagOf(name), value.split(/[,\\]/)]);
  }
  return { limit, offset, include: include.map((field) => (field === "ALL" ? "all" : field)), matching };
}

/** @param {string} text */
function count(text) {
  if (!/^\d{1,9}$/.test(text)) throw new BadRequest(400, "query");
  return Number(text);
}

/** @param {string} name keyword or tag */
function tagOf(name) {
  const tag = TAGS[name] ?? name.toUpperCase();
  if (!Object.values(TAGS).includes(tag)) throw new BadRequest(400, "query");
  return tag;
}

/**
 * @typedef {{ attributes: Record<string, Attribute>, more: Record<string, Attribute>, path: string }} Candidate
 * @param {import("../archive/catalog.mjs").Catalog} catalog @param {Level} level
 * @param {{ study: string | null, series: string | null }} within
 * @returns {Candidate[]}
 */
function candidates({ studies }, level, within) {
  const chosen = within.study === null ? [...studies.values()] : [studies.get(within.study) ?? []].flat();
  if (level === "study") return chosen.map(ofStudy);
  if (level === "series") {
    return chosen.flatMap(({ study, series }) => [...series].map(([uid, rows]) => ofSeries(study, uid, rows)));
  }
  const rows = chosen.flatMap((study) =>
    within.series === null ? study.rows : (study.series.get(within.series) ?? []),
  );
  return rows.map((row) => ({
    attributes: row.attributes,
    more: { "00083002": { vr: "UI", Value: [row.transferSyntax] } },
    path: address("", row),
  }));
}

/** @param {import("../archive/catalog.mjs").Study} study @returns {Candidate} */
function ofStudy({ study, series, rows }) {
  const modalities = [...new Set([...series.values()].map(([first]) => first?.attributes["00080060"]?.Value?.[0]))];
  return {
    attributes: {
      ...rows[0]?.attributes,
      "00080061": { vr: "CS", Value: modalities.filter((modality) => modality !== undefined) },
    },
    more: {
      "00080061": { vr: "CS", Value: modalities.filter((modality) => modality !== undefined) },
      "00201206": { vr: "IS", Value: [series.size] },
      "00201208": { vr: "IS", Value: [rows.length] },
    },
    path: `/studies/${study}`,
  };
}

/** @param {string} study @param {string} uid @param {import("../archive/catalog.mjs").Row[]} rows @returns {Candidate} */
function ofSeries(study, uid, rows) {
  return {
    attributes: rows[0]?.attributes ?? {},
    more: { "00201209": { vr: "IS", Value: [rows.length] } },
    path: `/studies/${study}/series/${uid}`,
  };
}

/** Every named attribute has one of the values. @param {Record<string, Attribute>} attributes @param {[string, string[]][]} matching */
function matches(attributes, matching) {
  return matching.every(([tag, wanted]) => {
    const values = (attributes[tag]?.Value ?? []).map((value) =>
      typeof value === "object" && value !== null && "Alphabetic" in value ? value.Alphabetic : String(value),
    );
    return wanted.some((value) => value === "" || values.includes(value));
  });
}

/** @param {Record<string, Attribute>} attributes @param {Set<string>} told */
function only(attributes, told) {
  return Object.fromEntries(Object.entries(attributes).filter(([tag]) => told.has(tag)));
}
