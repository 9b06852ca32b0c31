// A session over the real engine in worker threads.
import { mkdirSync } from "node:fs";
import { loadEngine } from "../../cli/engine.js";
import { createPool } from "../../cli/pool.js";
import { openSession } from "../../www/session/session.js";

export const SINK = { write: async () => undefined, close: async () => undefined, abort: async () => undefined };
const KEY = new Uint8Array(32).fill(9);

/** A session over worker threads of this test's choice. */
export function sessionOn(t, out, more = {}) {
  const { coreModule, verifyModule, lists, core } = loadEngine();
  const { policy: named = "headers-only", ...rest } = more;
  const { policy, sha256 } = core.readPolicy(JSON.stringify(core.shippedPolicies().find(({ id }) => id === named)));
  mkdirSync(out, { recursive: true });
  const pool = createPool({
    core: coreModule,
    verify: verifyModule,
    lists,
    policy,
    key: KEY,
    namespace: "",
    size: 2,
    out,
    ...rest,
  });
  const session = openSession({
    pool,
    policy,
    policySha256: sha256,
    keyId: core.keyId(KEY),
    keyKept: true,
    optOut: null,
    tool: "tokumei test",
  });
  t.after(() => session.close());
  return session;
}
