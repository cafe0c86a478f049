/** Tasks, their messages, and the actors behind them. */
import { z } from 'zod';
import * as contract from '../../../src/api/contract/index.ts';
import { foreseen, type Handler, type Route } from './call.ts';
import { find, type House, refusal } from './house.ts';
import { aMessage, aTask, commandsFor, noon } from './samples.ts';

const becomes: Readonly<Record<string, string>> = {
  stop: 'cancelled',
  kill: 'cancelled',
  pause: 'paused',
  resume: 'working',
  retry: 'queued',
  start: 'starting',
  interrupt: 'working',
  priority: 'queued',
};

const taskVerb: Handler = ({ house, dry, body }, typed = '', verb = '') => {
  const task = taskOf(house, typed);
  const legal = task.commands.some((command) => command.verb === verb);
  const after = becomes[verb] ?? task.status;
  if (dry) return foreseen(legal ? `The task would be ${after}.` : `Not possible while it is ${task.status}.`, after, legal);
  if (!legal)
    throw refusal({
      status: 409,
      code: 'CCM_ILLEGAL_MOVE',
      detail: `${task.short} is ${task.status}: ${verb} is not possible now.`,
      extra: { legal: task.commands },
    });
  const ended = after === 'cancelled';
  const priority = typeof body === 'object' && body !== null && 'priority' in body ? Number(body.priority) : task.priority;
  const next = { ...task, status: after, ended, priority, seq: task.seq + 1, commands: commandsFor(after) };
  house.tasks.set(task.id, next);
  return { data: next, schema: contract.task };
};

const createTask: Handler = ({ house, body, dry }) => {
  const asked = contract.createTask.safeParse(body);
  if (!asked.success)
    throw refusal({
      status: 400,
      code: 'CCM_BAD_INPUT',
      detail: asked.error.issues[0]?.message ?? 'bad',
      extra: { field: asked.error.issues[0]?.path.join('.') },
    });
  const { prompt, title, project, agent, priority, after } = asked.data;
  const known = [...house.projects.values()].find(({ id, name }) => id === project || name === project);
  if (project !== undefined && !known)
    throw refusal({ status: 404, code: 'CCM_NOT_FOUND', detail: `There is no project ${project}.`, next: 'See `ccm project ls`.' });
  if (agent !== undefined && !house.profiles.some(({ name }) => name === agent))
    throw refusal({
      status: 400,
      code: 'CCM_AGENT_UNKNOWN',
      detail: `There is no agent profile ${agent}.`,
      next: 'Define it in config.toml.',
    });
  if (dry) return foreseen('A task would be made.', 'queued');
  const task = aTask({
    status: 'queued',
    title: title ?? prompt.split('\n')[0] ?? '',
    prompt,
    priority: priority ?? 0,
    profile: agent ?? 'claude',
    after: after ?? [],
    attempt: 0,
    startedAt: null,
    ...(known ? { project: { id: known.id, name: known.name } } : {}),
  });
  house.tasks.set(task.id, task);
  return { data: task, schema: contract.task };
};

const listTasks: Handler = ({ house, query }) => {
  const wanted = query.status?.split(',');
  const rows = [...house.tasks.values()].filter(
    (task) =>
      (query.all === 'true' || !task.ended) &&
      (!wanted || wanted.includes(task.status)) &&
      (!query.project || task.project.name === query.project),
  );
  const limit = Number(query.limit ?? 100);
  return { data: rows.slice(0, limit), schema: z.array(contract.task), meta: { total: rows.length, next: null } };
};

const why: Handler = ({ house }, typed = '') => {
  const task = taskOf(house, typed);
  const last = house.journal.get(task.id)?.at(-1);
  return {
    schema: contract.why,
    data: {
      id: task.id,
      short: task.short,
      status: task.status,
      since: noon,
      sentence: 'The agent says that it is working on it.',
      evidence: [{ fact: 'busy', source: 'report', trust: 5, ageMs: 4000, detail: 'ccm report busy' }],
      lastTransition: last
        ? { gseq: last.gseq, seq: last.seq, at: last.at, event: last.type, by: last.by, transitions: last.transitions }
        : null,
      timers: [{ id: 'stall', due: noon + 600_000, in: 600_000 }],
      effects: [],
    },
  };
};

const actorAt: Handler = ({ house }, typed = '', seq = '') => {
  const task = taskOf(house, typed);
  const rows = house.journal.get(task.id) ?? [];
  const at = rows.findIndex((row) => row.seq === Number(seq));
  const row = rows[at];
  if (!row)
    throw refusal({
      status: 404,
      code: 'CCM_NOT_FOUND',
      detail: `${task.short} has no step ${seq}.`,
      next: `See \`ccm replay ${task.short}\`.`,
    });
  const before = rows[at - 1];
  const { actor: _, gseq: __, type: ___, ...shared } = row;
  const previous = before ? { seq: before.seq, value: before.value, status: before.status, context: { attempt: at } } : null;
  return {
    schema: contract.actorAt,
    data: { ...shared, id: task.id, version: 1, context: { attempt: at + 1, title: task.title }, previous },
  };
};

const taskOf = (house: House, typed: string | undefined) => find(house.tasks, typed ?? '', 'task');

