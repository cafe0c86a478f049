/** The link to an optional hub. Without one everything works; this page says so and shows the machine that will carry it. */
import type { ActorView } from '../api/types.ts';
import { ActorChart } from '../chart/actor-chart.tsx';
import { Pill } from '../parts/pill.tsx';
import { status } from '../store/home.ts';
import { lastMove, rowAt, usePast, valueBefore } from '../task/history.ts';
import { useFetched } from '../task/use-fetched.ts';

/** There is one link per home, and this is its id. */
const linkId = 'sync-link';

export const Sync = () => {
  const { rows } = usePast([linkId]);
  const row = rowAt(rows, linkId, null);
  const move = lastMove(rows, linkId, null);
  const actor = useFetched<ActorView>(`/actors/${linkId}`, row?.seq ?? 0).data;
  const sync = status.value?.sync;
  const state = sync?.state ?? 'localOnly';
  return (
    <div class="sync">
      <header class="page-head">
        <h1>Sync</h1>
        <Pill status={state} />
        {sync?.reason && <span class="dim">{sync.reason}</span>}
      </header>
      {state === 'localOnly' && (
        <div class="panel sync-words">
          <h2>Works without a server</h2>
          <p>
            Tasks, agents, approvals and history live on this machine, in one database file. Nothing leaves it. A hub is only needed to see
            and hand over tasks between several machines, and can be connected later without losing anything.
          </p>
          {sync && sync.pending > 0 && <p>{sync.pending} changes would be sent once a hub is connected.</p>}
        </div>
      )}
      <section class="panel sync-chart" aria-label="State chart of the sync link">
        <ActorChart
          kind="sync-link"
          name="Sync link"
          value={row?.value ?? 'localOnly'}
          taken={move?.transitions ?? []}
          seq={move?.seq ?? 0}
          before={valueBefore(rows, move)}
          ghost={[]}
          timers={actor?.timers ?? []}
          still={false}
        />
      </section>
    </div>
  );
};
