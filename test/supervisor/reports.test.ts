import { expect, test } from 'vitest';
import type { Profile } from '../../machines/effects.ts';
import { report as reportShape } from '../../src/api/contract/report.ts';
import { reports } from '../../src/supervisor/reports.ts';
import { charts } from './support/charts.ts';
import { profileOf } from './support/world.ts';

/** What reports need besides, and these tests do not look at. */
const untold = { usage: { heard: () => false }, ruling: () => null, approvalMs: () => 0 };

const setUp = (changes: Partial<Profile> = {}) => {
  const actors = charts();
  const agent = actors.agent(profileOf(changes), { dir: '/', worktree: null, branch: null, base: null, notes: [] }, null);
  let now = 1_000_000;
  const clock = { now: () => now, awake: () => now, after: () => () => undefined };
  return { actors, agent, told: reports({ actors, clock, ...untold }), clock, later: (ms: number) => void (now += ms) };
};

// Law 4, first row of its table: the program's own word is evidence of source `report`.
test.each([
  ['ready', 'ready'],
  ['busy', 'busy'],
  ['progress', 'progress'],
  ['done', 'done'],
  ['fail', 'failed'],
] as const)('law 4: `ccm report %s` is the observation %s, from the program itself', async (report, fact) => {
  const { told, agent, actors } = setUp();
  expect(await told.accept(agent, { report, text: 'words', id: 'r1', at: 999_000 })).toEqual({ ok: true, value: { approval: null } });
  expect(actors.sent).toMatchObject([
    { to: agent, type: 'OBSERVED', fact, source: 'report', observedAt: 999_000, detail: 'words', launch: null, by: `agent:${agent}` },
  ]);
});

test('the same report twice counts once; one without an id counts each time', async () => {
  const { told, agent, actors } = setUp();
  for (const id of ['r1', 'r1', undefined, undefined]) await told.accept(agent, { report: 'progress', ...(id ? { id } : {}) });
  expect(actors.sent.length).toBe(3);
});

test('an id may be as long as the door allows', async () => {
  const { told, agent, actors } = setUp();
  for (const id of ['x'.repeat(200), 'x'.repeat(200), `${'x'.repeat(199)}y`]) await told.accept(agent, { report: 'progress', id });
  expect(actors.sent.length).toBe(2);
  expect(actors.sent.every((event) => event.id.length <= 200)).toBe(true);
});

test('ids of one agent’s reports mean nothing to another', async () => {
  const { told, agent, actors } = setUp();
  const other = actors.agent(profileOf(), { dir: '/', worktree: null, branch: null, base: null, notes: [] }, null);
  await told.accept(agent, { report: 'done', id: 'r1' });
  await told.accept(other, { report: 'done', id: 'r1' });
  expect(actors.sent.map((event) => event.to)).toEqual([agent, other]);
});

test('a time to come is taken as now: it would outweigh everything seen until then', async () => {
  const { told, agent, actors } = setUp();
  await told.accept(agent, { report: 'busy', at: 9_999_999_999_999 });
  expect(actors.sent[0]?.['observedAt']).toBe(1_000_000);
});

test('an ask opens a question or an approval, and a repeat of the request gets the same one', async () => {
  const { told, agent, actors, clock } = setUp();
  const first = await told.accept(agent, { report: 'ask', text: 'Which one?', choices: ['a', 'b'], id: 'q1' });
  const again = await told.accept(agent, { report: 'ask', text: 'Which one?', choices: ['a', 'b'], id: 'q1' });
  expect(again).toEqual(first);
  const afterRestart = await reports({ actors, clock, ...untold }).accept(agent, {
    report: 'ask',
    text: 'Which one?',
    choices: ['a', 'b'],
    id: 'q1',
  });
  expect(afterRestart).toEqual(first);
  await told.accept(agent, { report: 'ask', approval: true, text: 'May I?', id: 'q2' });
  expect(actors.of('ASKED')).toMatchObject([
    { kind: 'question', text: 'Which one?', choices: ['a', 'b'], source: 'report', approval: first.ok && first.value.approval },
    { kind: 'approval', text: 'May I?' },
  ]);
});

test('an ask without words, a report of an unknown agent and an unknown field are refused in words', async () => {
  const { told, agent } = setUp();
  expect(await told.accept(agent, { report: 'ask', text: '  ' })).toMatchObject({ ok: false, problem: { code: 'CCM_BAD_INPUT' } });
  expect(await told.accept('nobody', { report: 'done' })).toMatchObject({ ok: false, problem: { code: 'CCM_NOT_FOUND' } });
  expect(reportShape.safeParse({ report: 'done', command: 'rm' }).success).toBe(false);
});

test('a long text is cut to what an observation holds', async () => {
  const { told, agent, actors } = setUp();
  await told.accept(agent, { report: 'done', text: 'x'.repeat(20_000) });
  expect(String(actors.sent[0]?.['detail']).length).toBe(4_000);
});
