/**
 * Imported before the host's own code: ends the process with SIGKILL at a step of a save, as `EMULSION_KILL_AT=<step>:<count>` says.
 * The channel is the one that `electron/library/files/originals.ts` publishes to.
 */
import { channel } from 'node:diagnostics_channel';

const [step, count] = (process.env['EMULSION_KILL_AT'] ?? '').split(':');
let reached = 0;
channel('emulsion.library.save').subscribe((message) => {
  if ((message as { step: string }).step !== step) return;
  reached += 1;
  if (reached === Number(count)) process.kill(process.pid, 'SIGKILL');
});
