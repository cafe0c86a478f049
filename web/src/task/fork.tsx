/** Forking a task: from as it is, or from the moment that is looked at. */
import { useState } from 'preact/hooks';
import { give, preview } from '../api/act.ts';
import type { Trouble } from '../api/http.ts';
import type { Consequence, Task } from '../api/types.ts';
import { TroubleBox } from '../parts/notice.tsx';
import { go } from '../router.ts';
import { stale } from '../store/home.ts';
import { CommandDialog } from './command-dialog.tsx';
import { forkOffer } from './offers.ts';

/** To the new task. */
export const openFork = (made: unknown): void => {
  if (made !== null && typeof made === 'object' && 'short' in made) go(`/tasks/${String(made.short)}`);
};

/** @param before the moment of its past, milliseconds. */
export const ForkHere = ({ task, before }: { task: Task; before: number }) => {
  const offer = forkOffer(task);
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<Consequence | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  if (!offer) return null;
  const consider = async (): Promise<void> => {
    setOpen(true);
    const answer = await preview('task', task.id, 'fork', { before });
    setTold(answer.ok ? answer.data : null);
    setTrouble(answer.ok ? null : answer.trouble);
  };
  const act = async (body: Record<string, unknown>): Promise<void> => {
    setBusy(true);
    const made = await give('task', task.id, 'fork', { ...body, before });
    setBusy(false);
    setOpen(false);
    if (made.ok) openFork(made.data);
    else setTrouble(made.trouble);
  };
  return (
    <>
      <button type="button" disabled={stale.value} onClick={() => void consider()}>
        Fork from here
      </button>
      <CommandDialog
        task={task}
        asked={open ? offer : null}
        told={told}
        busy={busy}
        onConsider={() => undefined}
        onAct={(body) => void act(body)}
        onClose={() => setOpen(false)}
      />
      {trouble && <TroubleBox trouble={trouble} />}
    </>
  );
};
