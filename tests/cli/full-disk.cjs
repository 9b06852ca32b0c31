// A disk that is full: whatever is written into a file whose path has FULL_DISK in it. For `--require`, also in workers.
const fs = require("node:fs");
const { syncBuiltinESMExports } = require("node:module");

const { openSync, writeSync, writevSync } = fs;
const full = new Set();

fs.openSync = (path, ...more) => {
  const fd = openSync(path, ...more);
  if (String(path).includes(process.env.FULL_DISK)) full.add(fd);
  else full.delete(fd);
  return fd;
};
const guarded =
  (write) =>
  (fd, ...more) => {
    if (full.has(fd)) throw Object.assign(new Error("no space"), { code: "ENOSPC", syscall: "write" });
    return write(fd, ...more);
  };
fs.writeSync = guarded(writeSync);
fs.writevSync = guarded(writevSync);
syncBuiltinESMExports();
