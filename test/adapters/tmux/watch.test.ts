/** Live output: nothing missing, nothing twice, and nothing at all for a pane that nobody watches. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { value } from '../../contracts/terminal.ts';
import { until } from '../../support/until.ts';
import { byHand, launched, type Rig, tmuxRig } from './rig.ts';

const ESC = String.fromCodePoint(0x1b);
const sequences = new RegExp(String.raw`${ESC}(?:\[[\d;?!]*[A-Za-z]|[=>\\])`, 'g');
/** Readable escapes for the patterns below. */
const readable = (text: string): string => text.replaceAll(ESC, '␛');
const numbers = (text: string): number[] =>
  Array.from(
    text
      .replaceAll(sequences, '')
      .replaceAll(/\s/g, '')
      .matchAll(/<(\d+)>/g),
    (match) => Number(match[1]),
  );

const ticker = (rig: Rig) =>
  launched(rig, 'ticker', [
    process.execPath,
    '-e',
    `let n = 0; const stop = () => n >= 60000;
     const tick = () => { let out = ''; for (let i = 0; i < 50; i++) out += '<' + (++n) + '>' + (n % 7 ? '' : '\\r\\n'); process.stdout.write(out, () => stop() ? setInterval(() => {}, 1e6) : setImmediate(tick)); };
     tick();`,
  ]);

test('watchers that come in the middle of a flood see every line once', async () => {
  const rig = await tmuxRig();
  value(await rig.open());
  const pane = await ticker(rig);
  const texts: string[] = [];
  for (let index = 0; index < 12; index += 1) {
    texts.push('');
    value(await rig.watch(pane, (bytes) => (texts[index] += Buffer.from(bytes).toString('latin1'))));
    const seen = texts[index]?.length ?? 0;
    await until('some live bytes', () =>
      (texts[index]?.length ?? 0) > seen + 20_000 || texts[index]?.includes('<60000>') ? true : undefined,
    );
  }
  await until('the last line everywhere', () => (texts.every((text) => text.includes('<60000>')) ? true : undefined));
  for (const text of texts) {
    const seen = numbers(text);
    expect(seen.at(-1)).toBe(60_000);
    expect(seen).toEqual(seen.map((_, index) => (seen[0] ?? 0) + index));
  }
  expect(new Set(texts.map((text) => numbers(text)[0])).size).toBeGreaterThan(1);
});

test('a program that nobody watches is never held up by its own output', async () => {
  const rig = await tmuxRig();
  value(await rig.open());
  const done = join(rig.home, 'done');
  const pane = await launched(rig, 'loud', ['/bin/sh', '-c', `seq 1 300000; echo finished > ${done}; exec sleep 100`]);
  await until('it got rid of 2 MB', () => readFile(done).catch(() => undefined));
  await until('the last line', async () => (value(await rig.capture(pane)).endsWith('300000') ? true : undefined));
});

test('no bytes come for a pane that nobody watches, before, after and between', async () => {
  const rig = await tmuxRig();
  value(await rig.open());
  const pane = await launched(rig, 'agent', ['/bin/sh', '-c', 'while read line; do echo "got $line"; done']);
  const say = async (text: string): Promise<void> => {
    value(await rig.paste(pane, text, { submit: true, settleMs: 0 }));
    await until(text, async () => (value(await rig.capture(pane)).includes(`got ${text}`) ? true : undefined));
  };
  const received = async (text: string): Promise<number> => {
    const before = rig.facts().streamed;
    await say(text);
    return rig.facts().streamed - before;
  };
  expect(await received('alpha')).toBe(0);
  const watch = value(await rig.watch(pane, () => undefined));
  expect(await received('beta')).toBeGreaterThan(0);
  watch.close();
  expect(await received('gamma')).toBe(0);
});

test('the picture has the cursor, the colours, the alternate screen and its modes', async () => {
  const rig = await tmuxRig();
  value(await rig.open());
  const pane = await launched(rig, 'tui', [
    '/bin/sh',
    '-c',
    String.raw`printf 'main\n\033[?1049h\033[2J\033[3;5H\033[31mred\033[0m\033[?25l\033[?1002h\033[?1006h\033[5;20r\033[4;10H'; exec sleep 100`,
  ]);
  await until('drawn', async () => (value(await rig.capture(pane)).includes('red') ? true : undefined));
  let seen = '';
  value(await rig.watch(pane, (bytes) => (seen += Buffer.from(bytes).toString('latin1'))));
  expect(seen).toContain('\x1b[?1049h');
  expect(readable(seen)).toMatch(/␛\[3;1H {4}␛\[31mred/);
  expect(readable(seen)).toMatch(/␛\[\?1002h.*␛\[\?1006h␛\[5;20r.*␛\[4;10H␛\[\?25l$/s);
  expect(seen).not.toContain('main');
});

test('an escape sequence that is cut by the moment of watching is completed', async () => {
  const rig = await tmuxRig();
  value(await rig.open());
  const pane = await launched(rig, 'cut', ['/bin/sh', '-c', String.raw`printf 'x\033[3'; read go; printf '1mred\n'; exec sleep 100`]);
  await until('drawn', async () => (value(await rig.capture(pane)).includes('x') ? true : undefined));
  let seen = '';
  value(await rig.watch(pane, (bytes) => (seen += Buffer.from(bytes).toString('latin1'))));
  expect(seen.endsWith('\x1b[3')).toBe(true);
});

test('a watcher that throws disturbs nobody', async () => {
  const rig = await tmuxRig();
  value(await rig.open());
  const pane = await launched(rig, 'agent', ['/bin/sh', '-c', 'echo hello; exec sleep 100']);
  value(
    await rig.watch(pane, () => {
      throw new Error('a broken socket');
    }),
  );
  await until('still connected', async () => (value(await rig.capture(pane)).includes('hello') ? true : undefined));
  expect(rig.events.map((event) => event.type)).toEqual(['connected']);
});

test('what a person does in copy mode does not swallow a prompt', async () => {
  const rig = await tmuxRig();
  value(await rig.open());
  const pane = await launched(rig, 'agent', ['/bin/sh', '-c', 'while read line; do echo "got $line"; done']);
  byHand(rig, 'copy-mode', '-t', pane.pane);
  value(await rig.paste(pane, 'prompt', { submit: true, settleMs: 0 }));
  await until('it arrived', async () => (value(await rig.capture(pane)).includes('got prompt') ? true : undefined));
});
