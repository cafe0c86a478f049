import type { Project } from '../../api/contract/index.ts';
import { act } from '../act.ts';
import { pathOf } from '../api.ts';
import type { Run } from '../spec.ts';
import { wrap } from '../width.ts';

/** Both words for it: `project trust` and `project untrust`, and `project trust --revoke`, which means the second. */
const saying =
  (wanted: boolean): Run =>
  async (cli, input) => {
    const [project = ''] = input.args;
    const body = { trusted: wanted && !input.flag('revoke') };
    return act<Project>(
      cli,
      input,
      { label: project, method: 'POST', paths: [`${pathOf('projects', project)}/trust`], body },
      ({ name, trusted, trustMeans }) => [
        `${name} is ${trusted ? '' : 'not '}trusted, from the next start of an agent on.`,
        ...wrap(trustMeans, cli.columns()),
        ...(trusted ? [`\`ccm project untrust ${name}\` takes it back.`] : []),
      ],
    );
  };

export const run = saying(true);
export const untrust = saying(false);
