import type { HostInfo } from '../contract/entities/host.ts';
import type { KeyStore } from './key-store.ts';

const PLATFORMS: Partial<Record<NodeJS.Platform, HostInfo['platform']>> = { darwin: 'mac', win32: 'windows' };

/** Returns the desktop's capabilities for the page. */
export function getHostInfo(version: string, platform: NodeJS.Platform, keys: KeyStore): HostInfo {
  return {
    version,
    imageBase: '/images',
    capabilities: { revealInFolder: true, chooseFolder: true, keepKeys: keys.cipher !== null },
    keysNote: keys.note,
    platform: PLATFORMS[platform] ?? 'linux',
  };
}
