/** The host's capabilities. The renderer checks these, never which host it runs on. */
export interface HostInfo {
  version: string;
  /**
   * Prefix of `/original/<image>`, `/shown/<image>` (upright in every browser), `/preview/<image>`, `/thumbnail/<image>`, `/partial/<generation>/<index>`, `/input/<sha256>`,
   * `/input-thumbnail/<sha256>` and `/heat/<image>`. Previews and thumbnails show the masked result if there is one; with the first 16
   * digits of its hash appended, the URL can be cached.
   */
  imageBase: string;
  capabilities: {
    /** Can show a file in the system's file manager. */
    revealInFolder: boolean;
    /** Can show a dialog to choose another library folder (takes effect at the next start). */
    chooseFolder: boolean;
    /** Keys are stored between sessions, encrypted by the system. */
    keepKeys: boolean;
  };
  /** Why keys aren't stored, as a sentence, or null. */
  keysNote: string | null;
  /** For key names (⌘ or Ctrl) and the position of the window controls. */
  platform: 'mac' | 'windows' | 'linux' | 'browser';
}

/** The end of the log file. */
export interface LogExcerpt {
  /** Absolute path of the file. */
  path: string;
  /** Oldest first. */
  lines: string[];
}
