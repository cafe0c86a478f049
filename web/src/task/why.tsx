/** Why it is where it is: the sentence, the evidence it rests on, what it waits for, and what is still to be carried out. */
import type { Agent, Task, Why } from '../api/types.ts';
import { soon } from '../chart/timers.tsx';
import { Age, Left } from '../parts/age.tsx';
import { Loading, TroubleBox } from '../parts/notice.tsx';
import { Pill } from '../parts/pill.tsx';
import { eventWords } from '../parts/words.ts';
import { durationText } from '../store/clock.ts';
import { senderOf } from './gist.ts';
import type { Past } from './history.ts';
import { useFetched } from './use-fetched.ts';

const trustWords = ['', 'a guess', 'seen on the screen', 'we did it', 'sure', 'its own word'] as const;

const Evidence = ({ why }: { why: Why }) =>
  why.evidence.length === 0 ? null : (
    <table class="evidence">
      <caption>Evidence, newest first</caption>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Heard from</th>
          <th scope="col">Trust</th>
          <th scope="col">Age</th>
          <th scope="col">Detail</th>
        </tr>
      </thead>
      <tbody>
        {why.evidence
          .toSorted((a, b) => a.ageMs - b.ageMs)
          .map((e) => (
            <tr key={`${e.source} ${e.ageMs} ${e.fact}`}>
              <th scope="row">{e.fact}</th>
              <td>{e.source}</td>
              <td>
                <span class="trust" aria-hidden="true">
                  {'●'.repeat(e.trust)}
                  <span class="off">{'●'.repeat(5 - e.trust)}</span>
                </span>{' '}
                {e.trust} of 5<span class="dim">, {trustWords[e.trust]}</span>
              </td>
              <td>{durationText(e.ageMs)}</td>
              <td class="mono">{e.detail}</td>
            </tr>
          ))}
      </tbody>
    </table>
  );

type PartProps = { kind: 'task' | 'agent'; id: string; watch: unknown; kinds: ReadonlyMap<string, string>; evidence: boolean };

const Part = ({ kind, id, watch, kinds, evidence }: PartProps) => {
  const { data: why, trouble } = useFetched<Why>(`/${kind}s/${encodeURIComponent(id)}/why`, watch);
  if (!why) return trouble ? <TroubleBox trouble={trouble} /> : <Loading what="why" />;
  const move = why.lastTransition;
  return (
    <section class="why">
      <h3>
        {kind === 'task' ? 'Task' : 'Agent'} <Pill status={why.status} /> <Age at={why.since} how="for" />
      </h3>
      <p class="why-sentence">{why.sentence}</p>
      {why.waitingFor?.map((line) => (
        <p key={line} class="dim">
          Waits for: {line}
        </p>
      ))}
      {evidence && <Evidence why={why} />}
      <ul class="why-lines">
        {move && (
          <li>
            Last moved by <strong>{eventWords(move.event)}</strong>
            {move.by && <> from {senderOf(move.by, kinds)}</>}, <Age at={move.at} how="ago" /> (step {move.seq})
          </li>
        )}
        {why.timers.filter(soon).map((timer) => (
          <li key={timer.id}>
            Timer <strong>{eventWords(timer.id)}</strong> in <Left due={timer.due} />
          </li>
        ))}
        {why.effects.map((effect) => (
          <li key={effect.id}>
            To be carried out: <strong>{effect.effect}</strong> ({effect.status}, tried {effect.attempts}×)
            {effect.problem && `: ${effect.problem}`}
          </li>
        ))}
      </ul>
    </section>
  );
};

type Props = { task: Task; agent: Agent | null; past: Past };

/** A task rests on the evidence of its agent: it is shown there, once. */
export const WhyTab = ({ task, agent, past }: Props) => {
  const kinds = new Map(past.rows.map((row) => [row.actor, row.kind]));
  return (
    <div class="whys">
      <Part kind="task" id={task.id} watch={task.seq} kinds={kinds} evidence={agent === null} />
      {agent && <Part kind="agent" id={agent.id} watch={agent.seq} kinds={kinds} evidence />}
    </div>
  );
};
