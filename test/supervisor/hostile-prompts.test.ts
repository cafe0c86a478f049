/** What a person types arrives byte for byte, by every way there is, through the real terminal. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pasteable } from '../../adapters/tmux/input.ts';
import type { Profile } from '../../machines/effects.ts';
import { hostilePrompts } from '../contracts/agent-driver.ts';
import { until } from '../support/until.ts';
import { type World, world } from './support/world.ts';

const all = { ...hostilePrompts, 'a megabyte': 'ä{}$"\n'.repeat(150_000) };

/** Keeps its last argument and its standard input under the agent's name. */
const keeper = `
const { writeFileSync, readFileSync } = require('node:fs');
const name = process.env.CCM_AGENT_ID;
writeFileSync(name + '.argument', process.argv.at(-1));
writeFileSync(name + '.input', process.stdin.isTTY ? '' : readFileSync(0));
`;
/** An interactive program that takes pasted text, and the Enter behind it. */
const reader = `
const { writeFileSync } = require('node:fs');
const name = process.env.CCM_AGENT_ID;
process.stdin.setRawMode(true);
process.stdout.write('\\u001b[?2004h> ');
let all = Buffer.alloc(0);
writeFileSync(name + '.ready', '');
process.stdin.on('data', (bytes) => {
  all = Buffer.concat([all, bytes]);
  const end = all.indexOf('\\u001b[201~');
  if (end === -1 || !all.subarray(end).includes(13)) return;
  writeFileSync(name + '.pasted', all.subarray(0, end + 6));
  process.exit(0);
});
`;

/** What could be a command, a file or an option to a program that nobody knows stands behind a word. */
const asMessage = (text: string): string => (/^\s*[/@!#&?-]/u.test(text) ? `Message: ${text}` : text);

const ready = async () => {
  const w = await world({ real: true });
  const program = async (text: string, changes: Partial<Profile>, prompt: string | null) => {
    const path = join(w.home, 'program.cjs');
    await writeFile(path, text);
    const { agent, result } = await w.begin({ command: [process.execPath, path], ...changes }, prompt);
    expect(result).toMatchObject({ outcomes: [{ event: { type: 'LAUNCHED' } }] });
    return agent;
  };
  return { w, program };
};
const kept = (w: World, agent: string, what: string): Promise<string> =>
  until(`${what} of ${agent}`, () => readFile(join(w.project, `${agent}.${what}`), 'utf8').catch(() => undefined), 20_000);

test('every prompt arrives on standard input', { timeout: 90_000 }, async () => {
  const { w, program } = await ready();
  for (const [name, prompt] of Object.entries(all)) {
    const agent = await program(keeper, { prompt: 'stdin' }, prompt);
    await w.exited(agent);
    expect.soft((await kept(w, agent, 'input')) === prompt, name).toBe(true);
  }
});

test('every prompt arrives as an argument, or as a file that the argument names', { timeout: 90_000 }, async () => {
  const { w, program } = await ready();
  for (const [name, prompt] of Object.entries(all)) {
    const agent = await program(keeper, { prompt: 'argument' }, prompt);
    await w.exited(agent);
    const argument = await kept(w, agent, 'argument');
    const file = prompt.length > 65_536 ? /file (\S+)\. Read/u.exec(argument)?.[1] : undefined;
    if (file) expect.soft((await readFile(file, 'utf8')) === prompt, name).toBe(true);
    else expect.soft(argument, name).toBe(prompt.startsWith('-') ? ` ${prompt}` : prompt);
  }
});

test('every message is pasted as one, and nothing of it is a key press', { timeout: 90_000 }, async () => {
  const { w, program } = await ready();
  for (const [name, text] of Object.entries(all)) {
    const agent = await program(reader, { mode: 'interactive', prompt: 'paste' }, null);
    await kept(w, agent, 'ready');
    const params = { ...w.onPane(agent), message: 'message', attempt: 1, text };
    const submitted = { outcomes: [{ to: 'message', event: { type: 'SUBMITTED', attempt: 1 } }] };
    expect.soft(await w.run('agent.type', params, 'message'), name).toEqual(submitted);
    await w.exited(agent);
    const pasted = await kept(w, agent, 'pasted');
    expect.soft(pasted.startsWith('\u001b[200~'), name).toBe(true);
    // All that may be missing is what could end the paste or press a key; a terminal sends line ends as carriage returns.
    expect.soft(pasted.slice(6, -6).replaceAll('\r', '\n') === pasteable(asMessage(text)), name).toBe(true);
  }
});

test('a message to a program that has ended fails in words and is not typed into the dead window', async () => {
  const w = await world({ real: true });
  // One that ends by itself may have ended before its window is told.
  const { agent } = await w.begin({ command: ['sleep', '60'], mode: 'interactive', prompt: 'paste' }, null);
  const target = w.onPane(agent);
  process.kill(target.pane.pid, 'SIGKILL');
  await w.exited(agent);
  expect(await w.run('agent.type', { ...target, message: 'message', attempt: 2, text: 'hello' }, 'message')).toMatchObject({
    outcomes: [{ to: 'message', event: { type: 'TYPE_FAILED', attempt: 2, problem: { code: 'CCM_PANE_GONE' } } }],
  });
});
