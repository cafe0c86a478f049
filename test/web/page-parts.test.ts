import { describe, expect, test } from 'vitest';
import { kinds } from '../../machines/index.ts';
import type { JournalRow } from '../../src/api/contract/actor.ts';
import { chartOf } from '../../web/charts/from-machine.ts';
import { jumpPath } from '../../web/src/chart/jump.ts';
import { walk } from '../../web/src/chart/walk.ts';
import { lookOf, wordsOf } from '../../web/src/parts/words.ts';
import { pageOf, withQuery } from '../../web/src/router.ts';
import { ageText, durationText, leftText } from '../../web/src/store/clock.ts';
import { coalescer } from '../../web/src/store/coalesce.ts';
import { changesOf, lastMove, mergeRows, rowAt } from '../../web/src/task/annals.ts';
import { diffFiles } from '../../web/src/task/diff-lines.ts';
import { gistOf, senderOf } from '../../web/src/task/gist.ts';
import { toBase64 } from '../../web/src/terminal/base64.ts';
import { sampleAgent } from '../support/sample-machines.ts';

describe('router', () => {
  test.each([
    ['/', { name: 'overview' }],
    ['/tasks/k7f2q', { name: 'task', id: 'k7f2q' }],
    ['/tasks/a%20b/', { name: 'task', id: 'a b' }],
    ['/tasks/%E0%A4', { name: 'task', id: '%E0%A4' }],
    ['/agents/x1', { name: 'agent', id: 'x1' }],
    ['/projects', { name: 'projects' }],
    ['/sync/', { name: 'sync' }],
    ['/tasks', { name: 'lost' }],
    ['/tasks/a/b', { name: 'lost' }],
    ['/nowhere', { name: 'lost' }],
  ])('%s', (path, page) => expect(pageOf(path)).toEqual(page));

  test('a query keeps what it is not told to change', () => {
    expect(withQuery('?q=a&at=4', { at: null })).toBe('?q=a');
    expect(withQuery('?q=a', { q: '' })).toBe('');
    expect(withQuery('', { q: 'two words' })).toBe('?q=two+words');
  });
});

describe('history', () => {
  const row = (gseq: number, actor: string, value: unknown, transitions: string[] = []): JournalRow => ({
    gseq,
    actor,
    kind: 'task',
    seq: gseq,
    at: gseq,
    type: 'T',
    event: { type: 'T' },
    by: null,
    transitions,
    value,
    status: String(value),
  });
  const rows = [row(1, 'a', 'x', ['e1']), row(2, 'b', 'x'), row(3, 'a', 'x'), row(5, 'a', 'y', ['e2'])];

  test('rows of two reads are one line of time, each once', () => {
    expect(mergeRows(rows.slice(0, 3), rows.slice(2)).map((r) => r.gseq)).toEqual([1, 2, 3, 5]);
  });
  test('the row of an actor at a moment is the newest one before it', () => {
    expect(rowAt(rows, 'a', 4)?.gseq).toBe(3);
    expect(rowAt(rows, 'a', null)?.gseq).toBe(5);
    expect(rowAt(rows, 'b', 1)).toBeNull();
    expect(lastMove(rows, 'a', 4)?.gseq).toBe(1);
    expect(lastMove(rows, 'a', null)?.gseq).toBe(5);
  });
  test('only a changed state is a change', () => expect([...changesOf(rows)]).toEqual([1, 2, 5]));
});

test('a diff is cut into files, with a line that looks like a header inside a hunk left a line', () => {
  const text =
    'diff --git a/x.ts b/x.ts\nindex 1..2\n--- a/x.ts\n+++ b/x.ts\n@@ -1,2 +1,2 @@\n--- old\n+++ new\n same\n\\ No newline at end of file\n';
  const [file, ...rest] = diffFiles(text);
  expect(rest).toEqual([]);
  expect(file).toMatchObject({ name: 'x.ts', added: 1, removed: 1 });
  expect(file?.lines.map((l) => l.kind)).toEqual(['meta', 'meta', 'meta', 'hunk', 'del', 'add', 'same', 'meta']);
  expect(diffFiles('')).toEqual([]);
});

test('times are told in one unit', () => {
  expect([900, 59_000, 60_000, 3_599_000, 7_200_000, 180_000_000].map(durationText)).toEqual([
    '0 s',
    '59 s',
    '1 min',
    '59 min',
    '2 h',
    '2 d',
  ]);
  expect(ageText(0, 4000)).toBe('now');
  expect(leftText(5000, 5000)).toBe('due');
  expect(leftText(5500, 5000)).toBe('1 s');
});

test('a message of an event is told in one line, and its sender in words', () => {
  const event = { type: 'OBSERVED', fact: 'needsAnswer', detail: 'which\nformat?', launch: 1 };
  expect(gistOf({ event })).toBe('needs answer: which format?');
  expect(gistOf({ event: { type: 'X', exit: { code: 2, signal: null } } })).toBe('exit code 2');
  expect(senderOf('actor:a1', new Map([['a1', 'approval']]))).toBe('approval');
  expect(senderOf('agent:a1', new Map())).toBe('the agent itself');
  expect(senderOf(null, new Map())).toBe('');
});

test('a transition without a line is shown from border to border', () => {
  const path = jumpPath({ id: 'a', x: 0, y: 0, w: 20, h: 10 }, { id: 'b', x: 100, y: 0, w: 20, h: 10 });
  expect(path).toMatch(/^M20 5Q60 [\d.]+ 100 5$/);
  expect(jumpPath({ id: 'a', x: 0, y: 0, w: 20, h: 10 }, { id: 'a', x: 0, y: 0, w: 20, h: 10 })).toBe('');
});

test('keys walk the tree of states', () => {
  const model = chartOf(sampleAgent);
  expect(walk(model, 'agent', 'ArrowRight')).toBe('agent.process');
  expect(walk(model, 'agent.process', 'ArrowLeft')).toBe('agent');
  expect(walk(model, 'agent', 'ArrowUp')).toBe('agent');
  expect(walk(model, 'agent', 'End')).toBe('agent.conversation.review');
  expect(walk(model, 'agent', 'x')).toBeNull();
});

test('every state of every machine has a look of its own or a plain one, and a word without capitals inside', () => {
  for (const { machine } of Object.values(kinds)) {
    for (const { key } of chartOf(machine).states) {
      expect(lookOf(key)).toHaveProperty('tone');
      expect(wordsOf(key)).not.toMatch(/[a-z][A-Z]/);
    }
  }
});

test('asked while it works, it works once more and no more often', async () => {
  const once = coalescer();
  let runs = 0;
  let release = (): void => undefined;
  const gate = new Promise<void>((done) => {
    release = done;
  });
  const work = async (): Promise<void> => {
    runs += 1;
    await gate;
  };
  const all = [once('k', work), once('k', work), once('k', work)];
  release();
  await Promise.all(all);
  expect(runs).toBe(2);
});

test('bytes beyond ASCII survive base64', () =>
  expect(Buffer.from(toBase64(new TextEncoder().encode('å✓')), 'base64').toString()).toBe('å✓'));
