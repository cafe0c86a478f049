/** Asks once more before a command that cannot be taken back, or that needs a word. Tells the consequence of what is chosen. */
import { useState } from 'preact/hooks';
import type { Consequence, Task } from '../api/types.ts';
import { Dialog } from '../parts/dialog.tsx';
import { type Body, CommandFields, firstBody } from './command-fields.tsx';
import { Foretold } from './foretold.tsx';
import type { Offer } from './offers.ts';

type Props = {
  task: Task;
  asked: Offer | null;
  told: Consequence | null;
  busy: boolean;
  /** The choice changed: ask the machine anew. */
  onConsider: (body: Body) => void;
  onAct: (body: Body) => void;
  onClose: () => void;
};

const Form = ({ task, asked, told, busy, onConsider, onAct, onClose }: Props & { asked: Offer }) => {
  const [body, setBody] = useState<Body>(() => firstBody(task, asked));
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        onAct(body);
      }}
    >
      <p aria-live="polite">{told ? <Foretold told={told} /> : 'Asking the machine what this would do …'}</p>
      <CommandFields
        task={task}
        offer={asked}
        body={body}
        onBody={(next, asks) => {
          setBody(next);
          if (asks) onConsider(next);
        }}
      />
      <footer>
        <button type="button" onClick={onClose}>
          Leave it
        </button>
        <button class={asked.command.danger ? 'danger' : 'primary'} disabled={busy || told?.legal === false}>
          {asked.command.label}
        </button>
      </footer>
    </form>
  );
};

export const CommandDialog = (props: Props) => (
  <Dialog
    open={props.asked !== null}
    title={props.asked ? `${props.asked.command.label}: ${props.task.title}` : ''}
    onClose={props.onClose}
  >
    {props.asked && <Form {...props} asked={props.asked} />}
  </Dialog>
);
