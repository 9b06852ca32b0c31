/** What of a header may stand in a report: defined terms and UIDs of the standard. Anything else could be somebody's name. */

/** Modality (0008,0060), PS3.3 C.7.3.1.1.1, retired terms included. */
const MODALITIES = new Set(
  (
    "ANN AR ASMT AU BDUS BI BMD CFM CR CT CTPROTOCOL DMS DG DOC DX ECG EEG EMG EOG EPS ES FID GM HC HD IO IOL IVOCT IVUS KER KO LEN LS " +
    "M3D MG MR NM OAM OCT OP OPM OPT OPTBSV OPTENF OPV OSS OT PA PLAN POS PR PT PX REG RESP RF RG RTDOSE RTIMAGE RTINTENT RTPLAN RTRAD " +
    "RTRECORD RTSEGANN RTSTRUCT RWV SEG SM SMR SR SRF STAIN TEXTUREMAP TG US VA XA XAPROTOCOL XC " +
    "AS CD CF CP CS DD DF DM DS EC FA FS LP MA MS OPR ST VF"
  ).split(" "),
);

/**
 * @param {string | null | undefined} modality
 * @returns {string | null}
 */
export function definedModality(modality) {
  return typeof modality === "string" && MODALITIES.has(modality) ? modality : null;
}

/**
 * @param {string | null | undefined} uid
 * @returns {string | null}
 */
export function standardUid(uid) {
  return typeof uid === "string" && /^1\.2\.840\.10008(?:\.\d{1,10}){1,10}$/u.test(uid) ? uid : null;
}
