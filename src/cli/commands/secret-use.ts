import type { PlaceMoved } from '../../api/contract/index.ts';
import { act } from '../act.ts';
import { pathOf } from '../api.ts';
import { usageError } from '../exit.ts';
import type { Run } from '../spec.ts';

export const run: Run = async (cli, input) => {
  const [place = ''] = input.args;
  if (place !== 'keychain' && place !== 'file') throw usageError(`There is no place ${place}.`, 'Places are keychain and file.');
  const abandon = input.flag('abandon');
  const name = place === 'keychain' ? 'keychain' : 'encrypted file';
  const foresee = async () => ({ legal: true, consequence: `Every stored secret would be moved to the ${name}.` });
  const deed = { label: place, method: 'POST', paths: [pathOf('secrets', 'place')], body: { place, abandon }, foresee } as const;
  return act<PlaceMoved>(cli, input, deed, ({ moved }) => [
    `Secrets go to the ${name} from now on; ${moved === 0 ? 'none was' : moved === 1 ? 'one was' : `${moved} were`} moved.`,
  ]);
};
