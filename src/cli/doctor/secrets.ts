/** Where secrets rest, whether that can be used now, and which are missing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SecretList } from '../../api/contract/index.ts';
import { CcmError, catalogue } from '../../errors.ts';
import type { Cli } from '../cli.ts';
import { runningDaemon } from '../daemon-process.ts';
import { broken, type Check, fine, odd } from './check.ts';

export const secretChecks = async (cli: Cli): Promise<Check[]> => {
  if (!(await runningDaemon(cli))) return [remembered(cli)];
  try {
    return checksOf((await cli.api.get<SecretList>('/secrets')).data);
  } catch (thrown) {
    if (!(thrown instanceof CcmError)) throw thrown;
    return [odd('secrets', thrown.message, '`ccm logs --daemon` tells more.')];
  }
};

const checksOf = ({ place, where, settled, problem, passedOver, secrets }: SecretList): Check[] => {
  if (problem) {
    const next = problem.code === 'CCM_KEYCHAIN_AWAY' ? catalogue.CCM_KEYCHAIN_AWAY.next : catalogue.CCM_SECRETS_UNSAFE.next;
    return [broken('secrets', problem.detail, next)];
  }
  const at = place === 'keychain' ? `in the keychain, as ${where}` : `in an encrypted file, ${where}`;
  const why = passedOver === null ? '' : ` (${passedOver.replace(/\.$/, '')})`;
  const stored = secrets.filter(({ missing }) => !missing).length;
  return [
    fine('secrets', settled ? `${stored} stored ${at}` : `none stored; they would go ${at}${why}`),
    ...secrets
      .filter(({ missing }) => missing)
      .map(({ name, usedBy }) =>
        odd('secrets', `${usedBy.join(', ')} refers to ${name}, which is not stored.`, `\`ccm secret set ${name}\``),
      ),
  ];
};

/** Without the daemon: what was chosen, from its own note. */
const remembered = ({ home }: Cli): Check => {
  try {
    const note: unknown = JSON.parse(readFileSync(join(home.secrets, 'place.json'), 'utf8'));
    const place = typeof note === 'object' && note !== null && 'place' in note ? String(note.place) : '';
    if (place === 'keychain' || place === 'file')
      return fine('secrets', place === 'keychain' ? 'in the keychain' : `in an encrypted file, ${join(home.secrets, 'vault.json')}`);
    return broken('secrets', `${join(home.secrets, 'place.json')} is damaged.`, catalogue.CCM_SECRETS_UNSAFE.next);
  } catch {
    return fine('secrets', 'none stored'); // No note: nothing was chosen yet.
  }
};
