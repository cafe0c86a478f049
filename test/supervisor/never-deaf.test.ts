import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { tmuxTerminal } from '../../adapters/tmux/index.ts';
import { createSupervisor } from '../../src/supervisor/supervisor.ts';
import { realClock } from '../support/real-clock.ts';
import { until } from '../support/until.ts';
import { sealed, type World, world } from './support/world.ts';

/** The daemon goes: connection closed, nobody listens. What runs in tmux goes on. */
const leave = async (w: World): Promise<void> => {
  await w.supervisor.stop();
  await w.terminal.close();
};
/** A daemon on the same home, with the same actors; its order at start-up is that of the real one. */
const comeBack = async (w: World) => {
  const terminal = tmuxTerminal({ home: w.home, clock: realClock, scope: 'off' });
  const supervisor = createSupervisor({ ...w.deps, terminal });
  supervisor.start();
  onTestFinished(async () => {
    await supervisor.stop();
    await terminal.killServer();
    await terminal.close();
  });
  const opened = await terminal.open();
  if (!opened.ok) throw new Error(opened.problem.detail);
  const found = await supervisor.reconcile();
  return { found, supervisor };
};
const file = (w: World, name: string) => until(name, () => readFile(join(w.project, name), 'utf8').catch(() => undefined));
const spoolOf = (w: World, agent: string) => join(w.home, 'spool', agent);
const spooled = (agent: string, report: string, at: number, text = '', id = `${report}-${at}`) =>
  sealed(agent, { report, id, at, ...(text ? { text } : {}) });

describe('law 11: never deaf', () => {
  test('what a program did, said and how it ended while no daemon ran is heard at the next start, its words first', async () => {
    const w = await world({ real: true });
    const { agent } = await w.begin({
      command: ['sh', '-c', 'echo > ready; while ! test -e go; do sleep 0.02; done; ccm report done -- "all is well"; echo bye; exit 3'],
    });
    await file(w, 'ready');
    await leave(w);
    await writeFile(join(w.project, 'go'), '');
    await until('the wrapper’s file', () => readFile(join(w.home, 'exits', `${agent}-1.json`), 'utf8').catch(() => undefined));
    expect(w.actors.of('PROCESS_EXITED')).toEqual([]);

    const back = await comeBack(w);
    // Its end may have been told already when the terminal was connected, a moment before.
    expect(back.found).toMatchObject({ adopted: [], gone: [], orphans: [] });
    expect(w.actors.sent.map((event) => event.type).slice(-2)).toEqual(['OBSERVED', 'PROCESS_EXITED']);
    expect(w.actors.of('OBSERVED').at(-1)).toMatchObject({ fact: 'done', source: 'report', detail: 'all is well' });
    expect(w.actors.of('PROCESS_EXITED')).toMatchObject([{ exit: { code: 3, signal: null }, output: 'bye' }]);
    expect(await readdir(join(w.home, 'spool'))).toEqual([]);
  });

  test('a program that still runs is adopted, and its end is told once', async () => {
    const w = await world({ real: true });
    const { agent } = await w.begin({ command: ['sh', '-c', 'while ! test -e go; do sleep 0.02; done; exit 5'] });
    await leave(w);
    const back = await comeBack(w);
    expect(back.found).toMatchObject({ adopted: [agent], ended: [], gone: [] });
    await writeFile(join(w.project, 'go'), '');
    expect(await w.exited(agent)).toMatchObject({ exit: { code: 5, signal: null } });
    await back.supervisor.reconcile();
    expect(w.actors.of('PROCESS_EXITED').length).toBe(1);
  });

  test('a status that tmux lost is read from the wrapper’s file', async () => {
    const w = await world({ real: true });
    const { agent } = await w.begin({ command: ['sh', '-c', 'exit 3'] });
    await w.exited(agent);
    const forgetful = {
      ...w.deps,
      actors: {
        ...w.actors,
        state: () => ({
          ...w.actors.state(agent),
          id: agent,
          status: 'busy',
          ended: false,
          context: { ...w.actors.state(agent)?.context, exit: null },
        }),
      },
    };
    const told: unknown[] = [];
    const terminal = {
      ...w.terminal,
      list: async () => {
        const panes = await w.terminal.list();
        return panes.ok
          ? { ok: true as const, value: panes.value.map((pane) => ({ ...pane, exit: { code: null, signal: null } })) }
          : panes;
      },
    };
    const actors = {
      ...forgetful.actors,
      list: () => [forgetful.actors.state()],
      send: async (_: string, event: unknown) => told.push(event),
    };
    await createSupervisor({ ...w.deps, actors, terminal }).reconcile();
    expect(told).toMatchObject([{ type: 'PROCESS_EXITED', exit: { code: 3, signal: null } }]);
  });

  test('an end that several notice at once is one event', async () => {
    const w = await world({ real: true });
    const { agent } = await w.begin({ command: ['sh', '-c', 'while ! test -e go; do sleep 0.02; done'] });
    const others = [createSupervisor(w.deps), createSupervisor(w.deps)];
    await writeFile(join(w.project, 'go'), '');
    await until('the wrapper’s file', () => readFile(join(w.home, 'exits', `${agent}-1.json`), 'utf8').catch(() => undefined));
    await Promise.all(others.map((other) => other.reconcile()));
    await w.exited(agent);
    expect(w.actors.of('PROCESS_EXITED').length).toBe(1);
  });

  test('a killed terminal server takes its programs with it: each end is told, with its status where there is one', async () => {
    const w = await world({ real: true });
    const polite = await w.begin({ command: ['sh', '-c', 'trap "exit 9" HUP; echo > polite; while :; do sleep 0.02; done'] });
    await file(w, 'polite');
    await w.terminal.killServer();
    expect(await w.exited(polite.agent)).toMatchObject({ exit: { code: 9, signal: null } });
  });

  test('a killed wrapper is an unknown end, told as such', async () => {
    const w = await world({ real: true });
    const { agent } = await w.begin({ command: ['sh', '-c', 'trap "" HUP; echo > ready; sleep 30'] });
    await file(w, 'ready');
    process.kill(w.facts(agent).pane?.pid ?? 0, 'SIGKILL');
    expect(await w.exited(agent)).toMatchObject({ exit: { code: null, signal: null }, detail: 'sh ended, and nobody saw how' });
    await w.run('agent.kill', w.facts(agent), agent);
  });

  test('windows that no agent knows are listed and left alone', async () => {
    const w = await world({ real: true });
    const stranger = {
      key: '0f0f0f0f-0000-4000-8000-000000000000:1',
      session: 'other',
      title: 'left over',
      cwd: w.project,
      argv: ['/bin/sleep', '60'],
      env: {},
    };
    await w.terminal.launch(stranger);
    const found = await w.supervisor.reconcile();
    expect(found.orphans).toMatchObject([{ key: stranger.key, dead: false, title: 'left over' }]);
    expect(w.supervisor.orphans()).toEqual(found.orphans);
    const panes = await w.terminal.list();
    expect(panes.ok && panes.value.map((pane) => pane.dead)).toEqual([false]);
  });
});

