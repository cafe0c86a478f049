/** What a failed test with a real program must tell, so that its log alone shows why: tasks with their evidence, journals, windows, conversations. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { LiveHome } from './live-daemon.ts';

const LAST_EVENTS = 120;
const LAST_LINES = 25;

const journal = z.array(z.object({ seq: z.int(), at: z.int(), status: z.string(), event: z.looseObject({ type: z.string() }) }));
const held = z.looseObject({ context: z.looseObject({ conversation: z.string().catch('') }) });

const timeOf = (at: number): string => new Date(at).toISOString().slice(11, 23);
const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most)}…` : text);
const tail = (text: string, lines: number): string =>
  text
    .trimEnd()
    .split('\n')
    .slice(-lines)
    .map((line) => `    ${cut(line, 400)}`)
    .join('\n');

/** Of what was asked of this home last, newest last. */
export const accountOf = async (live: LiveHome, tasks: readonly string[], prompts: readonly string[]): Promise<string> => {
  const parts: string[] = [];
  const add = async (title: string, tell: () => Promise<string> | string): Promise<void> => {
    // What cannot be told any more is said, and the rest still is.
    const told = await Promise.resolve()
      .then(tell)
      .catch((thrown: unknown) => `    not known: ${String(thrown)}`);
    parts.push(`--- ${title}\n${told}`);
  };
  const api = async (path: string): Promise<unknown> => (await live.api('GET', path)).body.data;
  const events = async (actor: string): Promise<string> => {
    const { body } = await live.api('GET', `/actors/${actor}/history?limit=500`);
    return journal
      .parse(body.data)
      .slice(-LAST_EVENTS)
      .map(({ seq, at, status, event: { type, id: _id, at: _at, ...rest } }) =>
        cut(`    ${seq} ${timeOf(at)} ${type} → ${status} ${JSON.stringify(rest)}`, 400),
      )
      .join('\n');
  };
  for (const task of tasks) {
    await add(`ccm why ${task}`, async () => tail((await live.ccm('why', task)).stdout, 60));
    const agent = z.looseObject({ agent: z.string().nullable() }).parse(await api(`/tasks/${task}`)).agent;
    if (agent === null) continue;
    await add('journal of the agent', () => events(agent));
    await add('its window', async () => tail((await live.ccm('logs', task)).stdout, 50));
    await add('its conversation', async () => {
      const { conversation } = held.parse(await api(`/actors/${agent}`)).context;
      const files = globSync(join(live.home, 'conversations', conversation, '**/*.jsonl'));
      return files.map((file) => `    ${file}\n${tail(readFileSync(file, 'utf8'), LAST_LINES)}`).join('\n');
    });
  }
  await add('asked of the model', () => tail(prompts.map((prompt) => JSON.stringify(cut(prompt, 200))).join('\n'), 10));
  await add('inbox', async () => tail(JSON.stringify(await api('/inbox'), null, 1), 60));
  await add('the daemon', () => tail(live.output, LAST_LINES));
  return parts.join('\n');
};
