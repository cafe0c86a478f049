/** A recording as data: its chain, what it holds, and that it is a regression test: executed again, its events lead where they led. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kinds } from '../../machines/index.ts';
import type { Recording } from '../../src/api/contract/recording.ts';
import type { Task } from '../../src/api/contract/task.ts';
import { simulate } from '../../src/runtime/simulate.ts';
import { gatherer } from '../../src/services/record/gather.ts';
import { answersOf } from '../../web/src/recording/answers.ts';
import { checkRecording } from '../../web/src/recording/check.ts';
import { openApiHouse, project } from '../support/api-house.ts';
import { begin, observe, playedWorld } from '../support/played-world.ts';

const house = async () => {
  const opened = await openApiHouse({ answer: playedWorld });
  await opened.data('POST', '/api/v1/projects', { path: project });
  const { id } = await opened.data<Task>('POST', '/api/v1/tasks', { project: 'shop', prompt: 'Do it' });
  const agent = await begin(opened, id);
  await observe(opened, agent, 'busy', 'PreToolUse Read');
  await observe(opened, agent, 'done', 'All done');
  return { ...opened, task: id, agent };
};

/** Each step of today's machines, from the memory before it. */
const executeAgain = (recording: Recording): { executed: number; strange: string[] } => {
  const before = new Map<string, Recording['rows'][number]>();
  const strange: string[] = [];
  let executed = 0;
  for (const row of recording.rows) {
    const kind = Object.values(kinds).find((one) => one.kind === row.kind);
    const last = before.get(row.actor);
    before.set(row.actor, row);
    if (!kind || !last || kind.version !== row.version || last.version !== row.version) continue;
    executed += 1;
    const ready = { ...kind, name: kind.kind, definitionHash: '', machineId: 0, isWall: () => false };
    const saved = { status: 'active', ...last.snapshot };
    const step = simulate(ready, row.actor).step(saved, row.event);
    if (JSON.stringify(step?.saved.value) !== JSON.stringify(row.snapshot.value)) strange.push(`${row.kind} step ${row.seq} ${row.type}`);
    else if (JSON.stringify(step?.transitions) !== JSON.stringify(row.transitions))
      strange.push(`${row.kind} step ${row.seq}: other transitions`);
  }
  return { executed, strange };
};

