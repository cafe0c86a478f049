/** What the daemon would answer, from a recording. Pure. */
import type { Answer, Trouble } from '../api/http.ts';
import type { ActorAt, RecordedRow, Recording } from '../api/types.ts';

const missing: Trouble = {
  code: 'CCM_NOT_FOUND',
  title: 'This is not in the recording',
  detail: 'It was not recorded, or did not exist yet.',
  next: 'Ask whoever made the recording.',
  status: 404,
};

const rowOf = ({ snapshot: _s, version: _v, origin: _o, link: _l, ...row }: RecordedRow) => row;

const at = (rows: readonly RecordedRow[], seq: number): ActorAt | null => {
  const i = rows.findIndex((row) => row.seq === seq);
  const row = rows[i];
  if (!row) return null;
  const before = rows[i - 1];
  const { actor: id, kind, version, at: moment, status, event, by, transitions, snapshot } = row;
  return {
    id,
    kind,
    version,
    seq,
    at: moment,
    value: snapshot.value,
    context: snapshot.context,
    status,
    event,
    by,
    transitions,
    previous: before ? { seq: before.seq, value: before.snapshot.value, context: before.snapshot.context, status: before.status } : null,
  };
};

const machines = (rows: readonly RecordedRow[]) => {
  const newest = new Map(rows.map((row) => [row.actor, row]));
  const kinds = new Map<string, { version: number; counts: Map<string, number> }>();
  for (const { kind, version, status } of newest.values()) {
    const known = kinds.get(kind) ?? { version, counts: new Map<string, number>() };
    known.counts.set(status, (known.counts.get(status) ?? 0) + 1);
    kinds.set(kind, known);
  }
  return [...kinds].map(([kind, { version, counts }]) => {
    const statuses = [...counts].map(([status, count]) => ({ status, count }));
    return { kind, version, statuses, actors: statuses.reduce((sum, { count }) => sum + count, 0) };
  });
};

export const answersOf = (recording: Recording) => {
  const byActor = new Map<string, RecordedRow[]>();
  for (const row of recording.rows) byActor.set(row.actor, [...(byActor.get(row.actor) ?? []), row]);
  const head = recording.rows.at(-1)?.gseq ?? 0;
  const task = (id: string) => recording.tasks.find((one) => one.id === id || one.short === id);
  const agent = (id: string) => recording.agents.find((one) => one.id === id || one.short === id);

  const find = ([first, id = '', what, more]: readonly string[], query: URLSearchParams): unknown => {
    const number = (name: string, otherwise: number): number => Number(query.get(name) ?? otherwise);
    if (id === '')
      switch (first) {
        case 'tasks':
          return recording.tasks;
        case 'inbox':
        case 'profiles':
        case 'tokens':
          return [];
        case 'projects':
          return recording.projects;
        case 'machines':
          return machines(recording.rows);
        case 'journal':
          return recording.rows
            .filter((row) => row.gseq > number('after', 0))
            .slice(0, number('limit', 200))
            .map(rowOf);
        default:
          return null;
      }
    if (first === 'actors' && what === 'history') {
      const rows = (byActor.get(id) ?? []).filter(
        (row) => row.seq > number('after', 0) && row.seq < number('before', Number.MAX_SAFE_INTEGER),
      );
      return rows.slice(query.has('after') ? 0 : -number('limit', 200)).map(rowOf);
    }
    if (first === 'actors' && what === 'at') return at(byActor.get(id) ?? [], Number(more));
    if (first === 'agents' && what === undefined) return agent(id) ?? null;
    const found = first === 'tasks' ? task(id) : undefined;
    if (!found) return null;
    if (what === undefined) return found;
    if (what === 'messages') return recording.messages.filter((message) => message.task === found.id);
    if (what === 'diff') return recording.diffs[found.id] ?? { text: '', truncated: false, stat: null };
    if (what === 'log') return { text: recording.screens[query.get('agent') ?? found.agent ?? ''] ?? '', live: false };
    return null;
  };

  return (method: string, path: string): Answer<unknown> => {
    const [place = '', search = ''] = path.split('?');
    const found = method === 'GET' ? find(place.split('/').filter(Boolean).map(decodeURIComponent), new URLSearchParams(search)) : null;
    return found === null ? { ok: false, trouble: missing } : { ok: true, data: found, meta: { head, next: null } };
  };
};
