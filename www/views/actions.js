/** What a person can do. Views call these and nothing else. */
import { preferredLanguage, setLanguage } from "../words/words.js";
import * as intake from "./act-intake.js";
import * as look from "./act-look.js";
import * as record from "./act-record.js";
import * as run from "./act-run.js";
import * as settings from "./act-settings.js";
import { getState, setState } from "./store.js";

export const actions = {
  ...intake,
  ...look,
  ...record,
  ...run,
  ...settings,

  /** @param {"ja" | "en" | null} language null: what the browser asks for */
  setLanguage(language) {
    const chosen = language ?? preferredLanguage();
    setLanguage(chosen);
    setState({ language: chosen });
  },

  otherLanguage() {
    actions.setLanguage(getState().language === "ja" ? "en" : "ja");
  },

  closeDialog() {
    if (getState().dialog) setState({ dialog: null });
  },
};
