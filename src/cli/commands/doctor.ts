import type { Check } from '../doctor/check.ts';
import { runChecks } from '../doctor/index.ts';
import { offerLogins } from '../doctor/logins.ts';
import { exits } from '../exit.ts';
import type { Run } from '../spec.ts';
import { pad, wrap } from '../width.ts';

export const run: Run = async (cli, input) => {
  if (input.flag('fix')) await offerLogins(cli);
  const checks = await runChecks(cli, { fix: input.flag('fix'), agents: input.flag('agents') });
  const broken = checks.filter(({ state }) => state === 'broken').length;
  const { paint } = cli;
  const looks = { fine: paint.green('✓'), odd: paint.yellow('!'), broken: paint.red('✗') } satisfies Record<Check['state'], string>;
  const left = Math.max(...checks.map(({ name }) => name.length));
  cli.show({ data: { healthy: broken === 0, checks } }, () => [
    ...checks.flatMap(({ name, state, says, next }) => {
      const [first = '', ...rest] = wrap(says, cli.columns() - left - 4);
      const indent = ' '.repeat(left + 4);
      return [
        `${looks[state]} ${pad(name, left)}  ${first}`,
        ...rest.map((line) => indent + line),
        ...(next && state !== 'fine' ? wrap(`→ ${next}`, cli.columns() - left - 4).map((line) => indent + paint.dim(line)) : []),
      ];
    }),
    broken === 0 ? paint.dim('Everything needed is there.') : `${broken} ${broken === 1 ? 'thing is' : 'things are'} broken.`,
  ]);
  return broken === 0 ? exits.ok : exits.failed;
};
