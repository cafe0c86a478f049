import type { Project } from '../../api/contract/index.ts';
import { act } from '../act.ts';
import { pathOf } from '../api.ts';
import { foreseeTrust } from '../foresee.ts';
import type { Run } from '../spec.ts';

export const run: Run = async (cli, input) => {
  const [project = ''] = input.args;
  const body = { trusted: !input.flag('revoke') };
  const foresee = () => foreseeTrust(cli.api, project, body.trusted);
  return act<Project>(
    cli,
    input,
    { label: project, method: 'POST', paths: [`${pathOf('projects', project)}/trust`], body, foresee },
    ({ name, trusted }) => [
      trusted ? `${name} is trusted: agents use its own settings.` : `${name} is not trusted: its own agent settings are ignored.`,
    ],
  );
};
