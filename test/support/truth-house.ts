/**
 * One task and its agent as the real daemon has them (runtime, store, supervisor, drivers), with a clock, a terminal and a program that a test
 * plays. The daemon can be killed and started again on what it wrote down.
 */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentDrivers, exitWrapper } from '../../adapters/agents/index.ts';
import type { Profile } from '../../machines/effects.ts';
import { kinds } from '../../machines/index.ts';
import type { SavedSnapshot } from '../../machines/kind.ts';
import { actorsFor } from '../../src/daemon/actors-for.ts';
import { ok } from '../../src/errors.ts';
import { sealItem, tokenHash } from '../../src/lib/spool-proof.ts';
import { createRuntime, type Runtime } from '../../src/runtime/index.ts';
import type { SupervisorDeps } from '../../src/supervisor/deps.ts';
import { places } from '../../src/supervisor/places.ts';
import { createSupervisor, type Supervisor } from '../../src/supervisor/supervisor.ts';
import { fakeClock } from './fake-clock.ts';
import { fakeWorkspaces } from './fake-workspaces.ts';
import { memoryLog } from './house.ts';
import { playedTerminal } from './played-terminal.ts';
import { quiet } from './quiet.ts';
import { seededIds, seededRandom } from './seeded.ts';
import { memoryFolder, tempStore } from './temp-store.ts';
import { until } from './until.ts';

export const taskProfile = (changes: Partial<Profile>): Profile => ({
  name: 'test',
  kind: 'claude',
  command: ['true'],
  envNames: [],
  mode: 'interactive',
  prompt: 'paste',
  ready: '^never$',
  busy: null,
  ask: null,
  restart: 'never',
  maxRestarts: 0,
  resumable: true,
  bootMs: 60_000,
  idleMs: 600_000,
  settleMs: 50,
  concurrency: 0,
  timeoutMs: 0,
  autoResume: true,
  ...changes,
});

const TOKEN = 'ccm_a_token_of_a_test';

/** The first text of the task. */
export const PROMPT = 'do what is to be done';

export type TruthHouse = Awaited<ReturnType<typeof truthHouse>>;

