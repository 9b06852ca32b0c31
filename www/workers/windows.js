/**
 * Large data, a window after the other through one piece of memory: bytes that are read into memory of their own stay there until
 * they are collected, which may be late.
 */

const WINDOW = 1024 * 1024;

/**
 * All bytes in order.
 * @param {Blob | {size: number, read: (offset: number, into: Uint8Array) => void}} data
 * @param {(bytes: Uint8Array) => void} use  may not keep them
 */
export async function eachWindow(data, use) {
  if (data instanceof Blob) return eachOfStream(data.stream(), use);
  const memory = new Uint8Array(WINDOW);
  for (let at = 0; at < data.size; at += WINDOW) {
    const bytes = memory.subarray(0, Math.min(WINDOW, data.size - at));
    data.read(at, bytes);
    use(bytes);
  }
}

/** @param {ReadableStream<Uint8Array<ArrayBuffer>>} stream @param {(bytes: Uint8Array) => void} use */
async function eachOfStream(stream, use) {
  const next = windowsOf(stream);
  for (;;) {
    // Of a file that is gone Chromium says no more than a TypeError.
    const { done, value } = await next().catch(() => Promise.reject(new DOMException("", "NotReadableError")));
    if (done || value === undefined) return;
    use(value);
  }
}

/** @param {ReadableStream<Uint8Array<ArrayBuffer>>} stream @returns {() => Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>>} */
function windowsOf(stream) {
  try {
    const reader = stream.getReader({ mode: "byob" });
    let memory = new ArrayBuffer(WINDOW);
    return async () => {
      const result = await reader.read(new Uint8Array(memory));
      memory = result.value?.buffer ?? memory;
      return result;
    };
  } catch {
    // A browser whose Blobs give no streams of bytes.
    const reader = stream.getReader();
    return () => reader.read();
  }
}
