/** A daemon whose agents are a real program (or its stand-in) that talks to a stub of its model API, and the questions tests ask again and again. */
import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveHome } from './live-daemon.ts';
import type { ModelStub } from './model-script.ts';
import { accountOf } from './program-account.ts';
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
type Item = { id: string; short: string; kind: string; text: string; choices: string[]; task: { id: string } };

/** A busy machine needs its time: the program alone takes seconds to start. */
const PATIENCE_MS = 90_000;

/** One program under test: how to have it, and what of it differs from others. */
export type Program = {
  /** Its profile in config.toml. */
  agent: string;
  stub: () => Promise<ModelStub>;
  /** config.toml of a home whose agents ask that stub; few retries, so that errors come soon. */
  config: (stubUrl: string) => string;
  /** Files of the project that make it testable; it is trusted then. */
  files?: Readonly<Record<string, string>>;
  /** Its permission dialog: what shows it, and the keys of a person who allows once. */
  dialog: { shows: RegExp; allow: readonly string[] };
  /** The first words of its answer on the screen, `word word`: the prompt holds them, too. */
  answers: RegExp;
  /** Who tells of an interruption: the source of the evidence. */
  interruptedBy: string;
  /** It can ask the person a question with choices. */
  asks: boolean;
  /** The model is told what a person wrote when denying. */
  hearsWhy: boolean;
  /** What it says of this HTTP status. */
  errorWords: (status: number) => RegExp;
  /** Processes between our wrapper and the program itself. */
  wrappers?: number;
};

export type ProgramWorld = Awaited<ReturnType<typeof programWorld>>;

/** `more`: lines for the end of config.toml. */
export const programWorld = async (program: Program, more = '') => {
  const stub = await program.stub();
  const live = await LiveHome.make([program.config(stub.url), more].join('\n'));
  const repo = realpathSync(mkdtempSync(join(tmpdir(), 'ccm-program-')));
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: repo });
  git('init', '-q');
  for (const [path, content] of Object.entries(program.files ?? {})) {
    mkdirSync(join(repo, path, '..'), { recursive: true });
    writeFileSync(join(repo, path), content);
  }
  git('add', '-A');
  git('commit', '-q', '--allow-empty', '-m', 'first');
  await live.up();
  await live.ccm('project', 'add', repo, '--name', 'repo');
  if (Object.keys(program.files ?? {}).length > 0) await live.ccm('project', 'trust', 'repo');

  const data = async <T>(...args: string[]): Promise<T> => {
    const { stdout, stderr, json } = await live.ccm(...args, ...(args.includes('--json') ? [] : ['--json']));
    if (stdout === '') throw new Error(`ccm ${args.join(' ')}: ${stderr}`);
    return (json() as { data: T }).data;
  };
  const api = async <T>(path: string): Promise<T> => (await live.api('GET', path)).body.data;
  // Asked over and over: without the time a command line takes to start.
  const task = (id: string) => api<Task>(`/tasks/${id}`);
  const inbox = () => api<Item[]>('/inbox');
  const agentOf = async (id: string): Promise<Agent | undefined> => {
    const now = await task(id);
    return now.agent ? api<Agent>(`/agents/${now.agent}`).catch(() => undefined) : undefined;
  };
  const agent = (id: string): Promise<Agent> => until('the agent', () => agentOf(id));
  /** Of the test that runs now. */
  let begun: string[] = [];

  return {
    live,
    stub,
    repo,
    data,
    task,
    agent,
    async begin(...lines: string[]): Promise<Task> {
      const made = await data<Task>('new', '--agent', program.agent, '--json', '--', 'repo', lines.join('\n'));
      begun.push(made.id);
      return made;
    },
    testBegins(): void {
      begun = [];
    },
    /** What is known of everything that the present test began: printed when it fails. */
    account: () => accountOf(live, begun, stub.prompts()),
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
    /** After a denial the turn goes on, or it is over and the task waits for the next word. */
    denied: ({ id }: Task) =>
      until(
        'the denial to be heard',
        async () => {
          const now = await task(id);
          return now.ended || (await agentOf(id))?.status === 'interrupted' ? now : undefined;
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
    ask: ({ id }: Task) => until('the question', async () => (await inbox()).find((item) => item.task.id === id), PATIENCE_MS),
    /** The one that is open after another was decided. */
    askAfter: ({ id }: Task, before: string) =>
      until('the next question', async () => (await inbox()).find((item) => item.task.id === id && item.short !== before), PATIENCE_MS),
    inbox: async ({ id }: Task) => (await inbox()).filter((item) => item.task.id === id),
    /** Without the time a command line takes to start. */
    decide: (id: string, verb: 'approve' | 'deny') => live.api('POST', `/approvals/${id}/${verb}`, {}),
    /** A person in the attached terminal. */
    press: async (id: string, ...keys: string[]) => {
      const { attach, pane } = await agent(id);
      execFileSync('tmux', ['-S', attach[attach.indexOf('-S') + 1] ?? '', 'send-keys', '-t', pane, ...keys]);
    },
    /** A person looks at the window until this is there. */
    sees: (id: string, what: RegExp) =>
      until(`the screen to show ${what}`, async () => (what.test((await live.ccm('logs', id)).stdout) ? true : undefined), PATIENCE_MS),
    /** The model was asked for this. */
    asked: (words: string) =>
      until(
        `the model to be asked “${words}”`,
        () => (stub.prompts().some((prompt) => prompt.includes(words)) ? true : undefined),
        PATIENCE_MS,
      ),
    /** Process id of the program itself, below our wrapper. */
    async processOf(id: string): Promise<number> {
      let { pid } = await agent(id);
      for (let step = 0; step <= (program.wrappers ?? 0); step += 1) {
        const children = execFileSync('ps', ['--no-headers', '-o', 'pid', '--ppid', String(pid)], { encoding: 'utf8' });
        pid = Number(children.trim().split('\n')[0]);
      }
      return pid;
    },
    /** What agents wrote down while nobody listened. */
    spooled: (): string[] => globSync(join(live.home, 'spool/*/*.json')),
    /** The terminal server ends, with everything in it. */
    async killTmux(id: string): Promise<void> {
      const { attach } = await agent(id);
      const socket = attach[attach.indexOf('-S') + 1] ?? '';
      await live.crash();
      execFileSync('tmux', ['-S', socket, 'kill-server']);
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
