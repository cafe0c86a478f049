/** Asks once more before a command that cannot be taken back, or that needs a word. Tells the consequence of what is chosen. */
import { useState } from 'preact/hooks';
import type { Consequence, Task } from '../api/types.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Foretold } from './foretold.tsx';
import type { Offer } from './offers.ts';

type Props = {
  task: Task;
  asked: Offer | null;
  told: Consequence | null;
  busy: boolean;
  /** The choice changed: ask the machine anew. */
  onConsider: (body: Record<string, unknown>) => void;
  onAct: (body: Record<string, unknown>) => void;
  onClose: () => void;
};

export const CommandDialog = ({ task, asked, told, busy, onConsider, onAct, onClose }: Props) => {
  const [priority, setPriority] = useState(task.priority);
  const [discard, setDiscard] = useState(false);
  const body = (): Record<string, unknown> => {
    if (asked?.command.needs.includes('priority')) return { priority };
    return asked?.command.verb === 'rm' && discard ? { discard: true } : {};
  };
  return (
    <Dialog open={asked !== null} title={asked ? `${asked.command.label}: ${task.title}` : ''} onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          onAct(body());
        }}
      >
        <p aria-live="polite">{told ? <Foretold told={told} /> : 'Asking the machine what this would do …'}</p>
        {asked?.command.needs.includes('priority') && (
          <label>
            Priority, −10 to 10, higher goes first
            <input
              type="number"
              min={-10}
              max={10}
              value={priority}
              onInput={(event) => {
                const next = Number(event.currentTarget.value);
                setPriority(next);
                onConsider({ priority: next });
              }}
            />
          </label>
        )}
        {asked?.command.verb === 'rm' && (
          <label class="check">
            <input
              type="checkbox"
              checked={discard}
              onChange={(event) => {
                setDiscard(event.currentTarget.checked);
                onConsider(event.currentTarget.checked ? { discard: true } : {});
              }}
            />
            Even if it holds work that is nowhere else
          </label>
        )}
        <footer>
          <button type="button" onClick={onClose}>
            Leave it
          </button>
          <button class={asked?.command.danger ? 'danger' : 'primary'} disabled={busy || told?.legal === false}>
            {asked?.command.label}
          </button>
        </footer>
      </form>
    </Dialog>
  );
};
