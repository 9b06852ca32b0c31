// What the browser remembers between visits, written and asked for together.
import assert from "node:assert/strict";
import test from "node:test";
import { visit } from "./kit.mjs";

test("many wishes at once share transactions, and each gets what it asked for", async () => {
  const open = await visit();
  try {
    const seen = await open.page.evaluate(async () => {
      const { inStore } = await import(new URL("deliver/database.js", document.baseURI).href);
      await inStore("ledger", "readonly", (/** @type {IDBObjectStore} */ store) => store.count());
      let transactions = 0;
      const real = IDBDatabase.prototype.transaction;
      IDBDatabase.prototype.transaction = function (...how) {
        transactions += 1;
        return real.apply(this, how);
      };
      const numbers = Array.from({ length: 200 }, (_, n) => n);
      const each = (
        /** @type {IDBTransactionMode} */ mode,
        /** @type {(store: IDBObjectStore, n: number) => any} */ work,
      ) =>
        Promise.all(
          numbers.map((n) => inStore("ledger", mode, (/** @type {IDBObjectStore} */ store) => work(store, n))),
        );
      await each("readwrite", (store, n) => store.put({ state: "confirmed", day: n, digest: `${n}` }, `key ${n}`));
      const written = transactions;
      const read = await each("readonly", (store, n) => store.get(`key ${n}`));
      await inStore("ledger", "readwrite", (/** @type {IDBObjectStore} */ store) => store.clear());
      return { days: read.map(({ day }) => day), written, asked: transactions - 1 - written };
    });
    assert.deepEqual(
      seen.days,
      Array.from({ length: 200 }, (_, n) => n),
    );
    assert.ok(seen.written <= 2 && seen.asked <= 2, `${seen.written}, ${seen.asked}`);
  } finally {
    await open.close();
  }
});

test("what one wish breaks is not remembered, and the next ones are", async () => {
  const open = await visit();
  try {
    const seen = await open.page.evaluate(async () => {
      const { inStore } = await import(new URL("deliver/database.js", document.baseURI).href);
      const put = (/** @type {unknown} */ value, /** @type {string} */ id) =>
        inStore("ledger", "readwrite", (/** @type {IDBObjectStore} */ store) => store.put(value, id));
      const broken = put(() => {}, "a function can't be cloned");
      const beside = [put({ day: 1 }, "beside"), put({ day: 2 }, "beside too")];
      const values = await Promise.all([broken, ...beside]);
      const after = await put({ day: 3 }, "after");
      await inStore("ledger", "readwrite", (/** @type {IDBObjectStore} */ store) => store.clear());
      return { values, after };
    });
    assert.equal(seen.values[0], null);
    assert.equal(seen.after, "after");
  } finally {
    await open.close();
  }
});