describe('a recording', () => {
  it('of a task holds it, its agent, what was said, and every step of each in the order they were committed', async () => {
    const { data, task, agent } = await house();
    const recording = await data<Recording>('GET', `/api/v1/recordings/${task}`);
    expect(recording).toMatchObject({ about: task, leftOut: 0, verified: { findings: [] } });
    expect(new Set(recording.rows.map(({ kind }) => kind))).toEqual(new Set(['task', 'agent', 'message']));
    expect(recording.rows.map(({ gseq }) => gseq)).toEqual(recording.rows.map(({ gseq }) => gseq).toSorted((a, b) => a - b));
    expect(recording.agents.map(({ id }) => id)).toEqual([agent]);
    for (const view of [...recording.tasks, ...recording.agents, ...recording.messages]) expect(view.commands).toEqual([]);
    const ofAgent = await data<Recording>('GET', `/api/v1/recordings/${agent}`);
    expect(ofAgent.about).toBe(task);
    expect((await data<Recording>('GET', '/api/v1/recordings/all')).rows.length).toBeGreaterThanOrEqual(recording.rows.length);
  });

  it('of a whole home says how many tasks it leaves out', async () => {
    const { data, task, runtime, clock } = await house();
    const { project, profile } = (runtime.state(task)?.context ?? {}) as { project: string; profile: object };
    await runtime.transaction((step) => {
      for (let i = 0; i < 502; i++)
        step.create('task', { id: runtime.newId(), at: 1, project, title: `Old ${i}`, prompt: 'Do it', profile, isolated: false });
    });
    clock.advance(1000);
    await runtime.command(task, { type: 'SET_PRIORITY', priority: 1 });
    const recording = await data<Recording>('GET', '/api/v1/recordings/all');
    expect([recording.tasks.length, recording.tasksLeftOut]).toEqual([500, 3]);
    expect(recording.tasks.map(({ id }) => id)).toContain(task);
  }, 120_000);

  it('of very many steps keeps the newest, says how many it leaves out, and lets others have their turn meanwhile', async () => {
    const { task, runtime, services } = await house();
    await runtime.transaction((step) => {
      for (let n = 0; n < 1_200; n += 1) step.send(task, { type: 'SET_PRIORITY', priority: n % 10 });
    });
    const gather = gatherer({ runtime, actors: services.actors, most: 200 });
    let turns = 0;
    let over = false;
    const turn = (): void => {
      turns += 1;
      if (!over) setImmediate(turn);
    };
    turn();
    const { rows, leftOut } = await gather([task]);
    over = true;
    const newest = runtime.state(task)?.seq ?? 0;
    expect([rows.length, leftOut, rows.at(-1)?.seq, rows[0]?.seq]).toEqual([200, newest - 200, newest, newest - 199]);
    expect(turns).toBeGreaterThan(2);
  });

  it('is whole as the viewer sees it, and any change of a row, a link, the order or the rest is found', async () => {
    const { data, task } = await house();
    const recording = await data<Recording>('GET', `/api/v1/recordings/${task}`);
    expect(await checkRecording(recording)).toMatchObject({ whole: true, problem: null });
    const changed = (change: (copy: Recording) => void): Promise<{ whole: boolean }> => {
      const copy = structuredClone(recording);
      change(copy);
      return checkRecording(copy);
    };
    const row = (copy: Recording, i: number) => copy.rows[i] ?? expect.fail('no row');
    expect((await changed((copy) => void (row(copy, 2).at += 1))).whole).toBe(false);
    expect((await changed((copy) => void (row(copy, 3).snapshot.context['title'] = 'x'))).whole).toBe(false);
    expect((await changed((copy) => void copy.rows.splice(1, 1))).whole).toBe(false);
    expect((await changed((copy) => void copy.rows.reverse())).whole).toBe(false);
    expect((await changed((copy) => void (copy.title = 'Another'))).whole).toBe(false);
  });

  it('answers the pages as the daemon did', async () => {
    const { data, task, agent } = await house();
    const recording = await data<Recording>('GET', `/api/v1/recordings/${task}`);
    const answers = answersOf(recording);
    const both = async (path: string) => [answers('GET', path), { ok: true, data: await data('GET', `/api/v1${path}`) }] as const;
    for (const path of [
      `/actors/${agent}/history?limit=400`,
      `/actors/${task}/history?limit=2`,
      `/actors/${agent}/at/3`,
      '/journal?after=2&limit=3',
    ]) {
      const [said, expected] = await both(path);
      expect(said, path).toMatchObject(expected);
    }
    expect(answers('GET', '/tasks/nobody')).toMatchObject({ ok: false });
    expect(answers('POST', `/tasks/${task}/stop`)).toMatchObject({ ok: false });
  });

  it('executed again leads where it led, and a machine that behaves otherwise is found', async () => {
    const { data, task } = await house();
    const recording = await data<Recording>('GET', `/api/v1/recordings/${task}`);
    const { executed, strange } = executeAgain(recording);
    expect(executed).toBeGreaterThan(8);
    expect(strange).toEqual([]);
    const last = recording.rows.findLast(({ kind, transitions }) => kind === 'task' && transitions.length > 0);
    if (last) last.snapshot.value = 'queued';
    expect(executeAgain(recording).strange).not.toEqual([]);
  });
});

const folder = join(import.meta.dirname, '../fixtures/recordings');
describe.each(readdirSync(folder).filter((name) => name.endsWith('.json')))('the recording %s', (name) => {
  it('is whole, and today’s machines still do what is in it', async () => {
    const recording = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Recording;
    expect(await checkRecording(recording)).toMatchObject({ whole: true, problem: null });
    expect(executeAgain(recording)).toMatchObject({ strange: [] });
  });
});
