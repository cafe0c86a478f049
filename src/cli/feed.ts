/** The stream of committed steps (`GET /events`, server-sent events). */
import type { IncomingMessage } from 'node:http';
import type { FeedRow } from '../api/contract/index.ts';
import type { Address } from './daemon-address.ts';
import { exchange, isNoReply } from './http.ts';

/** `open`: the stream stands. `reset`: steps were missed, read the lists again. */
export type FeedItem = { type: 'open' } | { type: 'reset' } | { type: 'step'; row: FeedRow };

/** Ends quietly when the stream breaks or the daemon refuses; throws only what `find` throws. */
export async function* readFeed(find: () => Address, since: number | null, signal: AbortSignal): AsyncGenerator<FeedItem, void, undefined> {
  const { url, token } = find();
  const headers: Record<string, string> = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
  if (since !== null) headers['last-event-id'] = String(since);
  const response = await exchange({ url: `${url}/api/v1/events`, method: 'GET', headers, timeoutMs: 10_000, signal });
  if (isNoReply(response)) return;
  if (response.statusCode !== 200) {
    response.destroy();
    return;
  }
  const stop = (): void => void response.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    yield { type: 'open' };
    yield* steps(response);
  } finally {
    signal.removeEventListener('abort', stop);
    response.destroy();
  }
}

async function* steps(response: IncomingMessage): AsyncGenerator<FeedItem, void, undefined> {
  response.setEncoding('utf8');
  let rest = '';
  try {
    for await (const part of response) {
      const blocks = (rest + String(part)).split(/\r?\n\r?\n/);
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const item = itemOf(block);
        if (item) yield item;
      }
    }
  } catch {
    // Reset or aborted: the stream is over, the caller looks again.
  }
}

const itemOf = (block: string): FeedItem | null => {
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const [, field, value = ''] = /^([a-z]+):? ?(.*)$/s.exec(line) ?? [];
    if (field === 'event') event = value;
    if (field === 'data') data.push(value);
  }
  if (event === 'reset') return { type: 'reset' };
  if (event !== 'step' || data.length === 0) return null;
  try {
    return { type: 'step', row: JSON.parse(data.join('\n')) as FeedRow };
  } catch {
    return { type: 'reset' }; // A step that cannot be read counts as missed.
  }
};
