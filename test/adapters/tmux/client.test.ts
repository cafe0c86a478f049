/** The control client as a process, with stand-ins for tmux that behave badly on purpose. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type ClientHandlers, controlClient } from '../../../adapters/tmux/client.ts';
import { realClock } from '../../support/real-clock.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const none: ClientHandlers = { output: () => undefined, notice: () => undefined, ended: () => undefined };
const standIn = (script: string, clock = realClock, on: Partial<ClientHandlers> = {}) => {
  const client = controlClient([process.execPath, '-e', script], { PATH: process.env.PATH ?? '' }, clock, { ...none, ...on });
  onTestFinished(client.end);
  return client;
};
/** Answers every line with its number, after `before`. */
const answering = `
  let number = 0;
  require('node:readline').createInterface({ input: process.stdin }).on('line', () => {
    number += 1;
    console.log('%begin 1 ' + number + ' 1\\n' + number + '\\n%end 1 ' + number + ' 1');
  });`;

test('nothing is written before the attach is done: tmux would run it outside of the session', async () => {
  const early = join(await tempFolder(), 'early');
  const client = standIn(`
    const fs = require('node:fs');
    let attached = false;
    process.stdin.on('data', (bytes) => { if (!attached) fs.appendFileSync(${JSON.stringify(early)}, bytes); });
    setTimeout(() => { attached = true; console.log('%begin 1 0 0\\n%end 1 0 0\\n%session-changed $0 _hub'); }, 100);
    ${answering}`);
  expect(await client.send(['one'], (reply) => reply?.[0]?.lines().map(String))).toEqual(['1']);
  expect(await readFile(early, 'utf8').catch(() => 'nothing')).toBe('nothing');
});

test('answers go to their askers in order', async () => {
  const client = standIn(`console.log('%session-changed $0 _hub'); ${answering}`);
  const asked = Array.from({ length: 200 }, (_, index) => client.send(['x'], (reply) => [index + 1, Number(reply?.[0]?.body)]));
  for (const [index, number] of await Promise.all(asked)) expect(number).toBe(index);
});

test('what is unanswered when the client ends is refused, and so is everything after', async () => {
  const whys: string[] = [];
  const client = standIn(
    `console.log('%session-changed $0 _hub'); console.error('some last words'); process.stdin.once('data', () => process.exit(1));`,
    realClock,
    {
      ended: (why: string) => void whys.push(why),
    },
  );
  expect(await Promise.all([client.send(['x'], (reply) => reply), client.sendBody('y', (reply) => reply)])).toEqual([null, null]);
  expect(await client.send(['z'], (reply) => reply)).toBeNull();
  expect(whys).toEqual(['some last words']);
});

test('a tmux that never answers is given up after a while', async () => {
  const timers: Array<() => void> = [];
  const clock = { ...realClock, after: (_: number, call: () => void) => (timers.push(call), () => undefined) };
  const ended = Promise.withResolvers<string>();
  const client = standIn('setInterval(() => {}, 1e6)', clock, { ended: ended.resolve });
  const answer = client.send(['x'], (reply) => reply);
  for (const call of timers) call();
  expect(await answer).toBeNull();
  expect(await ended.promise).toContain('no answer');
});
