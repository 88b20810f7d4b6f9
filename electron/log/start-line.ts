import { arch, platform, release } from 'node:os';

/** The first line of a run, for {@link AppLog.info}: version, host, system and runtime. */
export function startLine(version: string, host: 'desktop' | 'browser'): string {
  const versions: Partial<NodeJS.ProcessVersions> = process.versions;
  const electron = versions['electron'];
  const runtime = `${electron === undefined ? '' : `Electron ${electron}, `}Node ${process.versions.node}`;
  return `Emulsion ${version} started: ${host}, ${platform()} ${release()} ${arch()}, ${runtime}`;
}
