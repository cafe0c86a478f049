/** Played by an unprivileged user: as root no mode refuses anything. */
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { secretStore } from '../../../adapters/secrets/index.ts';
import { realClock } from '../../support/real-clock.ts';

export const closedVault = async (folder: string) => {
  const say = async (place: string): Promise<string | null> => {
    const secrets = secretStore({ folder: place, clock: realClock, prefer: 'file' });
    const put = await secrets.set('key', 'canary');
    if (!put.ok) return put.problem.code;
    const got = await secrets.get('key');
    return got.ok ? got.value : got.problem.code;
  };
  const own = join(folder, 'secrets');
  const said: Record<string, string | null> = { 'own vault': await say(own) };
  const foreign = await secretStore({ folder: '/usr/share', clock: realClock, prefer: 'file' }).get('key');
  said['foreign folder'] = foreign.ok ? null : foreign.problem.detail;
  chmodSync(own, 0o000);
  said['folder without rights'] = await say(own);
  chmodSync(own, 0o700);
  const closed = join(folder, 'closed');
  mkdirSync(closed, { mode: 0o500 });
  said['folder that cannot be made'] = await say(join(closed, 'secrets'));
  return said;
};
