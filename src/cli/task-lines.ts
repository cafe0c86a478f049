/** Tasks for people: one line, a table, a sheet. */
import type { Task } from '../api/contract/index.ts';
import { age, duration, localTime } from './age.ts';
import type { Cli } from './cli.ts';
import { limitText } from './limit-text.ts';
import { statusCell, statusInk, statusText, statusWord } from './status.ts';
import { pairs, table } from './table.ts';
import { costText, tokensText, usageText } from './usage-lines.ts';
import { cut, oneLine, safeText, widthOf } from './width.ts';

/** `7k3qd  ● working  Fix the login redirect`, and ` · workshop` where another machine has it. */
export const taskLine = (cli: Cli, { short, status, title, system }: Pick<Task, 'short' | 'status' | 'title' | 'system'>): string => {
  const word = statusText(status);
  const where = system ? ` · ${cut(oneLine(system), 20)}` : '';
  const space = cli.columns() - short.length - word.length - widthOf(where) - 4;
  return `${cli.paint.bold(short)}  ${statusInk(status, cli.paint)(word)}  ${cut(oneLine(title), Math.max(10, space))}${cli.paint.dim(where)}`;
};

/** What was asked of another machine and is not done there yet. */
export const waitsLines = (cli: Cli, { notes, system }: Pick<Task, 'notes' | 'system'>): string[] =>
  system ? notes.filter((note) => note.startsWith('`')).map((note) => cli.paint.dim(note)) : [];

export const taskTable = (cli: Cli, tasks: readonly Task[]): string[] => {
  const now = cli.now();
  const used = tasks.some((task) => usedCell(task) !== '');
  // Where everything is done here, nobody needs to read so.
  const away = tasks.some(({ system }) => system);
  return table(
    [
      { title: 'ID' },
      { title: 'STATUS' },
      { title: 'TITLE', flex: true },
      { title: 'PROJECT', max: 14, spare: 2 },
      { title: 'AGENT', max: 10, spare: 3 },
      ...(away ? [{ title: 'SYSTEM', max: 12 }] : []),
      ...(used ? [{ title: 'USED', right: true, spare: 1 }] : []),
      { title: 'AGE', right: true },
    ],
    tasks.map((task) => [
      { text: task.short, paint: cli.paint.bold },
      statusCell(task.status, cli.paint),
      task.title,
      task.project.name,
      task.profile,
      ...(away ? [task.system ?? 'here'] : []),
      ...(used ? [usedCell(task)] : []),
      { text: age(now - task.updatedAt), paint: cli.paint.dim },
    ]),
    cli.columns(),
    cli.paint.dim,
  );
};

/** The table and what it adds up to; a hint when there is nothing. */
export const listLines = (cli: Cli, tasks: readonly Task[], total = tasks.length): string[] => {
  if (tasks.length === 0) return ['No open tasks. `ccm new "…"` makes one, `ccm ls --all` shows ended ones.'];
  const numbers = new Map<string, number>();
  for (const { status } of tasks) numbers.set(status, (numbers.get(status) ?? 0) + 1);
  const parts = [...numbers].map(([status, n]) => `${n} ${statusWord(status)}`);
  if (total > tasks.length) parts.push(`${total - tasks.length} more: --limit`);
  return [...taskTable(cli, tasks), cli.paint.dim(parts.join(' · '))];
};

/** Money where it is known, else tokens. */
const usedCell = ({ usage }: Task): string =>
  usage && usage.requests > 0 ? costText(usage) || `${tokensText(usage.input + usage.output)} tok` : '';

/** `exit 0 · 2m 03s · 3 files +40 −2`, of the parts that are known. */
export const resultText = (task: Task): string => {
  const { result } = task;
  if (!result) return '';
  const { exitCode, signal, durationMs, diff } = result;
  return [
    exitCode !== null
      ? `exit ${exitCode}`
      : signal !== null
        ? `ended by signal ${signal}`
        : task.status === 'interrupted'
          ? 'exit status unknown'
          : '',
    durationMs === null ? '' : duration(durationMs),
    diff ? diffText(diff) : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
};

export const diffText = ({ files, insertions, deletions }: { files: number; insertions: number; deletions: number }): string =>
  files === 0 ? 'no files changed' : `${files} ${files === 1 ? 'file' : 'files'} +${insertions} −${deletions}`;

/** What a person wants to know once a task has ended. */
export const resultLines = (cli: Cli, task: Task): string[] => [
  ...pairs(
    [
      ['result', resultText(task)],
      ['reason', task.status === 'succeeded' ? null : task.reason],
      ['summary', task.result?.summary ?? null],
      ['branch', task.branch],
    ],
    cli.columns(),
    cli.paint.dim,
  ),
  ...outputLines(cli, task.result?.output ?? null, 5),
];

/** The last lines of the output, indented, each cut to the terminal. */
const outputLines = (cli: Cli, output: string | null, most: number): string[] => {
  if (!output) return [];
  const lines = safeText(output)
    .split('\n')
    .map((line) => line.replaceAll('\t', '    ').trimEnd())
    .filter((line) => line !== '');
  return lines.slice(-most).map((line) => cli.paint.dim(`  │ ${cut(line, cli.columns() - 4)}`));
};

/** Everything of one task that a person reads. */
export const taskSheet = (cli: Cli, task: Task): string[] => {
  const now = cli.now();
  const when = (at: number | null): string | null => (at === null ? null : `${localTime(at)} (${age(now - at)})`);
  const prompt = oneLine(task.prompt);
  return [
    taskLine(cli, task),
    ...pairs(
      [
        ['project', task.project.name],
        ['system', task.system ?? null],
        [
          'away',
          task.hereInstead
            ? `${task.system ?? 'it'} is away; \`ccm run-here ${task.short}\` does it here, in ${task.hereInstead.name}`
            : null,
        ],
        ['agent', [task.profile, task.agentState ? statusText(task.agentState.status) : ''].filter(Boolean).join('  ')],
        ['limit', limitText(task.agentState?.limit ?? null, now)],
        ['progress', task.ended ? null : (task.agentState?.progress ?? null)],
        ['prompt', prompt === oneLine(task.title) ? null : cut(prompt, 300)],
        ['forked from', task.from ? `${task.from.short} ${oneLine(task.from.title)}` : null],
        ['attempt', task.attempt > 1 ? String(task.attempt) : null],
        ['priority', task.priority === 0 ? null : String(task.priority)],
        ['waits for', task.waitsFor.join(', ')],
        ['starts', task.startAt !== null && task.startAt > now ? `${localTime(task.startAt)} (in ${duration(task.startAt - now)})` : null],
        ['created', when(task.createdAt)],
        ['started', when(task.startedAt)],
        ['ended', when(task.endedAt)],
        ['result', task.result ? { text: resultText(task), paint: statusInk(task.status, cli.paint) } : null],
        ['reason', task.reason],
        ['summary', task.result?.summary ?? null],
        ['used', task.usage ? usageText(task.usage) : null],
        ['budget', task.budget === null ? null : `$${(task.budget / 1_000_000).toFixed(2)}`],
        ['branch', task.branch],
        ['worktree', task.worktree],
        ['notes', task.notes.join(' ')],
        ['possible', task.commands.map(({ verb }) => verb).join(', ')],
        ['id', { text: task.id, paint: cli.paint.dim }],
      ],
      cli.columns(),
      cli.paint.dim,
    ),
    ...outputLines(cli, task.result?.output ?? null, 10),
  ];
};
