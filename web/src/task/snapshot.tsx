/** The machine's own memory at the chosen moment, exactly as it is stored. */
import { useState } from 'preact/hooks';
import type { ActorAt, Task } from '../api/types.ts';
import { Empty, Loading, TroubleBox } from '../parts/notice.tsx';
import { type Past, rowAt } from './history.ts';
import { useFetched } from './use-fetched.ts';

type Change = { name: string; before: unknown; after: unknown };

/** Pure: fields of the context whose value differs. */
const contextChanges = (before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): Change[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .map((name) => ({ name, before: before[name], after: after[name] }));

const short = (value: unknown): string => JSON.stringify(value)?.slice(0, 200) ?? 'absent';

export const Snapshot = ({ task, agentId, past, at }: { task: Task; agentId: string | null; past: Past; at: number | null }) => {
  const [kind, setKind] = useState<'agent' | 'task'>(agentId ? 'agent' : 'task');
  const actor = kind === 'agent' && agentId ? agentId : task.id;
  const row = rowAt(past.rows, actor, at);
  const { data, trouble } = useFetched<ActorAt>(row && `/actors/${encodeURIComponent(actor)}/at/${row.seq}`, row?.seq ?? 0);
  return (
    <div class="snapshot">
      <div class="segments" role="group" aria-label="Snapshot of">
        {agentId && (
          <button type="button" aria-pressed={kind === 'agent'} onClick={() => setKind('agent')}>
            Agent
          </button>
        )}
        <button type="button" aria-pressed={kind === 'task'} onClick={() => setKind('task')}>
          Task
        </button>
      </div>
      {!row && <Empty title="It did not exist yet at this moment" />}
      {row && !data && (trouble ? <TroubleBox trouble={trouble} /> : <Loading what="the snapshot" lines={6} />)}
      {data && (
        <>
          <p>
            After step {data.seq}, <code>{data.event.type}</code>, machine version {data.version}.
          </p>
          {data.previous && (
            <table class="evidence">
              <caption>Changed by this step</caption>
              <tbody>
                <tr>
                  <th scope="row">state</th>
                  <td class="mono">{short(data.previous.value)}</td>
                  <td class="mono">→ {short(data.value)}</td>
                </tr>
                {contextChanges(data.previous.context, data.context).map((change) => (
                  <tr key={change.name}>
                    <th scope="row">{change.name}</th>
                    <td class="mono">{short(change.before)}</td>
                    <td class="mono">→ {short(change.after)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          <pre tabIndex={0} aria-label="Whole snapshot">
            {JSON.stringify({ value: data.value, context: data.context }, null, 2)}
          </pre>
        </>
      )}
    </div>
  );
};
