/** The journal of everything: newest first, followed live, filtered by kind and words. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { get } from '../api/http.ts';
import type { JournalRow } from '../api/types.ts';
import { Empty, Loading } from '../parts/notice.tsx';
import { Pill } from '../parts/pill.tsx';
import { eventWords } from '../parts/words.ts';
import { query, setQuery } from '../router.ts';
import { clockText, exactText } from '../store/clock.ts';
import { coalescer } from '../store/coalesce.ts';
import { findTask, link, onStep } from '../store/home.ts';
import { mergeRows } from '../task/annals.ts';
import { gistOf, senderOf } from '../task/gist.ts';

const pageSize = 200;
const kinds = ['task', 'agent', 'message', 'approval', 'sync-link'] as const;

const useJournal = () => {
  const [rows, setRows] = useState<readonly JournalRow[]>([]);
  const [loading, setLoading] = useState(true);
  const once = useMemo(coalescer, []);
  const newest = useRef(0);
  const live = link.value.phase === 'live';
  const read = async (after: number, limit: number): Promise<number> => {
    const answer = await get<JournalRow[]>(`/journal?after=${after}&limit=${limit}`);
    if (!answer.ok) return 0;
    setRows((known) => mergeRows(known, answer.data));
    newest.current = Math.max(newest.current, answer.data.at(-1)?.gseq ?? 0);
    return answer.meta.head ?? 0;
  };
  const follow = (): Promise<void> =>
    once('journal', async () => {
      if (newest.current > 0) await read(newest.current, pageSize);
      else {
        const answer = await get<JournalRow[]>('/journal?after=0&limit=1');
        const head = answer.ok ? (answer.meta.head ?? 0) : 0;
        await read(Math.max(0, head - pageSize), pageSize);
      }
      setLoading(false);
    });
  useEffect(() => {
    if (live) void follow();
  }, [live]);
  useEffect(() => onStep(() => void follow()), []);
  const first = rows[0]?.gseq ?? 0;
  const earlier = (): void => void read(Math.max(0, first - 1 - pageSize), Math.min(pageSize, Math.max(1, first - 1)));
  return { rows, loading, more: first > 1, earlier };
};

const Row = ({ row, senders }: { row: JournalRow; senders: ReadonlyMap<string, string> }) => {
  const task = findTask(row.actor);
  return (
    <li class="event change" data-row>
      <details>
        <summary data-row-link>
          <time title={exactText(row.at)}>{clockText(row.at)}</time>
          <span class="event-who">{row.kind}</span>
          <span class="event-type">{eventWords(row.type)}</span>
          <span class="event-gist">
            <Pill status={row.status} /> {gistOf(row)}
          </span>
          <span class="dim event-by">{senderOf(row.by, senders)}</span>
        </summary>
        <pre>{JSON.stringify(row.event, null, 2)}</pre>
        <p class="dim small">
          Number {row.gseq} of all, step {row.seq} of this {row.kind}.{' '}
          {task && <a href={`/tasks/${task.short}?at=${row.gseq}`}>Look at {task.title} at this moment</a>}
        </p>
      </details>
    </li>
  );
};

export const Events = () => {
  const { rows, loading, more, earlier } = useJournal();
  const kind = query.value.get('kind') ?? '';
  const words = (query.value.get('q') ?? '').toLowerCase();
  const senders = new Map(rows.map((row) => [row.actor, row.kind]));
  const shown = rows.filter(
    (row) =>
      (kind === '' || row.kind === kind) &&
      (words === '' || `${row.type} ${row.status} ${gistOf(row)} ${findTask(row.actor)?.title ?? ''}`.toLowerCase().includes(words)),
  );
  return (
    <div class="narrow">
      <header class="page-head">
        <h1>Events</h1>
        <div class="segments" role="group" aria-label="Kind">
          {['', ...kinds].map((name) => (
            <button key={name} type="button" aria-pressed={kind === name} onClick={() => setQuery({ kind: name })}>
              {name === '' ? 'All' : name}
            </button>
          ))}
        </div>
        <input
          type="search"
          class="event-search"
          aria-label="Search events"
          placeholder="Words in an event"
          value={query.value.get('q') ?? ''}
          onInput={(event) => setQuery({ q: event.currentTarget.value })}
        />
      </header>
      {loading && rows.length === 0 ? (
        <Loading what="events" lines={8} />
      ) : shown.length === 0 ? (
        <Empty title={rows.length === 0 ? 'Nothing has happened yet' : 'No event fits'}>
          <p class="dim">{rows.length === 0 ? 'The first task writes the first event.' : 'Of those that were read; earlier ones may.'}</p>
        </Empty>
      ) : (
        <ol class="events panel" reversed>
          {shown.toReversed().map((row) => (
            <Row key={row.gseq} row={row} senders={senders} />
          ))}
        </ol>
      )}
      {more && (
        <button type="button" class="plain" onClick={earlier}>
          Load earlier
        </button>
      )}
    </div>
  );
};
