import type { InboxItem } from '../../api/contract/index.ts';
import { age, duration } from '../age.ts';
import type { Cli } from '../cli.ts';
import { exits } from '../exit.ts';
import type { Run } from '../spec.ts';
import { cut, oneLine, wrap } from '../width.ts';

export const run: Run = async (cli) => {
  const reply = await cli.api.get<InboxItem[]>('/inbox');
  cli.show(reply, () => (reply.data.length === 0 ? ['Nothing waits for you.'] : reply.data.flatMap((item) => itemLines(cli, item))));
  return exits.ok;
};

const itemLines = (cli: Cli, item: InboxItem): string[] => {
  const { paint } = cli;
  const columns = cli.columns();
  const since = age(cli.now() - item.since);
  const head = `${item.short}  ! ${item.kind}`;
  const about = [item.task ? `${item.task.short} ${oneLine(item.task.title)}` : '', item.project?.name ?? '', item.system ?? '']
    .filter(Boolean)
    .join(' · ');
  const space = columns - head.length - since.length - 4;
  const asked = wrap(item.tool ? `${item.tool}: ${item.text}` : item.text, columns - 7);
  const left = item.expiresAt === null ? '' : `Expires in ${duration(Math.max(0, item.expiresAt - cli.now()))}.`;
  return [
    `${paint.bold(item.short)}  ${paint.yellow(`! ${item.kind}`)}  ${cut(about, Math.max(10, space))}  ${paint.dim(since)}`,
    // A person decides on all of it; a text without end is for `ccm show`.
    ...asked.slice(0, 12).map((line) => `       ${line}`),
    ...(asked.length > 12 ? [`       … ${asked.length - 12} more lines: ccm logs ${item.task?.short ?? item.short}`] : []),
    ...(item.choices.length > 0
      ? wrap(`Choices: ${item.choices.map((choice) => `"${choice}"`).join(', ')}`, columns - 7).map((line) => `       ${line}`)
      : []),
    ...(item.policy
      ? wrap(`Policy: ${item.policy.rule}${item.policy.reason ? ` (${item.policy.reason})` : ''}`, columns - 7).map((line) =>
          paint.dim(`       ${line}`),
        )
      : []),
    ...(left === '' ? [] : [paint.dim(`       ${left}`)]),
    paint.dim(`       ${waysOut(item)}`),
  ];
};

const waysOut = ({ kind, short, status, task }: InboxItem): string => {
  if (kind === 'approval') return `ccm approve ${short} · ccm deny ${short}`;
  if (kind === 'question') return `ccm answer ${short} "…"`;
  const stuck = task?.short ?? short;
  if (status === 'overBudget') return `ccm resume ${stuck} · ccm budget ${stuck} DOLLARS · ccm stop ${stuck}`;
  return `ccm show ${task?.short ?? short} · ccm why ${task?.short ?? short} · ccm retry ${task?.short ?? short}`;
};
