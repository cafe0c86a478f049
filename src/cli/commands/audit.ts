import type { AuditRow } from '../../api/contract/index.ts';
import { age } from '../age.ts';
import { byText } from '../by.ts';
import { exits } from '../exit.ts';
import type { Run } from '../spec.ts';
import { table } from '../table.ts';
import { oneLine } from '../width.ts';

export const run: Run = async (cli, input) => {
  const limit = input.number('limit', 1, 1000) ?? 30;
  const reply = await cli.api.get<AuditRow[]>('/audit', { limit, refused: input.flag('refused') });
  const now = cli.now();
  cli.show(reply, () =>
    reply.data.length === 0
      ? ['Nothing is written down yet.']
      : table(
          [{ title: 'AGE', right: true }, { title: 'BY', max: 24 }, { title: 'WHAT', flex: true }, { title: 'OUTCOME' }],
          reply.data.map(({ at, by, what, outcome, inside, count }) => [
            age(now - at),
            inside === null ? byText(by) : `${byText(by)} in ${byText(`agent:${inside}`)}`,
            oneLine(what),
            outcome === 'ok' ? 'ok' : { text: `✗ ${outcome.replace(/^CCM_/, '')}${count > 1 ? ` ×${count}` : ''}`, paint: cli.paint.red },
          ]),
          cli.columns(),
          cli.paint.dim,
        ),
  );
  return exits.ok;
};
