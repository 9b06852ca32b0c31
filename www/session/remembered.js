/**
 * Rectangles that a person has drawn once for a device and a size of image: proposed for its other images in this session, and rules
 * (policy `pixels.devices`) for sessions to come. They only draw: a person looks at each image all the same.
 */

/**
 * @typedef {import("./entry.js").Entry} Entry
 * @typedef {{x: number, y: number, w: number, h: number}} Area
 * @typedef {{name: string, when: {tag: string, value: string}[], masks: Area[]}} DeviceRule  as a policy has it
 */

/** Modality, manufacturer, model, rows, columns. */
const DEVICE_AND_MATRIX = ["0008,0060", "0008,0070", "0008,1090", "0028,0010", "0028,0011"];
const LONGEST_NAME = 100;
const LONGEST_VERSION = 32;

export class Devices {
  /** By device and size. @type {Map<string, DeviceRule>} */
  #rules = new Map();
  #session;

  /**
   * @param {{at: (n: number) => Entry | undefined, policy: object}} session
   */
  constructor(session) {
    this.#session = session;
  }

  /** @returns {DeviceRule[]} in the order in which they were drawn */
  get rules() {
    return [...this.#rules.values()];
  }

  /** The rule of an image's device and size. @param {number} n @returns {DeviceRule | null} */
  of(n) {
    return this.#rules.get(this.#keyOf(n) ?? "") ?? null;
  }

  /**
   * @param {number} n  an image of the device
   * @param {Area[]} masks
   * @returns {boolean}  false: the image does not say which device it is of
   */
  remember(n, masks) {
    const row = this.#session.at(n)?.row;
    const key = this.#keyOf(n);
    if (!row || key === null || masks.length === 0) return false;
    const { modality, screen, rows, columns } = row;
    const device = [modality ?? "", screen.maker ?? "", screen.model ?? ""];
    const values = [...device, String(rows), String(columns)];
    const when = DEVICE_AND_MATRIX.map((tag, i) => ({ tag, value: values[i] ?? "" }));
    const name = [...device, `${columns} × ${rows}`].join(" ").slice(0, LONGEST_NAME);
    this.#rules.delete(key);
    this.#rules.set(key, { name, when, masks: masks.map(({ x, y, w, h }) => ({ x, y, w, h })) });
    return true;
  }

  /** @param {DeviceRule} rule  of `rules` */
  forget(rule) {
    for (const [key, each] of this.#rules) if (each === rule) this.#rules.delete(key);
  }

  /** The policy of the session with these rules too, for sessions to come. Its version says that it is another. */
  get policy() {
    const policy = /** @type {any} */ (this.#session.policy);
    const devices = [...(policy.pixels?.devices ?? []), ...this.rules];
    const mark = `+devices.${devices.length}`;
    const version = String(policy.version).replace(/\+devices\.\d+$/, "");
    return {
      ...policy,
      version: `${version.slice(0, LONGEST_VERSION - mark.length)}${mark}`,
      pixels: { ...policy.pixels, devices },
    };
  }

  /** @param {number} n @returns {string | null}  null: nothing to know its device or size by */
  #keyOf(n) {
    const { modality, screen, rows, columns } = this.#session.at(n)?.row ?? {};
    if (!modality || !screen?.maker || !screen.model || !rows || !columns) return null;
    return JSON.stringify([modality, screen.maker, screen.model, rows, columns]);
  }
}
