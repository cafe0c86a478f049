import type { NewToken } from '../../api/contract/index.ts';
import { act } from '../act.ts';
import { usageError } from '../exit.ts';
import type { Run } from '../spec.ts';
import { oneLine } from '../width.ts';

const known = ['read', 'act', 'admin'];

export const run: Run = async (cli, input) => {
  const [name = ''] = input.args;
  const scopes = input.list('scope');
  const wrong = scopes.find((scope) => !known.includes(scope));
  if (wrong !== undefined) throw usageError(`There is no scope ${wrong}.`, 'Scopes are read, act and admin.');
  const days = input.number('days', 1, 3650);
  const body = { name, scopes: scopes.length === 0 ? ['read'] : scopes, ...(days === undefined ? {} : { days }) };
  const foresee = async () => ({
    legal: true,
    consequence: `A token ${name} with ${body.scopes.join(', ')} would be made${days === undefined ? '' : `, for ${days} days`}.`,
  });
  return act<NewToken>(cli, input, { label: name, method: 'POST', paths: ['/tokens'], body, foresee }, ({ token }) => {
    // The token alone on stdout: it can be piped into a secret store. It is not shown again.
    cli.note(`Token ${oneLine(name)} (${body.scopes.join(', ')}). Keep it: it is shown this one time.`);
    return [token];
  });
};
