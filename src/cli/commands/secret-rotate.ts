import type { Rotated } from '../../api/contract/index.ts';
import { act } from '../act.ts';
import { pathOf } from '../api.ts';
import type { Run } from '../spec.ts';

export const run: Run = async (cli, input) => {
  const consequence = 'The stored secrets would be encrypted under a new key, and the token of the command line replaced.';
  const foresee = async () => ({ legal: true, consequence });
  const deed = { label: 'rotate', method: 'POST', paths: [pathOf('secrets', 'rotate')], body: {}, foresee } as const;
  return act<Rotated>(cli, input, deed, ({ rekeyed, entries }) => [
    rekeyed
      ? `Encrypted ${entries} ${entries === 1 ? 'secret' : 'secrets'} under a new key; the old key is gone.`
      : 'The keychain looks after its own key: nothing was to be done there.',
    'The token of the command line was replaced; the old one stopped working.',
  ]);
};
