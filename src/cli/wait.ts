/** Waits for the end of a task and shows how it got there. */
import type { Task } from '../api/contract/index.ts';
import { duration } from './age.ts';
import { pathOf } from './api.ts';
import { follow } from './changes.ts';
import type { Cli } from './cli.ts';
import { exits } from './exit.ts';
import { statusInk, statusText, statusWord } from './status.ts';
import { resultLines } from './task-lines.ts';
import { ticker } from './ticker.ts';
import { oneLine } from './width.ts';

/** Exit code: 0 succeeded, 1 ended otherwise or not in time. Under --json the task is printed once, at the end. */
export const waitForTask = async (cli: Cli, first: Task, { timeoutMs }: { timeoutMs: number | null }): Promise<number> => {
  const began = performance.now();
  let last = first;
  let told = '';
  const elapsed = (): string =>
    duration(Math.floor((performance.now() - began) / 1000) * 1000)
      .replace('0ms', '0s')
      .padStart(7);
  const line = ticker(cli, () => `${elapsed()}  ${statusText(last.status)}  ${oneLine(last.agentState?.progress ?? '')}`.trimEnd());
  const seen = (task: Task): void => {
    last = task;
    const hint = hintOf(task);
    const state = `${task.status} ${hint}`;
    if (state === told) return;
    told = state;
    line.keep(`${elapsed()}  ${statusInk(task.status, cli.paint)(statusText(task.status))}${hint === '' ? '' : `  ${hint}`}`);
  };
  seen(first);
  try {
    const reply = await follow<Task>(cli, {
      look: () => cli.api.get<Task>(pathOf('tasks', first.id)),
      concerns: (row) => row.actor === first.id || row.task === first.id,
      over: (task) => task.ended,
      seen,
      timeoutMs,
    });
    line.stop();
    if (!reply) {
      cli.note(
        `Not over after ${duration(timeoutMs ?? 0)}: ${first.short} is ${statusText(last.status)}. It goes on; \`ccm show ${first.short}\` tells more.`,
      );
      return exits.failed;
    }
    cli.show(reply, () => resultLines(cli, reply.data));
    return reply.data.status === 'succeeded' ? exits.ok : exits.failed;
  } finally {
    line.stop();
  }
};

/** What a person can do about a task that waits for one. */
const hintOf = (task: Task): string => {
  if (task.status === 'needsApproval') return `ccm approve ${task.short} or ccm deny ${task.short}`;
  if (task.status === 'needsAnswer') return `ccm answer ${task.short} "…"`;
  if (task.status === 'blocked') return `waits for ${task.waitsFor.length} ${task.waitsFor.length === 1 ? 'task' : 'tasks'}`;
  // It waits while its agent does not work: for a word, or for its program.
  const agent = task.agentState?.status;
  if (task.status === 'working' && agent !== undefined && !atWork.has(agent)) {
    return agent === 'ready' || agent === 'interrupted'
      ? `agent ${statusWord(agent)}: ccm send ${task.short} "…"`
      : `agent ${statusWord(agent)}`;
  }
  return '';
};

const atWork = new Set(['busy', 'booting', 'launching']);
