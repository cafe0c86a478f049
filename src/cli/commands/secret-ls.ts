import type { SecretList } from '../../api/contract/index.ts';
import type { Cli } from '../cli.ts';
import { exits } from '../exit.ts';
import type { Run } from '../spec.ts';
import { table } from '../table.ts';
import { wrap } from '../width.ts';

export const run: Run = async (cli) => {
  const reply = await cli.api.get<SecretList>('/secrets');
  cli.show(reply, () => lines(cli, reply.data));
  return reply.data.problem === null ? exits.ok : exits.failed;
};

const lines = (cli: Cli, { secrets, place, where, problem }: SecretList): string[] => {
  const at = place === 'keychain' ? `in the keychain, as ${where}` : `in ${where}, encrypted`;
  const told =
    problem === null ? wrap(`${secrets.some(({ missing }) => !missing) ? 'They are' : 'They would go'} ${at}.`, cli.columns()) : [];
  const trouble = problem === null ? [] : wrap(`✗ ${problem.detail}`, cli.columns());
  if (secrets.length === 0) return ['No secrets are stored.', ...told, ...trouble];
  return [
    ...table(
      [{ title: 'NAME', flex: true }, { title: '' }, { title: 'USED BY', flex: true }],
      secrets.map(({ name, usedBy, missing }) => [
        name,
        missing ? { text: '✗ not stored', paint: cli.paint.red } : '',
        usedBy.join(', ') || { text: 'no agent', paint: cli.paint.dim },
      ]),
      cli.columns(),
      cli.paint.dim,
    ),
    ...told,
    ...trouble,
  ];
};
