import type { RemovedProject } from '../../api/contract/index.ts';
import { act } from '../act.ts';
import { pathOf } from '../api.ts';
import type { Run } from '../spec.ts';

export const run: Run = async (cli, input) => {
  const [project = ''] = input.args;
  return act<RemovedProject>(cli, input, { label: project, method: 'DELETE', paths: [pathOf('projects', project)] }, () => [
    `Forgot ${project}; its folder is as it was.`,
  ]);
};
