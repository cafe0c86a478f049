import { resolve } from 'node:path';
import type { Project } from '../../api/contract/index.ts';
import { act } from '../act.ts';
import { usageError } from '../exit.ts';
import type { Run } from '../spec.ts';
import { pairs } from '../table.ts';

export const run: Run = async (cli, input) => {
  const given = input.args[0] ?? '.';
  // An unset variable in a script shall not add the folder it happens to stand in.
  if (given.trim() === '') throw usageError('The path is empty.', 'Use: ccm project add ~/code/shop');
  const path = resolve(cli.cwd, given);
  const [name, agent] = [input.text('name'), input.text('agent')];
  const body = { path, ...(name === undefined ? {} : { name }), ...(agent === undefined ? {} : { agent }) };
  return act<Project>(cli, input, { label: path, method: 'POST', paths: ['/projects'], body }, (project) =>
    pairs(
      [
        ['project', { text: project.name, paint: cli.paint.bold }],
        ['folder', project.path],
        ['kind', project.kind === 'git' ? `git, branch ${project.branch ?? 'none'}` : 'no git: one task at a time'],
        ['agent', project.agent],
        ['notes', project.notes.join(' ')],
      ],
      cli.columns(),
      cli.paint.dim,
    ),
  );
};