describe('the spool', () => {
  test('reports go on in the order they happened, once, and the folder is empty afterwards', async () => {
    const w = await world();
    const { agent } = await w.begin({ command: ['sleep', '60'] });
    const folder = spoolOf(w, agent);
    await mkdir(folder, { recursive: true });
    const now = Date.now();
    await writeFile(join(folder, 'b.json'), spooled(agent, 'progress', now - 2_000, 'first'));
    await writeFile(join(folder, 'a.json'), spooled(agent, 'done', now - 1_000, 'second'));
    await w.supervisor.reconcile();
    // Its file was left over by a crash after the report was stored.
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'a.json'), spooled(agent, 'done', now - 1_000, 'second'));
    await w.supervisor.reconcile();
    expect(w.actors.of('OBSERVED').map((event) => [event['fact'], event['detail'], event['observedAt']])).toEqual([
      ['progress', 'first', now - 2_000],
      ['done', 'second', now - 1_000],
    ]);
    expect(await readdir(join(w.home, 'spool'))).toEqual([]);
    await w.run('agent.kill', w.facts(agent), agent);
  });

  test('a report that comes while we run is heard without a restart', async () => {
    const w = await world();
    const { agent } = await w.begin({ command: ['sh', '-c', 'ccm report progress "on my way"; sleep 60'] });
    expect(await w.fact(agent, 'progress')).toMatchObject({ detail: 'on my way' });
    await w.run('agent.kill', w.facts(agent), agent);
  });

  test('what cannot be read is put aside and said, not lost and not read for ever', async () => {
    const w = await world();
    const { agent } = await w.begin({ command: ['sleep', '60'] });
    const folder = spoolOf(w, agent);
    await mkdir(folder, { recursive: true });
    const secret = join(w.home, 'secret.json');
    await writeFile(secret, spooled(agent, 'done', 1, 'of somebody else'));
    await symlink(secret, join(folder, 'link.json'));
    await writeFile(join(folder, 'half.json'), '{"report":"done"');
    await writeFile(join(folder, 'huge.json'), ' '.repeat(300_000) + spooled(agent, 'done', 1));
    await writeFile(join(folder, 'unknown.json'), sealed(agent, { report: 'done', id: 'x', at: 1, shell: 'rm' }));
    await chmod(secret, 0o600);
    await w.supervisor.reconcile();
    expect((await readdir(folder)).sort()).toEqual(['half.json.bad', 'huge.json.bad', 'link.json.bad', 'unknown.json.bad']);
    expect(w.actors.of('OBSERVED')).toEqual([]);
    expect(w.notes.length).toBe(4);
    await w.run('agent.kill', w.facts(agent), agent);
  });

  test('a report that cannot be stored now stays for the next time', async () => {
    const w = await world();
    const { agent } = await w.begin({ command: ['sleep', '60'] });
    const folder = spoolOf(w, agent);
    await w.supervisor.stop();
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'a.json'), spooled(agent, 'done', 1));
    const failing = createSupervisor({ ...w.deps, actors: { ...w.actors, send: () => Promise.reject(new Error('disk full')) } });
    await failing.reconcile();
    expect(await readdir(folder)).toEqual(['a.json']);
    await w.supervisor.reconcile();
    expect(w.actors.of('OBSERVED').length).toBe(1);
    await w.run('agent.kill', w.facts(agent), agent);
  });
});
