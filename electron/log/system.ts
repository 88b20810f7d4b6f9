import { arch, homedir, platform, release } from 'node:os';

/** The first line of a run: version, host, system and runtime. */
export function startLine(version: string, host: 'desktop' | 'browser'): string {
  return `Emulsion ${version} started: ${host}, ${systemVersion()}, ${runtimeVersions()}`;
}

/** Name, version and processor of the system, such as `linux 6.18.0 x64`. */
export function systemVersion(): string {
  return `${platform()} ${release()} ${arch()}`;
}

/** Versions of Node, V8 and, on the desktop, Electron and Chromium. */
export function runtimeVersions(): string {
  const versions: Partial<NodeJS.ProcessVersions> = process.versions;
  const parts = ['node', 'v8', 'electron', 'chrome'].flatMap((name) => {
    const version = versions[name];
    return version === undefined ? [] : [`${name} ${version}`];
  });
  return parts.join(', ');
}

/** A text in which `~` stands for the person's home folder. */
export function withoutHome(text: string, home: string = homedir()): string {
  return home.length > 1 ? text.replaceAll(home, '~') : text;
}
