import type { Merged } from '../../api/contract/index.ts';
import { act } from '../act.ts';
import { pathOf } from '../api.ts';
import { foreseeMerge } from '../foresee.ts';
import type { Run } from '../spec.ts';

export const run: Run = async (cli, input) => {
  const [id = ''] = input.args;
  return act<Merged>(
    cli,
    input,
    { label: id, method: 'POST', paths: [pathOf('tasks', id, 'merge')], body: {}, foresee: () => foreseeMerge(cli.api, id) },
    ({ commit, branch }) => [`Merged into ${branch} as ${commit.slice(0, 12)}.`],
  );
};
