import type { TokenView } from '../../api/contract/index.ts';
import { CcmError } from '../../errors.ts';
import { act } from '../act.ts';
import { pathOf } from '../api.ts';
import type { Run } from '../spec.ts';

export const run: Run = async (cli, input) => {
  const [named = ''] = input.args;
  const { data: tokens } = await cli.api.get<TokenView[]>('/tokens');
  const exact = tokens.filter((token) => token.id === named);
  const found = exact.length > 0 ? exact : tokens.filter((token) => token.name === named);
  if (found.length > 1)
    throw new CcmError('CCM_AMBIGUOUS', `${found.length} tokens are called ${named}.`, {
      matches: found.map(({ id, name }) => ({ id, name })),
      next: 'Give the id of the one you mean.',
    });
  const id = found[0]?.id ?? named;
  const foresee = async () => ({
    legal: found.length > 0,
    consequence: found.length > 0 ? `The token ${named} would stop working at once.` : `There is no token ${named}.`,
  });
  return act(cli, input, { label: named, method: 'DELETE', paths: [pathOf('tokens', id)], foresee }, () => [
    `Revoked ${named}: it stopped working.`,
  ]);
};
