/** The link to an optional hub: how it stands, what waits, who else is there. Without a hub the page says so and asks for nothing more. */
import { useComputed } from '@preact/signals';
import { useState } from 'preact/hooks';
import type { ActorView, Consequence, RemoteAsk, RemoteTask, SyncConflict, SyncStatus, System } from '../api/types.ts';
import { hubOpen } from '../begin/hub-open.ts';
import { ActorChart } from '../chart/actor-chart.tsx';
import { Loading, TroubleBox } from '../parts/notice.tsx';
import { Pill } from '../parts/pill.tsx';
import { plural } from '../parts/words.ts';
import { now } from '../store/clock.ts';
import { link, status } from '../store/home.ts';
import { Conflicts } from '../sync/conflicts.tsx';
import { FarAsks } from '../sync/far-asks.tsx';
import { FarTasks } from '../sync/far-tasks.tsx';
import { LinkPanel } from '../sync/link-panel.tsx';
import { Outbox } from '../sync/outbox.tsx';
import { Systems } from '../sync/systems.tsx';
import { WaitingHere } from '../sync/waiting-here.tsx';
import { linkId } from '../sync/words.ts';
import { lastMove, rowAt, valueBefore } from '../task/annals.ts';
import { usePast } from '../task/history.ts';
import { useFetched } from '../task/use-fetched.ts';

/** Rows the hub brings are no steps of this machine: they are looked for as long as somebody looks at them. */
const lookEvery = 10_000;

const Local = ({ sync }: { sync: SyncStatus }) => (
  <section class="panel sync-words" aria-label="No hub">
    <h2>{sync.system ? 'Disconnected' : 'Works without a server'}</h2>
    <p>
      No hub is connected, so nothing is contacted and nothing leaves this machine; to connect one, run <code>ccm init</code>, or:
    </p>
    <p>
      <button type="button" onClick={() => (hubOpen.value = 'connect')}>
        Connect a hub
      </button>
    </p>
    {sync.pending > 0 && <p>{plural(sync.pending, 'change')} kept for the day it is connected again.</p>}
  </section>
);

const Lists = ({ watch, onDone }: { watch: string; onDone: () => void }) => {
  const systems = useFetched<System[]>('/sync/systems', watch);
  const known = systems.data ?? [];
  return (
    <>
      <FarAsks got={useFetched<RemoteAsk[]>('/sync/asks', watch)} onDone={onDone} />
      <Outbox watch={watch} onDone={onDone} />
      <Conflicts got={useFetched<SyncConflict[]>('/sync/conflicts', watch)} />
      <FarTasks got={useFetched<RemoteTask[]>('/sync/tasks', watch)} systems={known} onDone={onDone} />
      <WaitingHere systems={known} onDone={onDone} />
      <Systems got={systems} />
    </>
  );
};

export const Sync = () => {
  const { rows } = usePast([linkId]);
  const [count, setCount] = useState(0);
  const [ghost, setGhost] = useState<Consequence | null>(null);
  const beat = useComputed(() => Math.floor(now.value / lookEvery));
  const row = rowAt(rows, linkId, null);
  const move = lastMove(rows, linkId, null);
  const watch = [row?.seq, JSON.stringify(status.value?.sync), link.value.phase, beat.value, count].join(' ');
  const actor = useFetched<ActorView>(row ? `/actors/${linkId}` : null, watch).data;
  const { data: sync, trouble } = useFetched<SyncStatus>('/sync', watch);
  const done = (): void => setCount((n) => n + 1);
  return (
    <div class="sync">
      <header class="page-head">
        <h1>Sync</h1>
        {sync && <Pill status={sync.state} />}
      </header>
      {!sync && (trouble ? <TroubleBox trouble={trouble} /> : <Loading what="the link" />)}
      {sync && (sync.state === 'localOnly' ? <Local sync={sync} /> : <LinkPanel sync={sync} onDone={done} onGhost={setGhost} />)}
      {sync && (
        <section class="panel sync-chart" aria-label="State chart of the sync link">
          <ActorChart
            kind="sync-link"
            name="Sync link"
            value={row?.value ?? sync.state}
            taken={move?.transitions ?? []}
            seq={move?.seq ?? 0}
            before={valueBefore(rows, move)}
            ghost={ghost?.transitions ?? []}
            timers={actor?.timers ?? []}
            still={false}
          />
        </section>
      )}
      {sync?.system && <Lists watch={watch} onDone={done} />}
    </div>
  );
};
