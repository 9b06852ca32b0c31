// A worker of the command line whose engine is hostile for files of certain names: it traps, stands still or dies.
import { parentPort } from "node:worker_threads";
import { nodeEnvironment } from "../../cli/environment.js";
import { openEngine } from "../../www/workers/engine.js";
import { serve } from "../../www/workers/serve.js";

const hear = serve({ send: (message) => parentPort?.postMessage(message) }, (message) => {
  const engine = openEngine(message, nodeEnvironment(message.place ?? {}));
  return {
    memory: () => engine.memory(),
    timing: () => engine.timing(),
    expect: (jobs) => engine.expect(jobs),
    run(job) {
      const name = "input" in job ? job.input.path : "";
      if (name.endsWith(`trap-${job.kind}`)) trap();
      if (name.endsWith(`hang-${job.kind}`)) for (;;);
      if (name.endsWith(`die-${job.kind}`)) process.exit(1);
      return engine.run(job);
    },
  };
});

parentPort?.on("message", hear);

/** What a panic of the engine is to JavaScript. */
function trap() {
  throw new WebAssembly.RuntimeError("unreachable");
}
