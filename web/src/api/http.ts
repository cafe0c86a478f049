/** Calls to the daemon. Trouble is returned, not thrown: every caller has a place to show it. */
import { storedToken } from './token.ts';
import type { Meta, ProblemDocument, Reply } from './types.ts';

export type Trouble = { code: string; title: string; detail: string; next: string; status: number };
export type Answer<T> = { ok: true; data: T; meta: Meta } | { ok: false; trouble: Trouble };

const unreachable: Trouble = {
  code: 'CCM_DAEMON_UNREACHABLE',
  title: 'The daemon is not answering',
  detail: 'Nothing was changed.',
  next: 'Start it with `ccm up`; this page comes back by itself.',
  status: 503,
};

let refused: () => void = () => undefined;
/** Called when the daemon no longer takes our token. */
export const onRefused = (listener: () => void): void => {
  refused = listener;
};

const troubleOf = async (reply: Response): Promise<Trouble> => {
  try {
    const said: ProblemDocument = await reply.json();
    return { code: said.code, title: said.title, detail: said.detail, next: said.next, status: reply.status };
  } catch {
    // Not a problem document: something between us and the daemon answered.
    return { ...unreachable, title: `Unexpected answer (${reply.status})`, status: reply.status };
  }
};

type Method = 'GET' | 'POST' | 'DELETE';

let local: ((method: string, path: string) => Answer<unknown>) | null = null;
/** From now on calls are answered here: there is no daemon behind a recording. */
export const answerLocally = (answers: (method: string, path: string) => Answer<unknown>): void => {
  local = answers;
};

const call = async <T>(method: Method, path: string, body?: unknown): Promise<Answer<T>> => {
  if (local) return local(method, path) as Answer<T>;
  const headers: Record<string, string> = { accept: 'application/json', authorization: `Bearer ${storedToken() ?? ''}` };
  if (method !== 'GET') headers['idempotency-key'] = crypto.randomUUID();
  if (body !== undefined) headers['content-type'] = 'application/json';
  let reply: Response;
  try {
    reply = await fetch(`/api/v1${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  } catch {
    // fetch throws when nobody listens.
    return { ok: false, trouble: unreachable };
  }
  if (!reply.ok) {
    if (reply.status === 401) refused();
    return { ok: false, trouble: await troubleOf(reply) };
  }
  const envelope: Reply<T> = await reply.json();
  return { ok: true, data: envelope.data, meta: envelope.meta };
};

export const get = <T>(path: string): Promise<Answer<T>> => call<T>('GET', path);
export const post = <T>(path: string, body?: unknown): Promise<Answer<T>> => call<T>('POST', path, body);
export const remove = <T>(path: string): Promise<Answer<T>> => call<T>('DELETE', path);

/** Plural path of an actor's resource: `POST /<resource>/<id>/<verb>`. */
export const resourceOf = (kind: string): string =>
  ({ task: 'tasks', agent: 'agents', approval: 'approvals', question: 'approvals', message: 'messages' })[kind] ?? 'actors';
