import { act } from '../act.ts';
import { pathOf } from '../api.ts';
import type { Run } from '../spec.ts';

export const run: Run = async (cli, input) => {
  const [name = ''] = input.args;
  const foresee = async () => ({
    legal: true,
    consequence: `The secret ${name} would be forgotten; agents that refer to it would not start.`,
  });
  return act(cli, input, { label: name, method: 'DELETE', paths: [pathOf('secrets', name)], foresee }, () => [`Forgot ${name}.`]);
};
