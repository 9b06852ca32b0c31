// Reads a file whole and hashes it.
self.onmessage = async ({ data: file }) => {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  postMessage(Array.from(new Uint8Array(digest), (b) => b.toString(16).padStart(2, "0")).join(""));
};
