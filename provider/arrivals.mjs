// What the provider's page shows: what arrived, what was refused and why, and the attributes of one instance.
import { open } from "node:fs/promises";
import { listed } from "./dicomweb/listing.mjs";

/** Rows of one answer, at most. */
const MOST = 200;
/** The latest refusals. */
const REFUSALS = 20;
/** Beginnings of a file that are tried, until its header is in one. */
const BEGINNINGS = [1 << 18, 1 << 20, 1 << 22];

/**
 * Totals, and studies by their last arrival, the latest first.
 * @param {import("./archive/archive.mjs").Archive} archive @param {URLSearchParams} query
 */
export function arrivals({ catalog, refused, refusals }, query) {
  const [offset, limit] = [page(query.get("offset"), 0), page(query.get("limit"), MOST)];
  const studies = [...catalog.studies.values()].sort((a, b) => (a.last < b.last ? 1 : -1));
  return {
    studies: catalog.studies.size,
    series: catalog.series,
    instances: catalog.instances,
    bytes: catalog.bytes,
    last: catalog.last,
    refused,
    refusals: refusals.slice(0, REFUSALS),
    list: studies.slice(offset, offset + Math.min(limit, MOST)).map(({ study, series, rows, bytes, last }) => ({
      study,
      patient: first(rows[0], "00100020"),
      date: first(rows[0], "00080020"),
      modalities: [...new Set([...series.values()].map(([row]) => first(row, "00080060")))].filter(Boolean),
      series: series.size,
      instances: rows.length,
      bytes,
      last,
    })),
  };
}

/** @param {string | null} text @param {number} other */
function page(text, other) {
  return /^\d{1,9}$/.test(text ?? "") ? Number(text) : other;
}

/** @param {import("./archive/catalog.mjs").Row | undefined} row @param {string} tag */
function first(row, tag) {
  return row?.attributes[tag]?.Value?.[0] ?? null;
}

/**
 * The attributes of an instance in their order; null when its header is too large to be shown.
 * @param {import("./archive/archive.mjs").Archive} archive @param {import("./archive/catalog.mjs").Row} row
 */
export async function attributes(archive, row) {
  const file = await open(archive.path(row), "r");
  try {
    for (const length of BEGINNINGS) {
      const whole = length >= row.bytes;
      const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(length, row.bytes)), 0, null, 0);
      const found = listed(buffer.subarray(0, bytesRead), whole);
      if (found !== null || whole) return found;
    }
    return null;
  } finally {
    await file.close();
  }
}
