import type { Project } from '../../api/contract/index.ts';
import { exits } from '../exit.ts';
import type { Run } from '../spec.ts';
import { table } from '../table.ts';
import { wrap } from '../width.ts';

export const run: Run = async (cli) => {
  const reply = await cli.api.get<Project[]>('/projects');
  cli.show(reply, () =>
    reply.data.length === 0
      ? ['No projects. `ccm project add` makes the folder you stand in one.']
      : [
          ...table(
            [
              { title: 'NAME', max: 24 },
              { title: 'KIND' },
              { title: 'BRANCH', max: 20, spare: 1 },
              { title: 'AGENT', max: 10, spare: 2 },
              { title: 'TRUSTED' },
              { title: 'FOLDER', flex: true },
            ],
            reply.data.map((project) => [
              { text: project.name, paint: cli.paint.bold },
              project.kind,
              project.branch ?? '',
              project.agent ?? '',
              project.trusted ? { text: 'yes', paint: cli.paint.yellow } : 'no',
              project.path,
            ]),
            cli.columns(),
            cli.paint.dim,
          ),
          ...reply.data.flatMap(({ name, notes }) => notes.flatMap((note) => wrap(`${name}: ${note}`, cli.columns()))),
        ],
  );
  return exits.ok;
};
