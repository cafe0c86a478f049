import { exits } from '../exit.ts';
import { openService, sure } from '../service.ts';
import type { Run } from '../spec.ts';
import { pairs } from '../table.ts';

export const run: Run = async (cli) => {
  const { service, spec } = await openService(cli);
  if (service.installed().length === 0) {
    cli.show({ data: { installed: false } }, () => ['The service is not installed: `ccm service install` does it.']);
    return exits.ok;
  }
  const wanted = await spec();
  const facts = sure(await service.facts(wanted.ok ? wanted.value : undefined));
  const { paint } = cli;
  const runs = facts.pid !== null;
  cli.show({ data: facts }, () => [
    ...pairs(
      [
        ['service', facts.name],
        [
          'state',
          {
            text: [facts.state, facts.pid === null ? '' : `process ${facts.pid}`].filter(Boolean).join(', '),
            paint: runs ? paint.green : paint.red,
          },
        ],
        ['says', facts.says],
        ['restarts', facts.restarts === null ? null : String(facts.restarts)],
        ['starts', facts.enabled === false ? 'only by hand' : facts.linger === false ? 'when you log in' : 'at boot'],
        ['files', facts.files.join(', ')],
      ],
      cli.columns(),
      paint.dim,
    ),
    ...(facts.linger === false ? ['It ends when you log out, agents too. To keep both from boot on: `loginctl enable-linger`.'] : []),
    ...(facts.outdated ? ['Its files are not what an install would write now: run `ccm service install` again.'] : []),
  ]);
  return runs ? exits.ok : exits.failed;
};
