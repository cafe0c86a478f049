/** The journal as a list, newest first; each row opens to its whole event, and leads back to its moment. */
import { useMemo, useState } from 'preact/hooks';
import type { JournalRow, Task } from '../api/types.ts';
import { useGrowing } from '../parts/grows.tsx';
import { Loading } from '../parts/notice.tsx';
import { Pill } from '../parts/pill.tsx';
import { eventWords } from '../parts/words.ts';
import { setQuery } from '../router.ts';
import { clockText, exactText } from '../store/clock.ts';
import { changesOf, indexAt, kindsOf } from './annals.ts';
import { gistOf, senderOf } from './gist.ts';
import type { Past } from './history.ts';

/** Drawn before anybody scrolls. */
const atFirst = 60;

type RowProps = { row: JournalRow; task: Task; sender: string; changed: boolean; here: boolean; newest: boolean };

const Whole = ({ row, newest }: Pick<RowProps, 'row' | 'newest'>) => (
  <>
    <pre>{JSON.stringify(row.event, null, 2)}</pre>
    <p class="dim small">
      Step {row.seq} of this {row.kind}, number {row.gseq} of all.{' '}
      <button type="button" onClick={() => setQuery({ at: newest ? null : String(row.gseq) })}>
        Go to this moment
      </button>
    </p>
  </>
);

const Step = ({ row, task, sender, changed, here, newest }: RowProps) => {
  const [open, setOpen] = useState(false);
  return (
    <li class={`event${changed ? ' change' : ''}${here ? ' here' : ''}`} aria-current={here ? 'step' : undefined}>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <time title={exactText(row.at)}>{clockText(row.at)}</time>
          <span class="event-who">{row.actor === task.id ? 'task' : row.kind}</span>
          <span class="event-type">{eventWords(row.type)}</span>
          <span class="event-gist">
            {changed && <Pill status={row.status} />} {gistOf(row)}
          </span>
          <span class="dim event-by">{sender}</span>
        </summary>
        {open && <Whole row={row} newest={newest} />}
      </details>
    </li>
  );
};
/** Going through time moves the mark; the other rows stay as they are drawn. */
const Row = (props: RowProps) => useMemo(() => <Step {...props} />, Object.values({ ...props, task: props.task.id }));

export const Events = ({ past, task, at }: { past: Past; task: Task; at: number | null }) => {
  const changed = changesOf(past.rows);
  const upTo = at === null ? past.rows.length : indexAt(past.rows, at) + 1;
  const newest = past.rows.at(-1)?.gseq;
  const { drawn, more, end } = useGrowing(upTo, atFirst);
  const kinds = kindsOf(past.rows);
  if (past.loading && past.rows.length === 0) return <Loading what="events" />;
  const list = (
    <ol class="events" reversed>
      {past.rows
        .slice(upTo - drawn, upTo)
        .reverse()
        .map((row, i) => (
          <Row
            key={row.gseq}
            row={row}
            task={task}
            sender={senderOf(row.by, kinds)}
            changed={changed.has(row.gseq)}
            here={at !== null && i === 0}
            newest={row.gseq === newest}
          />
        ))}
    </ol>
  );
  return (
    <>
      {list}
      {more && (
        <p class="dim quiet" ref={end}>
          {drawn} of {upTo}; scroll for more.
        </p>
      )}
    </>
  );
};
