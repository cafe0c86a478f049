/**
 * Every request to the hub goes through here: it has a deadline, follows no redirect, reads no endless answer, and what comes back is
 * either the hub's own JSON or a trouble with its evidence. First match decides, from the surest sign to the vaguest.
 */
import type { HubReason, HubTrouble } from '../../src/ports/hub.ts';

const MOST_BYTES = 16 << 20;
/** Marks an answer as ours on its way through the client library, which hands on code and message only. */
export const OUR_CODE = 'CCM_HUB';

const waitOf = (response: Response): { retryAfterMs?: number } => {
  const seconds = Number(response.headers.get('retry-after'));
  return Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: Math.min(seconds, 3600) * 1000 } : {};
};

const byStatus = (response: Response): HubTrouble | null => {
  const { status } = response;
  const evidence = `status ${status}`;
  if (status === 540) return { reason: 'hubPaused', evidence };
  if (status === 429) return { reason: 'throttled', evidence, ...waitOf(response) };
  if (status === 503 && response.headers.has('retry-after')) return { reason: 'throttled', evidence, ...waitOf(response) };
  if (status === 407 || status === 511) return { reason: 'portal', evidence };
  if (status >= 300 && status < 400) return { reason: 'portal', evidence: `${evidence}, sent elsewhere` };
  return status >= 500 && !isJson(response) ? { reason: 'hubDown', evidence } : null;
};

const isJson = (response: Response) => (response.headers.get('content-type') ?? '').includes('json');

/** What a failed connection says: names and certificates of another host mean that somebody stands between. */
const byError = (thrown: unknown): HubTrouble => {
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
  // A deadline that is over has a number there, which says nothing to a person.
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const text = cause instanceof Error ? code || cause.name : 'no answer';
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_VERIFY)/.test(code)) return { reason: 'portal', evidence: code };
  return { reason: 'networkLost', evidence: text === 'TimeoutError' ? 'no answer in time' : text };
};

const limited = async (response: Response): Promise<string | null> => {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > MOST_BYTES) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
};

const told = (trouble: HubTrouble): Response => {
  const message = JSON.stringify(trouble);
  // 400, so that the library neither retries nor wraps it.
  return new Response(JSON.stringify({ code: OUR_CODE, error_code: OUR_CODE, message, msg: message }), {
    status: 400,
    headers: { 'content-type': 'application/json' },
  });
};

/**
 * What `work` answers, or a TimeoutError after `ms`, or the reason of `left` when that ends it sooner. Sure by construction: a timer of our own,
 * which nothing but the end of the call clears, and a race that `work` loses also where it hears no signal. (`AbortSignal.any` over
 * `AbortSignal.timeout` is collected as garbage on some Node 22 and 23 while a request waits: nodejs/node#57736.)
 */
const within = async <T>(ms: number, left: AbortSignal | null | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const ends = new AbortController();
  const over = Promise.withResolvers<never>();
  const end = (reason: unknown): void => {
    ends.abort(reason);
    over.reject(reason);
  };
  const timer = setTimeout(() => end(new DOMException('no answer in time', 'TimeoutError')), ms);
  const follow = (): void => end(left?.reason);
  left?.addEventListener('abort', follow, { once: true });
  if (left?.aborted) follow();
  try {
    return await Promise.race([work(ends.signal), over.promise]);
  } finally {
    clearTimeout(timer);
    left?.removeEventListener('abort', follow);
  }
};

/** `fetch` for the client library. The deadline is for the whole answer, its body too. */
export const judgedFetch =
  (deadlineMs: (url: string) => number, base: typeof fetch = fetch): typeof fetch =>
  async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const answer = async (signal: AbortSignal): Promise<Response> => {
      const response = await base(input, { ...init, redirect: 'manual', signal });
      const trouble = byStatus(response);
      if (trouble) {
        await response.body?.cancel();
        return told(trouble);
      }
      const text = await limited(response);
      if (text === null) return told({ reason: 'portal', evidence: 'an answer without end' });
      if (text !== '' && !parses(text))
        return told({ reason: 'portal', evidence: `${response.headers.get('content-type') ?? 'no type'}, not JSON` });
      const empty = [101, 204, 205, 304].includes(response.status);
      return new Response(empty ? null : text, { status: response.status, headers: response.headers });
    };
    try {
      return await within(deadlineMs(url), init?.signal, answer);
    } catch (thrown) {
      return told(byError(thrown));
    }
  };

const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // Not the hub's: the caller says so.
  }
};

type Said = { code?: string | undefined; message?: string | undefined; hint?: string | null | undefined };

const codes: readonly (readonly [RegExp, HubReason])[] = [
  [/^PGRST30[0-3]$/, 'authExpired'],
  [/^PGRST(202|205|106)$/, 'schemaMismatch'],
  [/^(42883|42P01)$/, 'schemaMismatch'],
  [/^(57014|54000)$/, 'tooLarge'],
  [/^(40001|40P01|08|53|57P)/, 'hubDown'],
];

/** What the hub's own error means. */
export const troubleOf = (error: Said, status: number): HubTrouble => {
  if (error.code === OUR_CODE) return JSON.parse(error.message ?? '{}') as HubTrouble;
  const evidence = `${status} ${error.code ?? ''} ${(error.message ?? '').slice(0, 200)}`.trim();
  if (error.hint === 'aal2') return { reason: 'signedOut', evidence: 'the account wants its second factor' };
  const known = codes.find(([pattern]) => pattern.test(error.code ?? ''));
  if (known) return { reason: known[1], evidence };
  if (status === 401) return { reason: 'authExpired', evidence };
  if (status === 413) return { reason: 'tooLarge', evidence };
  if (status >= 500) return { reason: 'hubDown', evidence };
  // A refusal may cost an operation: only the hub's own word is one, and only about what was sent. A call that is not granted at all is its set-up.
  if (!error.code) return { reason: 'portal', evidence: `${evidence}, no code of the hub` };
  if (error.code === '42501' && /permission denied/.test(error.message ?? '')) return { reason: 'schemaMismatch', evidence };
  return { reason: 'refused', evidence };
};
