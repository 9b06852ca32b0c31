// `npm run bench`: every figure is a ratio of two things measured in one run. Nothing here is a test with a time limit.
//   npm run bench                all          npm run bench -- cli clean page big start     some
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { benchBig, benchPage, benchStart } from "./browser.mjs";
import { benchClean } from "./clean.mjs";
import { benchCli } from "./cli.mjs";
import { cache } from "./data.mjs";
import { benchReport } from "./report.mjs";

const wanted = process.argv.slice(2);
const all = {
  cli: async () => {
    const { cpu, shares } = benchCli();
    return {
      "CPU seconds, 1,000 CT slices": cpu,
      "ratio to dcmanon (goal < 1)": cpu.tokumei / cpu.dcmanon,
      "ratio to gdcmanon (goal ≤ 3)": cpu.tokumei / cpu.gdcmanon,
      "shares by stage": shares,
    };
  },
  clean: benchClean,
  report: benchReport,
  big: benchBig,
  start: benchStart,
  page: benchPage,
};

const figures = {};
for (const [name, bench] of Object.entries(all)) {
  if (wanted.length && !wanted.includes(name)) continue;
  process.stdout.write(`\n== ${name}\n`);
  figures[name] = await bench();
  process.stdout.write(`${JSON.stringify(figures[name], null, 2)}\n`);
}
mkdirSync(cache, { recursive: true });
writeFileSync(join(cache, "figures.json"), JSON.stringify(figures, null, 2));
