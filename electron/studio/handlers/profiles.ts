import type { ProfileId } from '../../contract/entities/ids.ts';
import type { ProbeReport } from '../../contract/catalogue/servers.ts';
import { listModels } from '../../images-api/client.ts';
import { readSettings } from './read-settings.ts';
import { probeProfile, type ProbeProfileOptions } from '../profiles/probe-profile.ts';
import type { HandlerGroup, HandlerContext } from './context.ts';

export function profileHandlers(context: HandlerContext): HandlerGroup<'profiles'> {
  const { preferences, library, connections, emit, ending } = context;
  const probes = new Map<string, Promise<ProbeReport>>();
  /** A second call during a probe, for example from another window, gets the same result: the test image is billed once. */
  function probe(profileId: ProfileId, options: ProbeProfileOptions): Promise<ProbeReport> {
    const key = `${options.spend} ${profileId}`;
    const begun = probes.get(key) ?? probeProfile(context, profileId, options).finally(() => probes.delete(key));
    probes.set(key, begun);
    return begun;
  }
  /** Awaits a change, then emits the new settings. */
  async function changing<R>(change: Promise<R>): Promise<R> {
    const result = await change;
    emit({ type: 'settings', settings: readSettings(preferences, library) });
    return result;
  }
  return {
    'profiles.save': (draft) => changing(preferences.saveProfile(draft)),
    'profiles.remove': ({ profileId }) => changing(preferences.removeProfile(profileId).then(() => null)),
    'profiles.setKey': ({ profileId, key }) => changing(preferences.setKey(profileId, key)),
    'profiles.removeKey': ({ profileId }) => changing(preferences.removeKey(profileId)),
    'profiles.probe': ({ profileId, ...options }) => changing(probe(profileId, options)),
    'profiles.check': async ({ profileId }) => listModels(await connections.connect(profileId), ending),
  };
}
