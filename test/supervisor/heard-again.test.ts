/** A moment in which nothing can be stored leaves nobody deaf: what was told then is told again. */
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agentDrivers } from '../../adapters/agents/index.ts';
import { StoreFailure } from '../../src/ports/store.ts';
import type { Clock } from '../../src/ports/system.ts';
import { listeningBook } from '../../src/supervisor/listen/book.ts';
import { conversationFiles } from '../../src/supervisor/listen/conversation-files.ts';
import { turnEnds } from '../../src/supervisor/listen/turn-end.ts';
import { memoryKeyValue } from '../support/memory-key-value.ts';
import { realClock } from '../support/real-clock.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { charts } from './support/charts.ts';
import { profileOf, world } from './support/world.ts';

const hurried: Clock = { ...realClock, after: (ms, call) => realClock.after(ms / 10, call) };
const full = () => new StoreFailure('CCM_DISK_FULL', 'the disk is full (made up)');

test('a line of a conversation that could not be stored is read again, and so is everything after it', async () => {
  const folder = await tempFolder();
  const path = join(folder, 'conversation.jsonl');
  const actors = charts();
  const workspace = { dir: folder, worktree: null, branch: null, base: null, notes: [] };
  const agent = actors.agent(profileOf({ kind: 'claude', mode: 'interactive' }), workspace, null);
  const book = listeningBook(memoryKeyValue());
  const asked: string[] = [];
  const aside: Promise<unknown>[] = [];
  let failing = 2;
  const files = conversationFiles(
    { actors, clock: hurried, drivers: agentDrivers(), note: () => undefined },
    {
      book,
      take: async (_agent, signs) => {
        asked.push(...signs.map(({ type }) => type));
        failing -= 1;
        if (failing >= 0) throw full();
        return null;
      },
      aside: (_what, work) => void aside.push(work),
      told: () => undefined,
    },
  );
  book.change(agent, { path, open: true });
  files.follow(agent);
  const session = await readFile(new URL('../fixtures/transcripts/claude/session.jsonl', import.meta.url), 'utf8');
  const interrupted = session.split('\n').find((line) => line.includes('Request interrupted by user for tool use')) ?? '{}';
  const fresh = (uuid: string) => `${JSON.stringify({ ...JSON.parse(interrupted), uuid, timestamp: new Date().toISOString() })}\n`;
  await appendFile(path, fresh('first'));
  await until('the first line, after two failures', () => asked.length >= 3 || undefined);
  await appendFile(path, fresh('second'));
  await until('the second line', () => asked.length >= 4 || undefined);
  files.stop();
  await Promise.all(aside);
});

test('the end of a turn that could not be stored is told again: nothing else would say that it is over', async () => {
  const actors = charts();
  const workspace = { dir: await tempFolder(), worktree: null, branch: null, base: null, notes: [] };
  const agent = actors.agent(profileOf({ kind: 'claude', mode: 'interactive' }), workspace, null);
  const book = listeningBook(memoryKeyValue());
  const told: string[] = [];
  let failing = 2;
  const send: typeof actors.send = async (_to, event) => {
    failing -= 1;
    if (failing >= 0) throw full();
    told.push(String(event['fact']));
  };
  const ends = turnEnds(
    { actors: { ...actors, send }, clock: hurried, drivers: agentDrivers(), note: () => undefined },
    book,
    async () => true,
  );
  ends.ended(agent, { key: 'end', source: 'hook', summary: 'All done', at: Date.now() });
  await until('the end of the turn', () => told.length > 0 || undefined);
  expect([told, book.session(agent).ending]).toEqual([['done'], null]);
  ends.stop();
});

test('the end of a program that could not be stored at once is stored as soon as it can be', async () => {
  const w = await world({ deps: { clock: hurried } });
  const send = w.actors.send.bind(w.actors);
  let failing = 3;
  w.actors.send = async (to, event) => {
    if (event.type === 'PROCESS_EXITED' && failing > 0) {
      failing -= 1;
      throw full();
    }
    return send(to, event);
  };
  const { agent } = await w.begin({ command: ['true'] }, 'x');
  await until('its end', () => (w.actors.state(agent)?.ended ? true : undefined), 20_000);
  expect(failing).toBe(0);
});
