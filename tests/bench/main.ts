import { progress } from './report.ts';

/** Every benchmark by name. Each is loaded only when it runs, so that one does not need what another does. */
const BENCHES: Readonly<Record<string, () => Promise<void>>> = {
  stream: async () => (await import('./stream.ts')).stream(),
  journey: async () => (await import('./journey.ts')).journey(),
  brush: async () => (await import('./brush.ts')).brush(),
  grid: async () => (await import('./grid.ts')).grid(),
  culling: async () => (await import('./culling.ts')).culling(),
  start: async () => (await import('./start.ts')).start(),
  library: async () => (await import('./library.ts')).library(),
  mask: async () => (await import('./mask.ts')).mask(),
  index: async () => (await import('./index.ts')).index(),
  import: async () => (await import('./import.ts')).importFiles(),
  export: async () => (await import('./export.ts')).exportZip(),
  rebuild: async () => (await import('./rebuild.ts')).rebuild(),
  snapshot: async () => (await import('./snapshot.ts')).snapshot(),
  check: async () => (await import('./check.ts')).check(),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  progress(`No benchmark is called ${unknown.join(' or ')}. There are: ${Object.keys(BENCHES).join(', ')}.`);
  process.exitCode = 2;
} else {
  for (const name of wanted.length > 0 ? wanted : Object.keys(BENCHES)) {
    progress(`${name} …`);
    await BENCHES[name]?.();
  }
}
