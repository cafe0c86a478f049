/** What an event says, in one line. Pure. */
import type { JournalRow } from '../api/types.ts';
import { wordsOf } from '../parts/words.ts';

/** Fields that tell a person most, in this order. */
const telling = ['fact', 'state', 'decision', 'detail', 'summary', 'reason', 'text', 'answer', 'status'] as const;

const nested = (value: unknown, name: string): string | null => {
  if (value === null || typeof value !== 'object') return null;
  const found: unknown = Object.entries(value).find(([key]) => key === name)?.[1];
  return typeof found === 'string' || typeof found === 'number' ? String(found) : null;
};

export const gistOf = ({ event }: Pick<JournalRow, 'event'>): string => {
  const parts = telling.flatMap((name) => {
    const value = event[name];
    if (typeof value !== 'string' || value === '') return [];
    return [name === 'fact' || name === 'state' || name === 'decision' ? wordsOf(value) : value];
  });
  const code = nested(event['exit'], 'code');
  const problem = nested(event['problem'], 'detail');
  const branch = nested(event['workspace'], 'branch');
  return [...parts, code !== null && `exit code ${code}`, problem, branch].filter(Boolean).join(': ').replace(/\s+/g, ' ');
};

/** `actor:<id>` and `agent:<id>` as a person knows them. */
export const senderOf = (by: string | null, kinds: ReadonlyMap<string, string>): string => {
  if (by === null) return '';
  const [channel = '', id = ''] = by.split(/:(.*)/s);
  if (channel === 'actor') return kinds.get(id) ?? channelOf(id);
  if (channel === 'agent') return 'the agent itself';
  return channel === 'api' ? `token ${id}` : channel;
};
const channelOf = (id: string): string => /^(task|agent|message|approval)/.exec(id)?.[1] ?? 'another part';
