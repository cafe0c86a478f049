/**
 * One HTTP exchange over node:http. Loaded by `getBuiltinModule`: an `import` of node:http evaluates every export, among them the getters
 * that load undici, which costs 30 ms of start-up; the built-in `fetch` costs as much.
 */
import type { IncomingMessage } from 'node:http';

export type Exchange = {
  url: string;
  method: string;
  headers: Readonly<Record<string, string>>;
  body?: string | undefined;
  /** Milliseconds until the head of the reply must be there. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
};

/** Why there was no reply. */
export type NoReply = {
  /** `refused`: nobody listens. `broken`: the connection ended. `timeout`: nothing was heard. */
  kind: 'refused' | 'broken' | 'timeout' | 'aborted';
  detail: string;
};

export const isNoReply = (value: IncomingMessage | NoReply): value is NoReply => 'kind' in value;

/** Resolves with the reply's head; the body is still to be read. Never rejects. */
export const exchange = ({ url, method, headers, body, timeoutMs, signal }: Exchange): Promise<IncomingMessage | NoReply> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve({ kind: 'aborted', detail: 'given up' });
    const http = process.getBuiltinModule(url.startsWith('https:') ? 'node:https' : 'node:http');
    // A connection of its own that ends with the reply: an idle one kept open would keep the process alive.
    const request = http.request(url, { method, headers, agent: false });
    const timer = setTimeout(() => {
      resolve({ kind: 'timeout', detail: `no answer within ${timeoutMs / 1000} s` });
      request.destroy();
    }, timeoutMs);
    const abort = (): void => {
      resolve({ kind: 'aborted', detail: 'given up' });
      request.destroy();
    };
    signal?.addEventListener('abort', abort, { once: true });
    request.once('close', () => signal?.removeEventListener('abort', abort));
    request.once('response', (response) => {
      clearTimeout(timer);
      resolve(response);
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      const refused = error.code === 'ECONNREFUSED' || error.code === 'ENOENT' || error.code === 'ENOTFOUND';
      resolve({ kind: refused ? 'refused' : 'broken', detail: error.message });
    });
    request.end(body);
  });

/** The whole body, or null when the connection ended before it did. */
export const bodyOf = async (response: IncomingMessage): Promise<string | null> => {
  const parts: Buffer[] = [];
  try {
    for await (const part of response) parts.push(Buffer.isBuffer(part) ? part : Buffer.from(String(part)));
  } catch {
    return null; // Reset in the middle: the caller decides whether asking again is safe.
  }
  return response.complete ? Buffer.concat(parts).toString('utf8') : null;
};
