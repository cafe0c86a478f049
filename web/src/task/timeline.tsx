/** Every step as a tick; dragging, or the keys [ and ], goes back and forth in time. */
import { useMemo } from 'preact/hooks';
import type { JournalRow, Task } from '../api/types.ts';
import { eventWords, wordsOf } from '../parts/words.ts';
import { query, scrubTo, setQuery } from '../router.ts';
import { clockText } from '../store/clock.ts';
import { recorded } from '../store/recorded.ts';
import { changesOf, indexAt } from './annals.ts';
import type { Past } from './history.ts';
import { SaveRecording } from './save-recording.tsx';
import { tickKinds, tickPaths, tickWords } from './ticks.ts';

const Ticks = ({ rows, at }: { rows: readonly JournalRow[]; at: number }) => {
  const paths = useMemo(() => tickPaths(rows, changesOf(rows)), [rows]);
  const x = rows.length < 2 ? 0 : (at / (rows.length - 1)) * 1000;
  return (
    <>
      <svg class="ticks" viewBox="-2 0 1004 24" preserveAspectRatio="none" aria-hidden="true">
        {paths.map(({ kind, d }) => (
          <path key={kind} class={`tick ${kind}`} d={d} />
        ))}
        <path class="tick here" d={`M${x.toFixed(1)} 0V24`} />
      </svg>
      <p class="ticks-legend dim" aria-hidden="true">
        {tickKinds
          .filter((kind) => paths.some((path) => path.kind === kind))
          .map((kind) => (
            <span key={kind} class={`tick-word ${kind}`}>
              {tickWords[kind]}
            </span>
          ))}
      </p>
    </>
  );
};

export const Timeline = ({ past, task, at }: { past: Past; task: Task; at: number | null }) => {
  const { rows } = past;
  const last = rows.length - 1;
  const changed = changesOf(rows);
  const found = at === null ? last : indexAt(rows, at);
  const index = Math.max(0, found);
  const here = rows[found];
  const goTo = (i: number): void => {
    const row = rows[Math.max(0, Math.min(last, i))];
    scrubTo(row && i < last ? String(row.gseq) : null);
  };
  const leap = (by: 1 | -1): void => {
    let i = index + by;
    while (i > 0 && i < last && !changed.has(rows[i]?.gseq ?? 0)) i += by;
    goTo(i);
  };
  if (last < 0) return null;
  const who = (row: JournalRow): string => (row.actor === task.id ? 'task' : row.kind);
  return (
    <section class="panel timeline" aria-label="Time line">
      <div class="timeline-buttons">
        <button type="button" data-key="[" disabled={index <= 0} onClick={() => goTo(index - 1)} aria-label="One event back">
          ◀ <kbd aria-hidden="true">[</kbd>
        </button>
        <button type="button" data-key="]" disabled={at === null} onClick={() => goTo(found + 1)} aria-label="One event forward">
          ▶ <kbd aria-hidden="true">]</kbd>
        </button>
        <button type="button" class="hidden" data-key="{" tabIndex={-1} onClick={() => leap(-1)}>
          Last change of state
        </button>
        <button type="button" class="hidden" data-key="}" tabIndex={-1} onClick={() => leap(1)}>
          Next change of state
        </button>
        <button type="button" aria-pressed={at === null} onClick={() => setQuery({ at: null })}>
          Live
        </button>
        <span class="timeline-here mono">
          {!here && `0 of ${rows.length}, before the first`}
          {here && (
            <>
              {index + 1} of {rows.length} <span class="dim">{clockText(here.at)}</span> {who(here)} {eventWords(here.type)}{' '}
              <span class="dim">→ {wordsOf(here.status)}</span>
            </>
          )}
        </span>
        {past.older > 0 && (
          <button type="button" class="plain" disabled={past.reading} onClick={past.earlier}>
            {past.reading ? 'Loading' : 'Load'} {past.older.toLocaleString('en')} earlier
          </button>
        )}
        {!recorded.value && <SaveRecording task={task} />}
        {query.value.get('tab') === null && <span class="hidden">Events are listed below.</span>}
      </div>
      <div class="scrub">
        <input
          type="range"
          min={0}
          max={Math.max(1, last)}
          value={last === 0 ? 1 : index}
          aria-label="Moment"
          aria-valuetext={here ? `${clockText(here.at)}, ${who(here)} ${eventWords(here.type)}` : ''}
          onInput={(event) => goTo(Number(event.currentTarget.value))}
        />
        <Ticks rows={rows} at={index} />
      </div>
    </section>
  );
};
