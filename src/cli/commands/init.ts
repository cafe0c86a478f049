import type { SyncStatus } from '../../api/contract/index.ts';
import { askUntil } from '../ask.ts';
import type { Cli } from '../cli.ts';
import { offerLogins } from '../doctor/logins.ts';
import { exits } from '../exit.ts';
import { keyTrouble, urlTrouble } from '../hub-address.ts';
import type { Input } from '../input.ts';
import { signedInLine, signInWith } from '../sign-in.ts';
import type { Run } from '../spec.ts';
import { syncLines } from '../sync-lines.ts';
import { settled } from '../sync-wait.ts';

export const run: Run = async (cli, input) => {
  if (!input.flag('local')) await offerLogins(cli);
  const present = await cli.api.get<SyncStatus>('/sync');
  if (!(await wanted(cli, input))) {
    cli.show(present, () => ['Everything stays on this machine. `ccm new "…"` gives an agent a task; `ccm init` again connects a hub.']);
    return exits.ok;
  }
  const url = input.text('url') ?? (await askUntil(cli, 'URL of the Supabase project?', urlTrouble));
  const key = input.text('key') ?? (await askUntil(cli, 'Publishable (anon) key?', keyTrouble));
  const name = input.text('name');
  const reply = await signInWith(cli, input, '/sync/enable', { url, key, ...(name === undefined ? {} : { name }) });
  cli.say(signedInLine(reply.data));
  const status = await settled(cli);
  cli.show(status, () => syncLines(cli, status.data));
  return status.data.state === 'online' || status.data.state === 'executing' ? exits.ok : exits.failed;
};

const wanted = async (cli: Cli, input: Input): Promise<boolean> => {
  if (input.flag('local')) return false;
  if (input.text('url') !== undefined) return true;
  const answer = await askUntil(cli, 'Enable Supabase? (y/n)', (text) => (/^(y(es)?|no?|)$/i.test(text) ? null : 'y or n?'));
  return /^y(es)?$/i.test(answer);
};
