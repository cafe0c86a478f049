/** The state chart of the agent or of the task, now or at a moment of the past. */
import type { Consequence, JournalRow, Task, Why } from '../api/types.ts';
import { ActorChart } from '../chart/actor-chart.tsx';
import { Announce } from '../chart/announce.tsx';
import { eventWords, wordsOf } from '../parts/words.ts';
import { query, setQuery } from '../router.ts';
import { valueOf } from '../store/values.ts';
import { useFetched } from './use-fetched.ts';

type Props = {
  task: Task;
  agentId: string | null;
  ghost: Consequence | null;
  at: number | null;
  rowOf: (actor: string) => JournalRow | null;
  moveOf: (actor: string) => JournalRow | null;
  beforeOf: (move: JournalRow | null) => unknown;
};

export const ChartPanel = ({ task, agentId, ghost, at, rowOf, moveOf, beforeOf }: Props) => {
  const wanted = query.value.get('chart') === 'task' ? 'task' : 'agent';
  const kind = agentId === null ? 'task' : wanted;
  const actor = kind === 'agent' && agentId ? agentId : task.id;
  const row = rowOf(actor);
  const move = moveOf(actor);
  const why = useFetched<Why>(at === null ? `/${kind}s/${encodeURIComponent(actor)}/why` : null, row?.seq ?? 0).data;
  const value = at === null ? (valueOf(actor) ?? row?.value) : row?.value;
  const name = kind === 'agent' ? 'Agent' : 'Task';
  const wide = query.value.get('wide') === 'chart';
  const head = (
    <>
      <div class="segments" role="group" aria-label="Chart of">
        {agentId !== null && (
          <button type="button" aria-pressed={kind === 'agent'} onClick={() => setQuery({ chart: null })}>
            Agent
          </button>
        )}
        <button type="button" aria-pressed={kind === 'task'} onClick={() => setQuery({ chart: 'task' })}>
          Task
        </button>
      </div>
      <button
        type="button"
        class="plain wide-button"
        data-key="w"
        aria-pressed={wide}
        onClick={() => setQuery({ wide: wide ? null : 'chart' })}
      >
        Wide <kbd aria-hidden="true">w</kbd>
      </button>
      {move && (
        <span class="dim last-event" title={move.type}>
          {eventWords(move.type)} → {wordsOf(move.status)}
        </span>
      )}
    </>
  );
  return (
    <section class="panel chart-panel" aria-label="State chart">
      {value === undefined ? (
        <>
          <div class="chart-tools">{head}</div>
          <div class="chart-wait dim">{at === null ? 'Waiting for its first step.' : 'It did not exist yet.'}</div>
        </>
      ) : (
        <ActorChart
          key={kind}
          kind={kind}
          name={`${name} chart`}
          value={value}
          taken={move?.transitions ?? []}
          seq={move?.seq ?? 0}
          before={beforeOf(move)}
          ghost={ghost?.transitions ?? []}
          timers={at === null ? (why?.timers ?? []) : []}
          still={at !== null}
          head={head}
        />
      )}
      <Announce text={move && at === null ? `${name}: ${wordsOf(move.status)}, after ${eventWords(move.type)}` : ''} />
    </section>
  );
};
