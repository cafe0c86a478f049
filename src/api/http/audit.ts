/**
 * Who did what, from where: every request that would change something, and every refusal, is written down after its answer was given. What
 * agents tell of themselves is in the journal already. Rows are gathered for a moment and written together: a request waits for none of it.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ensureError } from '../../errors.ts';
import type { AuditBook, AuditRow } from '../../ports/records.ts';
import type { Clock, Log } from '../../ports/system.ts';
import { byOf, type Principal } from '../auth/principal.ts';
import { codeOf } from './problem.ts';

type Row = Omit<AuditRow, 'id'>;
export type AuditDeps = { book: AuditBook; commit: (work: () => void) => void; clock: Clock; log: Pick<Log, 'error'> };

const gatherMs = 100;
/** Until what could not be written is tried again, and rows that wait for it at most. */
const againMs = 1_000;
const most = 10_000;
/** For what is refused without an answer of its own: a frame of the socket. */
export type AuditDesk = { refused: (principal: Principal, what: string, inside: string) => void };

/** The same refusal is one row with a number, for this long. */
const repeatMs = 60_000;
const looks = new Set(['GET', 'HEAD', 'OPTIONS']);
const refusals = new Set(['CCM_UNAUTHORIZED', 'CCM_FORBIDDEN', 'CCM_BAD_HOST', 'CCM_RATE_LIMITED']);

export const audit = (app: FastifyInstance, { book, commit, clock, log }: AuditDeps): AuditDesk => {
  /** Refusals counted and not written yet; after {@link repeatMs} they are. */
  const counted = new Map<string, Row>();
  let gathered: Row[] = [];
  /** That nothing can be written is said once. */
  let said = false;
  let cancel: (() => void) | null = null;
  let cancelCounted: (() => void) | null = null;

  const write = (): void => {
    cancel?.();
    cancel = null;
    const rows = gathered;
    gathered = [];
    if (rows.length === 0) return;
    try {
      commit(() => {
        for (const row of rows) book.add(row);
      });
      said = false;
    } catch (thrown) {
      // A full disk, or another program that holds it: written down later, as long as we are here.
      gathered = [...rows, ...gathered].slice(-most);
      cancel = clock.after(againMs, write);
      if (!said) log.error({ error: ensureError(thrown).message, rows: rows.length }, 'what was done could not be written down yet');
      said = true;
    }
  };
  const put = (row: Row): void => {
    gathered.push(row);
    cancel ??= clock.after(gatherMs, write);
  };
  const flushCounted = (): void => {
    cancelCounted?.();
    cancelCounted = null;
    for (const row of counted.values()) if (row.count > 0) put(row);
    counted.clear();
  };
  /** The first of its kind at once, what follows as one row with a number. */
  const refused = (row: Row): void => {
    const key = `${row.by}\0${row.what}\0${row.outcome}\0${row.inside}`;
    const known = counted.get(key);
    if (known) known.count += 1;
    else if (counted.size < 1000) {
      counted.set(key, { ...row, count: 0 });
      put(row);
    }
    cancelCounted ??= clock.after(repeatMs, flushCounted);
  };

  app.addHook('onResponse', async (request, reply) => {
    const { access } = request.routeOptions.config;
    const outcome = reply.statusCode < 400 ? 'ok' : (codeOf(request) ?? String(reply.statusCode));
    const row: Row = {
      at: clock.now(),
      by: request.principal ? byOf(request.principal) : 'nobody',
      channel: request.principal?.kind ?? 'none',
      what: `${request.method} ${pathOf(request)}`,
      outcome,
      inside: insideOf(request),
      count: 1,
    };
    if (refusals.has(outcome)) return refused(row);
    if (looks.has(request.method) || access === 'report' || access === 'read' || wasDry(request)) return;
    put(row);
  });
  app.addHook('onClose', async () => {
    flushCounted();
    write();
    cancel?.();
  });
  return {
    refused: (principal, what, inside) =>
      refused({ at: clock.now(), by: byOf(principal), channel: principal.kind, what, outcome: 'CCM_FORBIDDEN', inside, count: 1 }),
  };
};

const pathOf = (request: FastifyRequest): string =>
  (request.raw.url ?? '/')
    .split('?', 1)[0]
    ?.replace(/^\/api\/v1(?=\/)/, '')
    .slice(0, 200) ?? '/';
const wasDry = ({ query }: FastifyRequest): boolean =>
  typeof query === 'object' && query !== null && 'dry_run' in query && query.dry_run === true;
const insideOf = (request: FastifyRequest): string | null => {
  const told = request.headers['ccm-agent'];
  return request.tracedAgent ?? (typeof told === 'string' ? told.slice(0, 80) : null);
};
