import type { SecretList, SecretStored } from '../../api/contract/index.ts';
import { act } from '../act.ts';
import { pathOf } from '../api.ts';
import { usageError } from '../exit.ts';
import { askHidden } from '../hidden.ts';
import type { Run } from '../spec.ts';
import { readSource } from '../text-source.ts';

export const run: Run = async (cli, input) => {
  const [name = ''] = input.args;
  const foresee = async () => {
    const { data } = await cli.api.get<SecretList>('/secrets');
    const known = data.secrets.some((one) => one.name === name && !one.missing);
    return {
      legal: data.problem === null,
      consequence: known ? `The secret ${name} would be replaced.` : `A secret ${name} would be stored.`,
    };
  };
  const deed = { label: name, method: 'POST', paths: [pathOf('secrets')], foresee } as const;
  if (input.flag('dry-run')) return act(cli, input, deed, () => []);
  const file = input.text('file');
  const typed = file === undefined && cli.stdin().isTTY ? await askHidden(cli, `Value of ${name}: `) : await readSource(cli, file ?? '-');
  // The line break an editor or `echo` puts at the end is nobody's secret.
  const value = typed.replace(/\r?\n$/, '');
  if (value === '') throw usageError('The value is empty: nothing was stored.');
  return act<SecretStored>(cli, input, { ...deed, body: { name, value } }, ({ place }) => [
    `Stored ${name} in the ${place === 'keychain' ? 'keychain' : 'encrypted file'}. In config.toml: "{secret:${name}}".`,
  ]);
};
