// Debian's Chromium, quiet: it asks for nothing that is not on this machine.

/** Its path. */
export const executable = () => process.env.TOKUMEI_CHROMIUM ?? "/usr/bin/chromium";

export const FLAGS = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
