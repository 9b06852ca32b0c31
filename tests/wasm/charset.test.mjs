// The platform's decoders know the cells of the big character sets: a table is taken only when it has the digest that
// it has natively, so one name of each tells about all its cells.
import assert from "node:assert/strict";
import test from "node:test";
import { NAMES, named } from "./charsets.mjs";
import { core, wasm } from "./core.mjs";
import { source } from "./dicom.mjs";

const policy = core.shippedPolicies().find(({ id }) => id === "basic");
const engine = new core.Core(policy, new Uint8Array(32), "");

for (const name of NAMES) {
  test(`${name[0]} is read as it is natively`, () => {
    assert.equal(engine.scan(source(named(name)), "a").screen.patientName, name[2]);
  });
}

/** What a platform may be that is not as the others: it lacks the sets, or has one character elsewhere. */
const ODD = {
  lacking: class extends TextDecoder {
    constructor(label, options) {
      // The module's own strings are UTF-8.
      if (label !== undefined && label !== "utf-8") throw new RangeError("unknown");
      super(label, options);
    }
  },
  differing: class extends TextDecoder {
    decode(bytes, options) {
      return super.decode(bytes, options).replace("川", "河");
    }
  },
};

for (const [kind, Decoder] of Object.entries(ODD)) {
  test(`on a ${kind} platform text is unreadable, and never another`, async () => {
    const { TextDecoder } = globalThis;
    globalThis.TextDecoder = Decoder;
    try {
      const other = await import(`../../www/pkg/core.js?${kind}`);
      other.initSync({ module: wasm });
      const engine = new other.Core(policy, new Uint8Array(32), "");
      const { screen } = engine.scan(source(named(NAMES[0])), "a");
      assert.equal(screen?.patientName ?? "", "");
    } finally {
      globalThis.TextDecoder = TextDecoder;
    }
  });
}
