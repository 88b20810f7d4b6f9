import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { Worker } from 'node:worker_threads';

/*
 * Which authorities are trusted: Node's own list, the system's store, and the person's extra certificates. It holds for every TLS
 * connection of this process: requests, downloads and proxies. No environment variable or start option is needed, which the packaged app
 * doesn't take.
 */

/** Reads the system's store in a thread of its own: a keychain may take seconds. */
const READ_SYSTEM = `
  const { parentPort } = require('node:worker_threads');
  let found = [];
  try { found = require('node:tls').getCACertificates('system'); } catch {}
  parentPort.postMessage(found);
`;

/** Where Linux distributions keep their list, for a Node that was built for another one. The first file that is there counts. */
const LINUX_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** A store that takes longer isn't waited for; it is used as soon as it is read. */
const MAX_WAIT_MS = 10_000;

let own: readonly string[] | null = null;
let system: readonly string[] = [];
let reading: Promise<void> | null = null;
let extra: readonly string[] = [];
let applied: ReadonlySet<string> | null = null;

/** Trusts these certificates too, in PEM, from the next connection on. Replaces those of an earlier call. */
export function trustAlso(certificates: readonly string[]): void {
  extra = [...certificates];
}

/** Resolves when the current lists are in use. Reads the system's store at the first call, without blocking. */
export async function ensureTrust(): Promise<void> {
  reading ??= readSystem().then((found) => void (system = found));
  await Promise.race([reading, wait(MAX_WAIT_MS, undefined, { ref: false })]);
  own ??= getCACertificates('default');
  const wanted = new Set([...own, ...system, ...extra]);
  const current = applied ?? new Set(own);
  if (wanted.size === current.size && [...wanted].every((one) => current.has(one))) return;
  use([...wanted]);
  applied = wanted;
}

/** Node takes all or none: what it can't read is left out, so that one damaged certificate of a system doesn't end every connection. */
function use(certificates: string[]): void {
  try {
    setDefaultCACertificates(certificates);
  } catch {
    setDefaultCACertificates(certificates.filter(isReadable));
  }
}

function isReadable(certificate: string): boolean {
  try {
    return new X509Certificate(certificate).raw.length > 0;
  } catch {
    return false;
  }
}

async function readSystem(): Promise<readonly string[]> {
  const found = await readSystemInThread();
  return found.length > 0 || process.platform !== 'linux' ? found : readLinuxBundle();
}

function readSystemInThread(): Promise<readonly string[]> {
  return new Promise((resolve) => {
    try {
      const thread = new Worker(READ_SYSTEM, { eval: true });
      thread.unref();
      thread.once('message', (found: string[]) => resolve(found));
      // Without the system's store, Node's own list is used as before.
      thread.once('error', () => resolve([]));
      thread.once('exit', () => resolve([]));
    } catch {
      resolve([]);
    }
  });
}

async function readLinuxBundle(): Promise<readonly string[]> {
  for (const path of LINUX_BUNDLES) {
    const text = await readFile(path, 'latin1').catch(() => null);
    if (text !== null) return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/gu) ?? [];
  }
  return [];
}
