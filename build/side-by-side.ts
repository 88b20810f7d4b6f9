import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

/**
 * Runs scripts of package.json at the same time: `node build/side-by-side.ts check:lint check:types`. What the last one says is seen as it
 * comes, what the others say whole when they have ended. Ends with the worst exit code of all.
 */
const root = resolve(import.meta.dirname, '..');
const names = process.argv.slice(2);

function run(name: string, isSeen: boolean): Promise<number> {
  return new Promise((done, fail) => {
    const stdio = isSeen ? 'inherit' : 'pipe';
    const child = spawn(`npm run ${name}`, { cwd: root, shell: true, stdio: ['ignore', stdio, stdio] });
    const said: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => said.push(chunk));
    child.on('error', fail);
    child.on('close', (code) => {
      process.stdout.write(Buffer.concat(said));
      // One that was ended from outside has no code.
      done(code ?? 1);
    });
  });
}

const codes = await Promise.all(names.map((name, place) => run(name, place === names.length - 1)));
process.exitCode = Math.max(0, ...codes);