export const truthHouse = async (profile: Partial<Profile> = {}) => {
  const clock = fakeClock();
  const temp = tempStore(memoryFolder());
  const home = temp.folder;
  const where = places(home);
  for (const folder of [where.exits, where.spool, join(home, 'work')]) mkdirSync(folder, { recursive: true });
  const terminal = playedTerminal();
  const workspaces = {
    ...fakeWorkspaces(),
    prepare: async () => ok({ dir: join(home, 'work'), worktree: null, branch: null, base: null, notes: [] }),
  };
  const notes: string[] = [];
  const used = new Set<string>();
  let linesRead = 0;
  const drivers = Object.fromEntries(
    Object.entries(agentDrivers()).map(([kind, driver]) => {
      const { listening } = driver;
      const counted = listening && {
        ...listening,
        readLine: (line: string) => {
          linesRead += 1;
          return listening.readLine(line);
        },
      };
      return [kind, counted ? { ...driver, listening: counted } : driver];
    }),
  ) satisfies SupervisorDeps['drivers'];
  let lives = 0;
  let daemon: { runtime: Runtime; supervisor: Supervisor } | null = null;

  const up = async (): Promise<void> => {
    lives += 1;
    const store = temp.open();
    const runtime = createRuntime({
      kinds,
      store,
      clock,
      ids: seededIds(lives * 1_000),
      random: seededRandom(lives),
      log: memoryLog(),
      generation: () => terminal.generation(),
      onFatal: (error) => notes.push(`fatal: ${error.message}`),
    });
    const supervisor = createSupervisor({
      home,
      actors: actorsFor(runtime),
      terminal,
      workspaces,
      projects: { get: () => ({ name: 'Example project', path: home, trusted: false }) },
      drivers,
      clock,
      exitWrapper,
      environment: { PATH: process.env['PATH'], HOME: home, LANG: 'C.UTF-8' },
      permissions: () => ({ mode: null, allow: [], deny: [], addDirs: [] }),
      usage: { heard: (_agent, { id }) => used.add(id).size > 0 },
      ruling: () => null,
      approvalMs: () => 0,
      memory: store.kv,
      profileEnv: async () => ok({ ANTHROPIC_API_KEY: 'sk-dummy-0000000000000000', GEMINI_API_KEY: 'dummy', OPENAI_API_KEY: 'dummy' }),
      ownConfig: () => false,
      telemetry: () => false,
      agentToken: () => TOKEN,
      agentTokenHashes: () => [tokenHash(TOKEN)],
      spacingMs: () => 0,
      hookUrl: () => 'http://127.0.0.1:9',
      awaited: () => Promise.resolve(false),
      note: (sentence, facts) => notes.push(`${sentence} ${JSON.stringify(facts)}`),
    });
    supervisor.start();
    await terminal.open();
    // The alarms of the new life ring while it starts: what it waits for is the test's own clock.
    const boot = runtime.boot(supervisor.handlers, { drain: async () => void (await supervisor.reconcile()) });
    for (let step = 0; (await Promise.race([boot, quiet()])) === undefined && step < 1_000; step += 1)
      if (step > 3) clock.advance(Math.min(100, clock.next() ?? 100));
    await boot;
    daemon = { runtime, supervisor };
    await quiet();
  };
  const now = (): { runtime: Runtime; supervisor: Supervisor } => {
    if (!daemon) throw new Error('The daemon is down.');
    return daemon;
  };

  /** Time passes, an alarm at a time. */
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; ) {
      const step = Math.min(left, Math.max(1, clock.next() ?? left));
      clock.advance(step);
      left -= step;
      await quiet();
    }
  };
  const ids = { task: '', agent: '', message: '', conversation: '01890a5d-ac96-774b-bcce-b302099a8057' };
  const transcript = join(home, 'conversation.jsonl');
  writeFileSync(transcript, '');

  await up();
  return {
    clock,
    home,
    terminal,
    notes,
    used,
    ids,
    transcript,
    pass,
    up,
    now,
    isUp: (): boolean => daemon !== null,
    /** kill -9. Nothing is told to it, and nothing of it acts any more. */
    async down(): Promise<void> {
      const { supervisor } = now();
      daemon = null;
      terminal.deafen();
      clock.restart();
      // Its held hooks hang up, its watchers end with it.
      await supervisor.stop();
    },
    /** A task whose agent was started. */
    async begin(): Promise<void> {
      const { runtime } = now();
      ids.task = runtime.newId();
      const task = {
        id: ids.task,
        at: clock.now(),
        project: runtime.newId(),
        title: 'A task',
        prompt: PROMPT,
        profile: taskProfile(profile),
      };
      await runtime.create('task', { ...task, priority: 0, after: [], startAt: null, system: null, isolated: true, budget: null });
      ids.agent = runtime.newId();
      ids.message = runtime.newId();
      await runtime.send(ids.task, { type: 'GRANTED', agent: ids.agent, message: ids.message, conversation: ids.conversation });
      for (let tries = 0; tries < 50 && runtime.state(ids.agent)?.context['pane'] == null; tries += 1) await pass(100);
    },
    /** A person says more while the task goes on; the message's id. */
    async send(text: string): Promise<string> {
      const { runtime } = now();
      const id = runtime.newId();
      await runtime.transaction((step) => {
        step.create('message', { id, at: clock.now(), agent: ids.agent, task: ids.task, text }, 'cli');
        step.send(ids.agent, { type: 'ENQUEUE', message: id, text, by: 'cli' });
      });
      return id;
    },
    hook: async (kind: string, payload: Record<string, unknown>): Promise<void> => {
      // A question is answered when somebody decides: nobody here waits for that.
      void now().supervisor.hearHook(
        ids.agent,
        { kind, payload: { ...payload, transcript_path: transcript } },
        new AbortController().signal,
      );
      await quiet();
    },
    spool: (kind: string, payload: Record<string, unknown>, ageMs: number): void => {
      const folder = join(where.spool, ids.agent);
      mkdirSync(folder, { recursive: true });
      const at = clock.now() - ageMs;
      const id = `${at}-${Math.round(seededRandom(at)() * 1e9)}`;
      const item = JSON.stringify({ hook: kind, payload: { ...payload, transcript_path: transcript }, at, id });
      writeFileSync(join(folder, `${id}.json`), sealItem(ids.agent, TOKEN, item));
    },
    /** Written by the program; read before the next step when somebody reads. */
    async write(text: string): Promise<void> {
      const before = linesRead;
      appendFileSync(transcript, text);
      if (daemon && text.endsWith('\n'))
        await until('the line to be read', () => (linesRead > before ? true : undefined), 20_000).catch(() => undefined);
      await quiet();
    },
    exitFile: (code: number | null, signal: number | null): void => {
      // None of these programs is started twice.
      writeFileSync(where.exit({ agent: ids.agent, launch: 1 }), JSON.stringify({ code, signal, endedAt: clock.now() }));
    },
    /** Every status it had, in order, without repeats. */
    path: (id: string): string[] => {
      const all = now()
        .runtime.history(id)
        .map((row) => kinds[row.kind as keyof typeof kinds].view(row.snapshot as SavedSnapshot).status);
      return all.filter((status, index) => status !== all[index - 1]);
    },
    async end(): Promise<void> {
      if (daemon) {
        terminal.deafen();
        const { runtime, supervisor } = daemon;
        await supervisor.stop();
        clock.restart();
        const over = runtime.shutdown();
        for (let step = 0; step < 60; step += 1) {
          await quiet();
          clock.advance(100);
        }
        await over;
      }
      temp.remove();
    },
  };
};
