/** What the review of a task rests on: line numbers, remarks as one message, colours by line, and which deeds are offered. */
import { expect, test } from 'vitest';
import type { Agent, Task } from '../../web/src/api/types.ts';
import { languageOf, piecesByLine } from '../../web/src/task/colour.ts';
import { diffFiles } from '../../web/src/task/diff-lines.ts';
import { offersOf } from '../../web/src/task/offers.ts';
import { lineKeys, placed, type Remarks, remarksText, withRemark } from '../../web/src/task/remarks.ts';
import { saidOf } from '../../web/src/task/said-words.ts';

const text = 'diff --git a/a.ts b/a.ts\n--- a/a.ts\n+++ b/a.ts\n@@ -10,3 +20,3 @@ fn\n same\n-old\n+new\n same\n';

test('every line knows its number before and after', () => {
  const [file] = diffFiles(text);
  expect(file?.lines.map((l) => [l.kind, l.before, l.after])).toEqual([
    ['meta', null, null],
    ['meta', null, null],
    ['hunk', null, null],
    ['same', 10, 20],
    ['del', 11, null],
    ['add', null, 21],
    ['same', 12, 22],
  ]);
});

test('remarks become one message that names file, line and what stands there', () => {
  const lines = diffFiles(text)[0]?.lines ?? [];
  const [del, add] = [lines[4], lines[5]];
  if (!del || !add) throw new Error('no lines');
  expect(remarksText([{ file: 'a.ts', line: add, text: ' Why? ' }])).toBe('A comment on your changes:\n\na.ts:21\n> +new\nWhy?');
  expect(remarksText([del, add].map((line) => ({ file: 'a.ts', line, text: 'x' })))).toMatch(/^2 comments[^]*a\.ts:11[^]*a\.ts:21/);
});

test('a remark stays with its line when the agent changes others, and is not lost when the line is gone', () => {
  const head = 'diff --git a/a.ts b/a.ts\n--- a/a.ts\n+++ b/a.ts\n@@ -1,2 +1,9 @@\n';
  const first = diffFiles(`${head}+one\n+x\n+two\n+x\n`);
  const keys = lineKeys(first);
  const remarks = ['+two', '+x'].reduce((known: Remarks, text) => {
    const line = first[0]?.lines.findLast((one) => one.text === text);
    if (!line) throw new Error('no line');
    return withRemark(known, keys.get(line) ?? '', { file: 'a.ts', line }, `about ${text}`);
  }, {});
  const at = (text: string): string[] => {
    const files = diffFiles(`${head}${text}`);
    const { here, gone } = placed(remarks, files, lineKeys(files));
    return [...here.map((one) => `${one.line.after} ${one.text}`), ...gone.map((key) => `gone ${remarks[key]?.text}`)];
  };
  expect(at('+one\n+x\n+two\n+x\n')).toEqual(['3 about +two', '4 about +x']);
  expect(at('+new\n+one\n+x\n+more\n+two\n+x\n')).toEqual(['5 about +two', '6 about +x']);
  expect(at('+one\n+x\n+x\n')).toEqual(['3 about +x', 'gone about +two']);
  expect(at('')).toEqual(['gone about +two', 'gone about +x']);
});

test('coloured pieces are cut at line ends, and keep every character', () => {
  const lines = piecesByLine([
    { text: 'a /* b\n c', type: 'cmnt' },
    { text: ' */\n\nd', type: undefined },
  ]);
  expect(lines.map((line) => line.map((p) => p.text).join(''))).toEqual(['a /* b', ' c */', '', 'd']);
  expect(lines[1]?.[0]?.type).toBe('cmnt');
  expect([languageOf('src/a.tsx'), languageOf('Dockerfile'), languageOf('x.unknown'), languageOf('noext')]).toEqual([
    'ts',
    'docker',
    null,
    null,
  ]);
});

const command = (verb: string, needs: string[] = [], danger = false) => ({ verb, label: verb, danger, needs });
const task = (more: Partial<Task>) =>
  ({ id: 't', ended: false, attempt: 1, branch: 'b', worktree: '/w', commands: [], ...more }) satisfies Partial<Task>;

test('work is merged, offered or removed only when the task has ended and a worktree is there; forked at any time', () => {
  const verbs = (more: Partial<Task>): string[] => offersOf(task(more) as Task, null).map((o) => o.command.verb);
  expect(verbs({})).toEqual(['fork']);
  expect(verbs({ attempt: 0 })).toEqual([]);
  expect(verbs({ ended: true })).toEqual(['merge', 'pr', 'fork', 'rm']);
  expect(verbs({ ended: true, branch: null })).toEqual(['rm']);
  expect(verbs({ ended: true, worktree: null })).toEqual([]);
});

test('a verb of both charts is offered once, text is left to the message box, and what cannot be taken back asks first', () => {
  const agent = {
    id: 'a',
    commands: [command('stop', [], true), command('interrupt'), command('enqueue', ['text'])],
  } satisfies Partial<Agent>;
  const offers = offersOf(
    task({ commands: [command('stop', [], true), command('pause'), command('priority', ['priority'])] }) as Task,
    agent as Agent,
  );
  expect(offers.map((o) => `${o.kind} ${o.command.verb} ${o.asks}`)).toEqual([
    'task stop true',
    'task pause false',
    'task priority true',
    'agent interrupt false',
    'task fork true',
  ]);
});

test('an agent that outlives its task can still be ended, and it is said whom that meets', () => {
  const agent = { id: 'a', commands: [command('stop', [], true)] } satisfies Partial<Agent>;
  const offers = offersOf(task({ ended: true, worktree: null, commands: [command('retry')] }) as Task, agent as Agent);
  expect(offers.map((o) => `${o.kind} ${o.command.label}`)).toEqual(['task retry', 'agent stop its agent']);
});

test('what was done is said', () => {
  expect(saidOf('merge', { commit: '8be0f12c77aa', branch: 'main' })).toBe('Merged into main as 8be0f12c77.');
  expect(saidOf('rm', { removed: false, kept: 'It has uncommitted changes.' })).toBe('Kept: It has uncommitted changes.');
  expect(saidOf('stop', {})).toBe('');
});
