/** Operations the hub has not acknowledged, in the order they go out. What was not sent yet can be taken back. */
import { useEffect, useState } from 'preact/hooks';
import { remove, type Trouble } from '../api/http.ts';
import type { Meta, SyncOp } from '../api/types.ts';
import { Age } from '../parts/age.tsx';
import { TroubleBox } from '../parts/notice.tsx';
import { Pill } from '../parts/pill.tsx';
import { plural } from '../parts/words.ts';
import { stale } from '../store/home.ts';
import { useFetched } from '../task/use-fetched.ts';
import { Part } from './part.tsx';
import { opText } from './words.ts';

const pageSize = 100;

/** Which of them are shown, and the ways to the others; nothing where they all fit. */
const Pages = ({ shown, meta, before, onPage }: { shown: number; meta: Meta; before: number; onPage: (cursor: string | null) => void }) => {
  const { total = shown, next = null } = meta;
  if (before === 0 && next === null) return null;
  return (
    <p class="sync-pages">
      <span class="dim">
        {(before + 1).toLocaleString('en')} to {(before + shown).toLocaleString('en')} of {total.toLocaleString('en')}, oldest first
      </span>
      <button type="button" class="small-button" disabled={before === 0} onClick={() => onPage(null)}>
        Back
      </button>
      <button type="button" class="small-button" disabled={next === null} onClick={() => onPage(next)}>
        Next
      </button>
    </p>
  );
};

export const Outbox = ({ watch, onDone }: { watch: string; onDone: () => void }) => {
  /** Where the pages before this one ended. */
  const [places, setPlaces] = useState<readonly string[]>([]);
  const query = new URLSearchParams({ limit: String(pageSize), ...(places.length > 0 ? { cursor: places.at(-1) ?? '' } : {}) });
  const got = useFetched<SyncOp[]>(`/sync/outbox?${query.toString()}`, watch);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  // What was on this page has gone out meanwhile: those before it may have, too.
  const empty = got.data?.length === 0 && places.length > 0;
  useEffect(() => {
    if (empty) setPlaces([]);
  }, [empty]);
  const cancel = async (op: SyncOp): Promise<void> => {
    const answer = await remove<unknown>(`/sync/outbox/${encodeURIComponent(op.id)}`);
    setTrouble(answer.ok ? null : answer.trouble);
    onDone();
  };
  return (
    <Part title="Outbox" what="the outbox" got={got} none="Nothing waits for the hub.">
      {(ops) => (
        <>
          <ol class="sync-ops">
            {ops.map((op) => (
              <li key={op.id}>
                <span class="sync-op">
                  {opText(op)} <strong>{op.title}</strong>
                </span>
                <Pill status={op.status} />
                <span class="dim small">
                  <Age at={op.createdAt} how="ago" />
                  {op.tries > 0 && `, ${plural(op.tries, 'try', 'tries')}`}
                </span>
                {op.cancellable && (
                  <button type="button" class="small-button" disabled={stale.value} onClick={() => void cancel(op)}>
                    Cancel
                    <span class="hidden">
                      {' '}
                      “{opText(op)} {op.title}”
                    </span>
                  </button>
                )}
                {op.problem && <span class="sync-problem">{op.problem}</span>}
              </li>
            ))}
          </ol>
          <Pages
            shown={ops.length}
            meta={got.meta ?? {}}
            before={places.length * pageSize}
            onPage={(cursor) => setPlaces(cursor === null ? places.slice(0, -1) : [...places, cursor])}
          />
          {trouble && <TroubleBox trouble={trouble} />}
        </>
      )}
    </Part>
  );
};
