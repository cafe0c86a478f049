import type { Panicked } from '../../api/contract/index.ts';
import { act } from '../act.ts';
import { foreseePanic } from '../foresee.ts';
import type { Run } from '../spec.ts';

export const run: Run = async (cli, input) =>
  act<Panicked>(
    cli,
    input,
    { label: 'panic', method: 'POST', paths: ['/panic'], body: {}, foresee: () => foreseePanic(cli.api) },
    ({ stopped, tasks }) => [
      stopped === 0 ? 'Nothing was running.' : `Told ${stopped} ${stopped === 1 ? 'task' : 'tasks'} to end at once.`,
      ...(tasks.length > 0 ? ['`ccm ls --all` shows them; `ccm retry` begins again.'] : []),
    ],
  );
