/** The link to an optional hub. Without one everything works; this page says so and shows the machine that will carry it. */
import { useEffect, useState } from 'preact/hooks';
import { get } from '../api/http.ts';
import { ActorChart } from '../chart/actor-chart.tsx';
import { Pill } from '../parts/pill.tsx';
import { onStep, status } from '../store/home.ts';

type Step = { value: unknown; before: unknown; taken: readonly string[]; seq: number };

export const Sync = () => {
  const [step, setStep] = useState<Step>({ value: 'localOnly', before: undefined, taken: [], seq: 0 });
  useEffect(() => {
    // The link's actor exists once the daemon has made it; until then the picture is that of a link that was never enabled.
    void get<{ actor: string; kind: string; value: unknown; seq: number }[]>('/journal?kind=sync-link&limit=1000').then((answer) => {
      const last = answer.ok ? answer.data.at(-1) : undefined;
      if (last) setStep({ value: last.value, before: undefined, taken: [], seq: last.seq });
    });
    return onStep((row) => {
      if (row.kind === 'sync-link') setStep((was) => ({ value: row.value, before: was.value, taken: row.transitions, seq: row.seq }));
    });
  }, []);
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
          value={step.value}
          taken={step.taken}
          seq={step.seq}
          before={step.before}
          ghost={[]}
          timers={[]}
          still={false}
        />
      </section>
    </div>
  );
};
