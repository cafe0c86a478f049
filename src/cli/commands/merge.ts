import type { Merged } from '../../api/contract/index.ts';
import { CcmError } from '../../errors.ts';
import { act, type Deed } from '../act.ts';
import { pathOf } from '../api.ts';
import { quoted } from '../quoted.ts';
import type { Run } from '../spec.ts';

export const run: Run = async (cli, input) => {
  const [id = ''] = input.args;
  const deed: Deed = {
    label: id,
    method: 'POST',
    paths: [pathOf('tasks', id, 'merge')],
    body: {},
  };
  try {
    return await act<Merged>(cli, input, deed, ({ commit, branch }) => [`Merged into ${branch} as ${commit.slice(0, 12)}.`]);
  } catch (thrown) {
    if (!(thrown instanceof CcmError) || thrown.code !== 'CCM_WORKTREE_DIRTY') throw thrown;
    throw new CcmError(thrown.code, thrown.message, {
      ...thrown.extra,
      next: `Let the agent commit it: ccm send ${quoted(id)} "Commit your work"`,
    });
  }
};
