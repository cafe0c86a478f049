/** Operations the hub has not acknowledged, in the order they go out. What was not sent yet can be taken back. */
import { useState } from 'preact/hooks';
import { remove, type Trouble } from '../api/http.ts';
import type { SyncOp } from '../api/types.ts';
import { Age } from '../parts/age.tsx';
import { TroubleBox } from '../parts/notice.tsx';
import { Pill } from '../parts/pill.tsx';
import { plural } from '../parts/words.ts';
import { stale } from '../store/home.ts';
import type { Fetched } from '../task/use-fetched.ts';
import { Part } from './part.tsx';
import { opText } from './words.ts';

export const Outbox = ({ got, onDone }: { got: Fetched<SyncOp[]>; onDone: () => void }) => {
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const cancel = async (op: SyncOp): Promise<void> => {
    const answer = await remove<unknown>(`/sync/outbox/${encodeURIComponent(op.id)}`);
    setTrouble(answer.ok ? null : answer.trouble);
    onDone();
  };
  return (
    <Part title="Outbox" what="the outbox" got={got} none="Nothing waits for the hub.">
      {(ops) => (
        <>
          <ol class="sync-ops">
            {ops.map((op) => (
              <li key={op.id}>
                <span class="sync-op">
                  {opText(op)} <strong>{op.title}</strong>
                </span>
                <Pill status={op.status} />
                <span class="dim small">
                  <Age at={op.createdAt} how="ago" />
                  {op.tries > 0 && `, ${plural(op.tries, 'try', 'tries')}`}
                </span>
                {op.cancellable && (
                  <button type="button" class="small-button" disabled={stale.value} onClick={() => void cancel(op)}>
                    Cancel
                    <span class="hidden">
                      {' '}
                      “{opText(op)} {op.title}”
                    </span>
                  </button>
                )}
                {op.problem && <span class="sync-problem">{op.problem}</span>}
              </li>
            ))}
          </ol>
          {trouble && <TroubleBox trouble={trouble} />}
        </>
      )}
    </Part>
  );
};
