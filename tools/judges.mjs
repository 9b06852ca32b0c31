// What only the tests need: a browser, fonts, and the judges that are no part of the project.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { digest, output, root, run, say, step, which } from "./process.mjs";

const VENV = ".cache/venv";
const PYTHONS = ["python3.13", "python3.12", "python3.11", "python3"];

const DICOMWEB_PLUGINS = ["/usr/share/orthanc/plugins", "/usr/lib/orthanc", "/usr/local/share/orthanc/plugins"].map(
  (folder) => join(folder, "libOrthancDicomWeb.so"),
);

/** @typedef {{ name: string, packages: string[], there: () => boolean }} Tool */

/** @type {Tool[]} */
const TOOLS = [
  { name: "Chromium", packages: ["chromium"], there: () => chromium() !== null },
  { name: "Japanese fonts", packages: ["fonts-noto-cjk"], there: () => Boolean(output("fc-list", [":lang=ja"])) },
  { name: "dcmtk", packages: ["dcmtk"], there: () => which("dcmdump") !== null },
  { name: "dicom3tools", packages: ["dicom3tools"], there: () => which("dciodvfy") !== null },
  { name: "Orthanc with DICOMweb", packages: ["orthanc", "orthanc-dicomweb"], there: () => orthanc() !== null },
  { name: "Python 3.11 or newer with venv", packages: ["python3", "python3-venv"], there: () => python() !== null },
];

/** The browser that drives the page, or null. */
export function chromium() {
  const given = process.env.CHROMIUM;
  if (given) return existsSync(given) ? given : null;
  return which("chromium") ?? which("chromium-browser") ?? which("google-chrome");
}

/** Debian's Orthanc and its DICOMweb plugin, or null. */
export function orthanc() {
  const program = which("Orthanc") ?? ["/usr/sbin/Orthanc"].find(existsSync);
  const plugin = DICOMWEB_PLUGINS.find(existsSync);
  return program && plugin ? { program, plugin } : null;
}

/** A Python that can make the judges' environment, or null. */
function python() {
  const enough = "import sys, ensurepip; sys.exit(sys.version_info < (3, 11))";
  return PYTHONS.find((name) => which(name) && output(name, ["-c", enough]) !== null) ?? null;
}

/** The judges' Python, or null while it is not made. */
export function judgePython() {
  const path = join(root, VENV, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  return existsSync(path) ? path : null;
}

/** What is missing for the whole of `npm test`: name and how to get it. */
export function missing() {
  const lacking = TOOLS.filter((tool) => !tool.there()).map(({ name, packages }) => ({
    name,
    install: `apt-get install ${packages.join(" ")}`,
  }));
  if (!judgePython()) lacking.push({ name: "pydicom", install: "node tools/setup.mjs --tests" });
  return lacking;
}

/** Installs what it can: Debian's packages as root, Python's into a folder of the project. */
export async function judges() {
  const packages = TOOLS.filter((tool) => !tool.there()).flatMap((tool) => tool.packages);
  if (packages.length > 0 && which("apt-get") && process.getuid?.() === 0) {
    say(`· Debian packages: ${packages.join(" ")}`);
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    // What cannot be had is named at the end of the tests; with CI set it fails them there.
    if (run("apt-get", ["update", "-qq"], env)) {
      run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], env);
    }
  }
  const maker = python();
  if (maker === null) return;
  await step({
    title: "Python environment of the judges",
    stamp: `${VENV}/.stamp`,
    from: digest(["tools/requirements.txt"]),
    work: () => {
      const made =
        run(maker, ["-m", "venv", "--clear", VENV]) &&
        run(judgePython() ?? maker, ["-m", "pip", "install", "-q", "-r", "tools/requirements.txt"]);
      if (!made) throw new Error("pip could not install tools/requirements.txt");
    },
  });
}
