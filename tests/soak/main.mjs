// `npm run soak`: 100,000 instances, or as many as are named.
import { soak } from "./soak.mjs";
import { told, verify } from "./verify.mjs";

const count = Number(process.argv[2] ?? 100_000);
const result = await soak({ count, reloads: [0.2, 0.5] });
process.stdout.write(`${told(result)}\n`);
verify(result, count);
