import type { System } from '../../api/contract/index.ts';
import { age } from '../age.ts';
import { exits } from '../exit.ts';
import type { Run } from '../spec.ts';
import { table } from '../table.ts';

export const run: Run = async (cli) => {
  const reply = await cli.api.get<System[]>('/sync/systems');
  const now = cli.now();
  cli.show(reply, () => {
    if (reply.data.length === 0) return ['Only this machine. `ccm init` connects it to a hub.'];
    return table(
      [
        { title: 'SYSTEM', max: 24 },
        { title: 'ID' },
        { title: 'RUNS ON', max: 24 },
        { title: 'BUSY', right: true },
        { title: 'SEEN', right: true },
        { title: 'PROJECTS', flex: true },
      ],
      reply.data.map((one) => [
        one.here ? `${one.name} (here)` : one.name,
        one.short,
        one.os ?? '',
        one.running === null ? '' : String(one.running),
        one.here ? 'now' : one.lastSeen === null ? 'never' : age(Math.max(0, now - one.lastSeen)),
        one.projects.map(({ name }) => name).join(', '),
      ]),
      cli.columns(),
      cli.paint.dim,
    );
  });
  return exits.ok;
};
