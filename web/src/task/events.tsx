/** The journal as a list, newest first; each row opens to its whole event, and leads back to its moment. */
import type { JournalRow, Task } from '../api/types.ts';
import { Loading } from '../parts/notice.tsx';
import { Pill } from '../parts/pill.tsx';
import { eventWords } from '../parts/words.ts';
import { setQuery } from '../router.ts';
import { clockText, exactText } from '../store/clock.ts';
import { gistOf, senderOf } from './gist.ts';
import { knownChanges, type Past } from './history.ts';

const shown = 300;

type RowProps = { row: JournalRow; task: Task; sender: string; changed: boolean; here: boolean; newest: boolean };

const Row = ({ row, task, sender, changed, here, newest }: RowProps) => (
  <li class={`event${changed ? ' change' : ''}${here ? ' here' : ''}`} aria-current={here ? 'step' : undefined}>
    <details>
      <summary>
        <time title={exactText(row.at)}>{clockText(row.at)}</time>
        <span class="event-who">{row.actor === task.id ? 'task' : row.kind}</span>
        <span class="event-type">{eventWords(row.type)}</span>
        <span class="event-gist">
          {changed && <Pill status={row.status} />} {gistOf(row)}
        </span>
        <span class="dim event-by">{sender}</span>
      </summary>
      <pre>{JSON.stringify(row.event, null, 2)}</pre>
      <p class="dim small">
        Step {row.seq} of this {row.kind}, number {row.gseq} of all.{' '}
        <button type="button" onClick={() => setQuery({ at: newest ? null : String(row.gseq) })}>
          Go to this moment
        </button>
      </p>
    </details>
  </li>
);

export const Events = ({ past, task, at }: { past: Past; task: Task; at: number | null }) => {
  if (past.loading && past.rows.length === 0) return <Loading what="events" />;
  const changed = knownChanges(past.rows);
  const upTo = at === null ? past.rows.length : past.rows.findLastIndex((row) => row.gseq <= at) + 1;
  const newest = past.rows.at(-1)?.gseq;
  const kinds = new Map(past.rows.map((row) => [row.actor, row.kind]));
  return (
    <ol class="events" reversed>
      {past.rows
        .slice(Math.max(0, upTo - shown), upTo)
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
};
