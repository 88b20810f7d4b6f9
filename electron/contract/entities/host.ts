/** What the shell around the studio can do. The renderer asks for abilities and never for which host it is on. */
export interface HostInfo {
  version: string;
  /**
   * Put before `/original/<image>`, `/preview/<image>`, `/thumbnail/<image>`, `/partial/<generation>/<index>`, `/input/<sha256>`,
   * `/input-thumbnail/<sha256>` or `/heat/<image>`. Previews and thumbnails show what a strict mask made; with the first 16 digits of its
   * hash behind the image, the address may be remembered.
   */
  imageBase: string;
  capabilities: {
    /** Can show a file in the system's file manager. */
    revealInFolder: boolean;
    /** Can let the person pick another library folder (takes effect at the next start). */
    chooseFolder: boolean;
    /** Keys survive the end of the program, encrypted by the system. */
    keepKeys: boolean;
  };
  /** Why keys are not kept, as a sentence, or null. */
  keysNote: string | null;
  /** The system, for the names of keys (⌘ or Ctrl) and the place of window controls. */
  platform: 'mac' | 'windows' | 'linux' | 'browser';
}

/** The end of the log file. */
export interface LogExcerpt {
  /** Absolute path of the file. */
  path: string;
  /** Oldest first. */
  lines: string[];
}
