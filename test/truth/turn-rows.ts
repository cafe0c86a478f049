/** What is made of an end whose file tells otherwise in the very moment in which it is asked: too short a moment to be played. */
import assert from 'node:assert/strict';
import { agentDrivers } from '../../adapters/agents/index.ts';
import { listeningBook } from '../../src/supervisor/listen/book.ts';
import { turnEnds } from '../../src/supervisor/listen/turn-end.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { memoryKeyValue } from '../support/memory-key-value.ts';
import { taskProfile } from '../support/truth-house.ts';
import type { Row } from './chart-rows.ts';

/** Facts that an end of a turn leads to, when its file is read and this happens then. */
const told = async (whileRead: (ends: ReturnType<typeof turnEnds>) => void): Promise<unknown[]> => {
  const clock = fakeClock();
  const said: unknown[] = [];
  const context = { project: 'p', launch: 1, pane: null, exit: null, profile: taskProfile({ kind: 'gemini' }) };
  const actors = {
    send: async (_to: string, event: { type: string; fact?: unknown }) => void said.push(event.fact),
    newId: () => 'an id',
    state: (id: string) => ({ id, status: 'busy', ended: false, context }),
    list: () => [],
  };
  const book = listeningBook(memoryKeyValue());
  const ends = turnEnds({ actors, clock, drivers: agentDrivers(), note: () => undefined }, book, async () => {
    whileRead(ends);
    return true;
  });
  ends.ended('a', { key: 'k', source: 'hook', summary: 'half an answer', at: clock.now() });
  await ends.now('a');
  return said;
};

export const turnRows: readonly Row[] = [
  {
    name: 'an end that nothing in its file contradicts is one',
    judge: async () => assert.deepEqual(await told(() => undefined), ['done']),
  },
  {
    name: 'an end that its file takes back while it is read is none',
    judge: async () => assert.deepEqual(await told((ends) => ends.cancel('a')), []),
  },
];
