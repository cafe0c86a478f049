/** A daemon whose agents are the real Claude Code, and the few questions its tests ask again and again. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveHome } from './live-daemon.ts';
import { claudeConfig } from './real-claude.ts';
import { type StubAnthropic, stubAnthropic } from './stub-anthropic.ts';
import { until } from './until.ts';

export type Task = {
  id: string;
  short: string;
  status: string;
  ended: boolean;
  agent: string | null;
  worktree: string;
  reason: string | null;
  result: { summary: string | null; signal: number | null } | null;
};
export type Agent = {
  id: string;
  status: string;
  conversation: string;
  attach: string[];
  pane: string;
  pid: number;
  evidence: Array<{ source: string }>;
};
type Item = { short: string; kind: string; text: string; choices: string[]; task: { id: string } };

/** A busy machine needs its time: the program alone takes seconds to start. */
const PATIENCE_MS = 90_000;

export type ClaudeWorld = Awaited<ReturnType<typeof claudeWorld>>;

export const claudeWorld = async (more = '') => {
  const stub: StubAnthropic = await stubAnthropic();
  const live = await LiveHome.make(claudeConfig(stub.url, more));
  const repo = realpathSync(mkdtempSync(join(tmpdir(), 'ccm-claude-')));
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: repo });
  git('init', '-q');
  git('commit', '-q', '--allow-empty', '-m', 'first');
  await live.up();
  await live.ccm('project', 'add', repo, '--name', 'repo');

  const data = async <T>(...args: string[]): Promise<T> => {
    const { stdout, stderr, json } = await live.ccm(...args, '--json');
    if (stdout === '') throw new Error(`ccm ${args.join(' ')}: ${stderr}`);
    return (json() as { data: T }).data;
  };
  const task = (id: string) => data<Task>('show', id);
  const api = async <T>(path: string): Promise<T> => (await live.api('GET', path)).body.data;
  const agentOf = async (id: string): Promise<Agent | undefined> => {
    const now = await task(id);
    return now.agent ? api<Agent>(`/agents/${now.agent}`).catch(() => undefined) : undefined;
  };
  const agent = (id: string): Promise<Agent> => until('the agent', () => agentOf(id));

  return {
    live,
    stub,
    data,
    task,
    agent,
    begin: (...lines: string[]) => data<Task>('new', 'repo', lines.join('\n'), '--agent', 'claude'),
    /** The task has come to an end. */
    ended: (id: string) =>
      until(
        'the end of the task',
        async () => {
          const now = await task(id);
          return now.ended ? now : undefined;
        },
        PATIENCE_MS,
      ),
    status: (id: string, status: string) =>
      until(
        `the task to be ${status}`,
        async () => {
          const now = await task(id);
          if (now.ended && now.status !== status) throw new Error(`it is ${now.status}: ${now.reason ?? now.result?.summary}`);
          return now.status === status ? now : undefined;
        },
        PATIENCE_MS,
      ),
    /** Its program is seen to do this. */
    agentIs: (id: string, status: string) =>
      until(
        `the agent to be ${status}`,
        async () => {
          const now = await agentOf(id);
          return now?.status === status ? now : undefined;
        },
        PATIENCE_MS,
      ),
    /** The open question of a task. */
    ask: ({ id }: Task) =>
      until('the question', async () => (await data<Item[]>('inbox')).find((item) => item.task.id === id), PATIENCE_MS),
    inbox: async ({ id }: Task) => (await data<Item[]>('inbox')).filter((item) => item.task.id === id),
    /** A person in the attached terminal. */
    press: async (id: string, ...keys: string[]) => {
      const { attach, pane } = await agent(id);
      execFileSync('tmux', ['-S', attach[attach.indexOf('-S') + 1] ?? '', 'send-keys', '-t', pane, ...keys]);
    },
    screen: async (id: string): Promise<string> => (await live.ccm('logs', id)).stdout,
    conversationOf: async (agentId: string | null) =>
      (await api<{ context: { conversation: string } }>(`/actors/${agentId}`)).context.conversation,
    async end() {
      await live.end();
      await stub.close();
      rmSync(repo, { recursive: true, force: true });
    },
  };
};
