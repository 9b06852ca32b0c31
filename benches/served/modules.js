// An otherwise empty page that loads and compiles the modules that the product loads at its start.
globalThis.compiled = Promise.all(
  ["core", "verify"].map((name) =>
    WebAssembly.compileStreaming(fetch(new URL(`../pkg/${name}.wasm`, import.meta.url))),
  ),
).then(() => performance.now());
