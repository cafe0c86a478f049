/** The daemon's API for commands: envelopes in, problem documents out as thrown {@link CcmError}. */
import type { Consequence, FeedRow, Meta } from '../api/contract/index.ts';
import type { Home } from '../config/home.ts';
import { CcmError, catalogue, type ErrorCode } from '../errors.ts';
import { type Address, findDaemon, unreachable } from './daemon-address.ts';
import type { Env } from './env.ts';
import { usageError } from './exit.ts';
import { type FeedItem, readFeed } from './feed.ts';
import { bodyOf, exchange, isNoReply } from './http.ts';
import { oneLine } from './width.ts';

export type Reply<T> = { data: T; meta: Meta };
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;
export type SendOptions = { query?: Query; body?: unknown; timeoutMs?: number; token?: string };

export type Api = {
  get<T>(path: string, query?: Query, timeoutMs?: number): Promise<Reply<T>>;
  /** Carries an Idempotency-Key, so that it can be sent once more when the connection broke before the reply. */
  post<T>(path: string, options?: SendOptions): Promise<Reply<T>>;
  delete<T>(path: string, options?: SendOptions): Promise<Reply<T>>;
  /** The same call with `dry_run`: nothing happens. */
  foresee(method: 'POST' | 'DELETE', path: string, options?: SendOptions): Promise<Reply<Consequence>>;
  /** Steps after `since`, until the stream breaks or `signal` aborts. */
  feed(since: number | null, signal: AbortSignal): AsyncGenerator<FeedItem, void, undefined>;
};

export type { FeedRow };

/** A daemon may do git work within a request; longer than this it is stuck. */
const TIMEOUT_MS = 60_000;

export const connectApi = ({ home, env }: { home: Home; env: Env }): Api => {
  const call = async <T>(method: string, path: string, options: SendOptions = {}): Promise<Reply<T>> => {
    // Found anew for every call: a restarted daemon may have another port.
    const address = findDaemon(home, env);
    const url = `${address.url}/api/v1${path}${queryText(options.query)}`;
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    const headers: Record<string, string> = { authorization: `Bearer ${options.token ?? address.token}`, accept: 'application/json' };
    if (body !== undefined) headers['content-type'] = 'application/json';
    // Inside an agent's window we say so: decisions are a person's, and the daemon refuses them from there.
    if (env.CCM_AGENT_ID) headers['ccm-agent'] = env.CCM_AGENT_ID;
    if (method !== 'GET') headers['idempotency-key'] = crypto.randomUUID();
    for (let tries = 1; ; tries += 1) {
      const response = await exchange({ url, method, headers, body, timeoutMs: options.timeoutMs ?? TIMEOUT_MS });
      const text = isNoReply(response) ? null : await bodyOf(response);
      if (isNoReply(response) || text === null) {
        const kind = isNoReply(response) ? response.kind : 'broken';
        if (kind === 'broken' && tries === 1) continue;
        throw silent(address, kind, isNoReply(response) ? response.detail : 'the connection ended within the reply');
      }
      return replyOf<T>(address, response.statusCode ?? 0, text);
    }
  };
  return {
    get: (path, query = {}, timeoutMs = TIMEOUT_MS) => call('GET', path, { query, timeoutMs }),
    post: (path, options) => call('POST', path, options),
    delete: (path, options) => call('DELETE', path, options),
    foresee: (method, path, options = {}) => call(method, path, { ...options, query: { ...options.query, dry_run: true } }),
    feed: (since, signal) => readFeed(() => findDaemon(home, env), since, signal),
  };
};

/** `/tasks/<id>/stop` of its parts, each made safe for a path. */
/** What the daemon takes for a name in a path, in characters. */
const LONGEST_NAME = 200;

export const pathOf = (...parts: readonly string[]): string => {
  const long = parts.find((part) => part.length > LONGEST_NAME);
  if (long !== undefined)
    throw usageError(
      `"${oneLine(long.slice(0, 40))}…" is too long to be an id or the beginning of a title.`,
      '`ccm ls --all` lists tasks.',
    );
  return parts.map((part) => `/${encodeURIComponent(part)}`).join('');
};

const queryText = (query: Query = {}): string => {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== false);
  if (pairs.length === 0) return '';
  return `?${pairs.map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`).join('&')}`;
};

const silent = ({ url }: Address, kind: string, detail: string): CcmError =>
  kind === 'refused'
    ? unreachable(`The daemon does not answer on ${url}.`, 'Start it with `ccm up`; `ccm doctor` tells more.')
    : unreachable(`The daemon on ${url} gave no answer: ${detail}.`, 'Try again; `ccm doctor` and `ccm logs --daemon` tell more.');

const replyOf = <T>({ url }: Address, status: number, text: string): Reply<T> => {
  const body = parseJson(text);
  if (typeof body !== 'object' || body === null)
    throw unreachable(`What answers on ${url} is not a CCM Orchestrator daemon.`, 'Start yours with `ccm up`; `ccm doctor` tells more.');
  if (status < 400 && 'data' in body) return { meta: {}, ...(body as { data: T }) };
  throw problemFrom(body as Record<string, unknown>, status);
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null; // Told by the caller: what answers is not ours.
  }
};

/** A problem document as an error; a code that this version does not know keeps its words. */
export const problemFrom = (document: Readonly<Record<string, unknown>>, status: number): CcmError => {
  const { code, detail, title, type: _type, instance: _instance, ...extra } = document;
  const known = typeof code === 'string' && code in catalogue ? (code as ErrorCode) : fallback(status);
  const [sentence = `The daemon answered with status ${status}.`] = [detail, title].filter(
    (text): text is string => typeof text === 'string' && text !== '',
  );
  return new CcmError(known, sentence, { ...extra, code, title, status });
};

const fallback = (status: number): ErrorCode => {
  if (status === 401) return 'CCM_UNAUTHORIZED';
  if (status === 403) return 'CCM_FORBIDDEN';
  if (status === 404) return 'CCM_NOT_FOUND';
  if (status === 409) return 'CCM_CONFLICT';
  return status < 500 ? 'CCM_BAD_INPUT' : 'CCM_INTERNAL';
};
