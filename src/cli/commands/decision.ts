/** approve, deny, answer. */
import type { Approval, InboxItem } from '../../api/contract/index.ts';
import { CcmError } from '../../errors.ts';
import { act } from '../act.ts';
import { pathOf } from '../api.ts';
import type { Cli } from '../cli.ts';
import { usageError } from '../exit.ts';
import type { Run } from '../spec.ts';
import { statusInk, statusText } from '../status.ts';
import { textFrom } from '../text-source.ts';
import { cut, oneLine } from '../width.ts';

export const decision =
  (verb: 'approve' | 'deny' | 'answer'): Run =>
  async (cli, input) => {
    const [named = '', argument] = input.args;
    const text = verb === 'answer' ? await textFrom(cli, argument, input.text('file'), 'answer') : undefined;
    const note = input.text('note');
    const id = await approvalNamed(cli, named);
    const body = text !== undefined ? { text } : note !== undefined ? { note } : {};
    return act<Approval>(cli, input, { label: named, method: 'POST', paths: [pathOf('approvals', id, verb)], body }, (approval) => {
      const word = statusText(approval.status);
      const waits = approval.waits ? [cli.paint.dim(approval.waits)] : [];
      const space = cli.columns() - approval.short.length - word.length - 4;
      return [
        `${cli.paint.bold(approval.short)}  ${statusInk(approval.status, cli.paint)(word)}  ${cut(oneLine(approval.text), Math.max(10, space))}`,
        ...waits,
      ];
    });
  };

/** A task may be named instead of what it asks, as long as it asks one thing only. Everything else is left to the API to find or refuse. */
const approvalNamed = async (cli: Cli, named: string): Promise<string> => {
  if (named === '') throw usageError('Which question?', '`ccm inbox` lists them.');
  const open = (await cli.api.get<InboxItem[]>('/inbox')).data.filter((item) => item.kind !== 'task');
  if (open.some((item) => item.id === named || item.short === named)) return named;
  const asked = open.filter(({ task }) => task && (task.id === named || task.short === named || oneLine(task.title).startsWith(named)));
  if (asked.length > 1)
    throw new CcmError('CCM_AMBIGUOUS', `The task ${asked[0]?.task?.short ?? named} asks ${asked.length} things.`, {
      matches: asked.map((item) => ({ short: item.short, title: oneLine(item.text) })),
      next: 'Give the id of the one you mean.',
    });
  return asked[0]?.id ?? named;
};
