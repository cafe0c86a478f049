/** Each kind of actor: its chart, what it is for, and how many actors sit in each state. */
import type { MachineView } from '../api/types.ts';
import { ActorChart } from '../chart/actor-chart.tsx';
import { chartFor } from '../chart/files.ts';
import { Loading, TroubleBox } from '../parts/notice.tsx';
import { Pill } from '../parts/pill.tsx';
import { plural, wordsOf } from '../parts/words.ts';
import { query, setQuery } from '../router.ts';
import { status } from '../store/home.ts';
import { useFetched } from '../task/use-fetched.ts';
import { machineWords } from './machine-words.ts';
import { stateWords } from './state-words.ts';

const States = ({ machine }: { machine: MachineView }) => {
  const chart = chartFor(machine.kind);
  if (chart.state !== 'ready') return null;
  const { definition } = chart.file;
  const keys = new Map(definition.states.map((s) => [s.id, s.key]));
  const counts = new Map(machine.statuses.map((s) => [s.status, s.count]));
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={`States of ${machine.kind}`}>
      <table class="evidence">
        <caption>States, what each means, and the ways out of it</caption>
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">What it means</th>
            <th scope="col">Actors</th>
            <th scope="col">Ways out</th>
          </tr>
        </thead>
        <tbody>
          {definition.states.slice(1).map((state) => {
            const ways = definition.edges.filter((e) => e.source === state.id && e.targets.some((t) => t !== state.id));
            return (
              <tr key={state.id}>
                <th scope="row" class={`depth-${Math.min(3, state.depth)}`}>
                  {state.key}
                </th>
                <td class="means">{stateWords[state.id]}</td>
                <td>{counts.get(state.key) ?? ''}</td>
                <td class="mono small ways">
                  {ways.map((e) => `${e.label} → ${e.targets.map((t) => keys.get(t) ?? t).join(' + ')}`).join(' · ')}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
};

export const Machines = () => {
  const total = JSON.stringify(status.value?.counts ?? null);
  const { data, trouble } = useFetched<MachineView[]>('/machines', total);
  if (!data) return trouble ? <TroubleBox trouble={trouble} /> : <Loading what="the machines" lines={8} />;
  const machine = data.find((m) => m.kind === query.value.get('kind')) ?? data[0];
  if (!machine) return null;
  const words = machineWords[machine.kind];
  return (
    <div class="machines">
      <header class="page-head">
        <h1>Machines</h1>
        <div class="segments" role="group" aria-label="Machine">
          {data.map((m) => (
            <button key={m.kind} type="button" aria-pressed={m === machine} onClick={() => setQuery({ kind: m.kind })}>
              {machineWords[m.kind]?.title ?? m.kind} <span class="dim">{m.actors}</span>
            </button>
          ))}
        </div>
      </header>
      <section class="panel machine-words">
        <p>{words?.about}</p>
        <p class="machine-counts">
          {machine.statuses.map((s) => (
            <span key={s.status}>
              <Pill status={s.status} /> {s.count}
            </span>
          ))}
          {machine.actors === 0 && <span class="dim">There is none yet.</span>}
        </p>
        <p class="dim small">
          Version {machine.version}, {plural(machine.actors, 'actor')}. This is the machine that runs: the picture is made from it.
          {machine.kind === 'agent' && ` A status is one word for both regions, such as ${wordsOf('needsApproval')}.`}
        </p>
      </section>
      <section class="panel machine-chart" aria-label={`Chart of ${machine.kind}`}>
        <ActorChart
          key={machine.kind}
          kind={machine.kind}
          name={`${words?.title ?? machine.kind} chart`}
          value={{}}
          taken={[]}
          seq={0}
          before={undefined}
          ghost={[]}
          timers={[]}
          still
        />
      </section>
      <section class="panel machine-states">
        <States machine={machine} />
      </section>
    </div>
  );
};