export const taskRoutes: readonly Route[] = [
  ['GET /tasks', listTasks],
  ['POST /tasks', createTask],
  ['GET /tasks/:t', ({ house }, typed = '') => ({ data: taskOf(house, typed), schema: contract.task })],
  ['GET /tasks/:t/why', why],
  [
    'GET /recordings/:r/page',
    ({ house }, typed = '') => ({
      data: { name: `ccm-${taskOf(house, typed).short}.html`, html: '<!doctype html>', rows: 12, redactions: 1 },
      schema: contract.recordingPage,
    }),
  ],
  [
    'GET /tasks/:t/approvals',
    ({ house }, typed = '') => {
      const { id } = find(house.tasks, typed, 'task');
      return { data: [...house.approvals.values()].filter(({ task }) => task === id), schema: z.array(contract.approval) };
    },
  ],
  [
    'GET /tasks/:t/log',
    ({ house }, typed) => {
      const { id } = taskOf(house, typed);
      return { data: { text: house.logs.get(id) ?? '', live: false }, schema: contract.taskLog };
    },
  ],
  [
    'GET /tasks/:t/diff',
    ({ house }, typed) => {
      const { id } = taskOf(house, typed);
      return {
        data: { text: house.diffs.get(id) ?? '', truncated: false, stat: { files: 1, insertions: 2, deletions: 1 } },
        schema: contract.taskDiff,
      };
    },
  ],
  [
    'GET /tasks/:t/messages',
    ({ house }, typed) => {
      const { id } = taskOf(house, typed);
      return { data: [...house.messages.values()].filter(({ task }) => task === id), schema: z.array(contract.message) };
    },
  ],
  [
    'POST /tasks/:t/messages',
    ({ house, body, dry }, typed = '') => {
      const task = taskOf(house, typed);
      if (dry) return foreseen('The message is typed into its conversation.', task.status);
      const message = aMessage(task, contract.createMessage.parse(body).text);
      house.messages.set(message.id, message);
      return { data: message, schema: contract.message };
    },
  ],
  [
    'POST /messages/:m/cancel',
    ({ house, dry }, typed = '') => {
      if (dry) return foreseen('It is taken back.', 'cancelled');
      const message = { ...find(house.messages, typed, 'message'), status: 'cancelled', commands: [] };
      house.messages.set(message.id, message);
      return { data: message, schema: contract.message };
    },
  ],
  [
    'POST /tasks/:t/merge',
    ({ house, dry }, typed = '') => {
      const { branch, status } = taskOf(house, typed);
      if (dry) return foreseen(`Merge brings ${branch ?? 'it'} into main.`, status);
      return { data: { commit: 'c0ffee00c0ffee00', branch: 'main' }, schema: contract.merged };
    },
  ],
  [
    'POST /tasks/:t/pr',
    ({ house, dry }, typed = '') => {
      const { branch } = taskOf(house, typed);
      if (dry) return foreseen(`${branch ?? 'It'} is pushed and a pull request opened.`, 'succeeded');
      const compare = `https://github.com/ada/shop/compare/main...${branch}?expand=1`;
      const command = ['git', '-C', '/home/ada/shop', 'push', '--', 'origin', `refs/heads/${branch}:refs/heads/${branch}`];
      const note = 'GitHub’s program `gh` is not installed here, so nothing was sent.';
      return {
        data: { opened: false, url: null, pushed: false, branch: branch ?? '', base: 'main', remote: 'origin', compare, command, note },
        schema: contract.pullRequest,
      };
    },
  ],
  [
    'POST /tasks/:t/fork',
    ({ house, body, dry }, typed = '') => {
      const source = taskOf(house, typed);
      if (dry) return foreseen(`A new task starts from "${source.title}".`, 'queued');
      const { prompt, before } = contract.forkTask.parse(body ?? {});
      const from = { id: source.id, short: source.short, title: source.title, before: typeof before === 'number' ? before : null };
      const task = aTask({ status: 'queued', title: prompt ?? `${source.title} (fork)`, attempt: 0, startedAt: null, from });
      house.tasks.set(task.id, task);
      return { data: task, schema: contract.task };
    },
  ],
  [
    'DELETE /tasks/:t',
    ({ house, query, dry }, typed = '') => {
      const task = taskOf(house, typed);
      if (dry) return foreseen('Remove deletes its worktrees.', task.status);
      if (task.worktree !== null && query.discard !== 'true')
        return {
          data: { removed: false, rescueRef: null, notes: [], kept: 'It holds 2 files that are nowhere else.' },
          schema: contract.removal,
        };
      house.tasks.delete(task.id);
      return { data: { removed: true, rescueRef: null, notes: [] }, schema: contract.removal };
    },
  ],
  ['POST /tasks/:t/:v', taskVerb],
  ['GET /agents/:a', ({ house }, typed = '') => ({ data: find(house.agents, typed, 'agent'), schema: contract.agent })],
  ['POST /agents/:a/:v', ({ house }, typed = '') => ({ data: find(house.agents, typed, 'agent'), schema: contract.agent })],
  [
    'GET /actors/:a',
    ({ house }, typed = '') => {
      const task = taskOf(house, typed);
      return {
        schema: contract.actorView,
        data: {
          id: task.id,
          short: task.short,
          kind: 'task',
          version: 1,
          seq: task.seq,
          value: { running: 'working' },
          context: { title: task.title, attempt: 1 },
          tags: [],
          status: task.status,
          attention: 0,
          title: task.title,
          legal: task.commands,
          timers: [],
        },
      };
    },
  ],
  [
    'GET /actors/:a/history',
    ({ house }, typed = '') => ({ data: house.journal.get(taskOf(house, typed).id) ?? [], schema: z.array(contract.journalRow) }),
  ],
  ['GET /actors/:a/at/:s', actorAt],
];
