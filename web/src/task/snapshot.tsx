/** The machine's own memory at the chosen moment, exactly as it is stored. */
import { useState } from 'preact/hooks';
import type { ActorAt, Task } from '../api/types.ts';
import { Empty, Loading, TroubleBox } from '../parts/notice.tsx';
import { rowAt } from './annals.ts';
import type { Past } from './history.ts';
import { type JsonChange, jsonChanges } from './json-changes.ts';
import { JsonTree } from './json-tree.tsx';
import { useFetched } from './use-fetched.ts';

const short = (value: unknown): string => (value === undefined ? 'absent' : (JSON.stringify(value) ?? 'absent').slice(0, 200));
type Memory = { state: unknown; context: Readonly<Record<string, unknown>> };

const Changes = ({ changes }: { changes: readonly JsonChange[] }) =>
  changes.length === 0 ? (
    <p class="dim">This step changed nothing that is remembered.</p>
  ) : (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Changed by this step">
      <table class="evidence">
        <caption>Changed by this step</caption>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ path, before, after }) => (
            <tr key={path}>
              <th scope="row">{path}</th>
              <td class="mono">{short(before)}</td>
              <td class="mono">{short(after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );

const Copy = ({ memory }: { memory: Memory }) => {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard?.writeText(JSON.stringify(memory, null, 2));
    setCopied(true);
  };
  return (
    <button type="button" class="small-button" onClick={() => void copy()} aria-live="polite">
      {copied ? 'Copied' : 'Copy as JSON'}
    </button>
  );
};

const Memories = ({ data }: { data: ActorAt }) => {
  const memory: Memory = { state: data.value, context: data.context };
  const { previous } = data;
  const changes = previous ? jsonChanges({ state: previous.value, context: previous.context }, memory) : [];
  const named = changes.map((change) => ({ ...change, path: change.path.replace(/^context\./, '') }));
  return (
    <>
      <p>
        After step {data.seq}, <code>{data.event.type}</code>, machine version {data.version}.
      </p>
      {previous && <Changes changes={named} />}
      <div class="json">
        <Copy key={data.seq} memory={memory} />
        {Object.entries(memory).map(([name, value]) => (
          <JsonTree
            key={`${name} ${data.seq}`}
            name={name}
            value={value}
            path={name}
            changed={new Set(changes.map(({ path }) => path))}
            depth={0}
          />
        ))}
      </div>
    </>
  );
};

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
      {data && <Memories data={data} />}
    </div>
  );
};
