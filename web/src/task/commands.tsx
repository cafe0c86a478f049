/** The commands a person may give now. Resting on one asks the machine what it would do, and shows it on the chart. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { give, preview } from '../api/act.ts';
import type { Trouble } from '../api/http.ts';
import type { Agent, Command, Consequence, Task } from '../api/types.ts';
import { Dialog } from '../parts/dialog.tsx';
import { TroubleBox } from '../parts/notice.tsx';
import { wordsOf } from '../parts/words.ts';
import { readTask, stale } from '../store/home.ts';

type Offer = { kind: 'task' | 'agent'; id: string; command: Command };

/** Text goes through the message box, which keeps receipts. */
const offers = (task: Task, agent: Agent | null): Offer[] => {
  const own = task.commands.map((command): Offer => ({ kind: 'task', id: task.id, command }));
  const his = (agent?.commands ?? []).map((command): Offer => ({ kind: 'agent', id: agent?.id ?? '', command }));
  const verbs = new Set(own.map((o) => o.command.verb));
  return [...own, ...his.filter((o) => !verbs.has(o.command.verb))].filter((o) => !o.command.needs.includes('text'));
};

const sample = (command: Command): Record<string, unknown> => (command.needs.includes('priority') ? { priority: 0 } : {});

const Foretold = ({ told }: { told: Consequence }) => (
  <>
    {told.consequence}
    {told.timers.length > 0 && (
      <span class="dim"> Timers: {told.timers.map((t) => wordsOf(t.id.replace(/^xstate\.after\.([^.]+).*/, '$1'))).join(', ')}.</span>
    )}
  </>
);

type Props = { task: Task; agent: Agent | null; onGhost: (ghost: Consequence | null) => void };

export const Commands = ({ task, agent, onGhost }: Props) => {
  const [told, setTold] = useState<{ offer: Offer; consequence: Consequence } | null>(null);
  const [asked, setAsked] = useState<Offer | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  const [priority, setPriority] = useState(task.priority);
  const resting = useRef(0);

  const forget = (): void => {
    clearTimeout(resting.current);
    setTold(null);
    onGhost(null);
  };
  useEffect(() => forget, [task.status]);
  const rest = (offer: Offer): void => {
    clearTimeout(resting.current);
    const look = async (): Promise<void> => {
      const answer = await preview(offer.kind, offer.id, offer.command.verb, sample(offer.command));
      if (!answer.ok) return;
      setTold({ offer, consequence: answer.data });
      onGhost(answer.data);
    };
    resting.current = window.setTimeout(() => void look(), 120);
  };
  const act = async (offer: Offer, body: Record<string, unknown> = {}): Promise<void> => {
    setBusy(true);
    const done = await give(offer.kind, offer.id, offer.command.verb, body);
    setBusy(false);
    setAsked(null);
    forget();
    setTrouble(done.ok ? null : done.trouble);
    await readTask(task.id);
  };
  const choose = (offer: Offer): void => {
    if (!offer.command.danger && offer.command.needs.length === 0) return void act(offer);
    setAsked(offer);
    rest(offer);
  };

  const list = offers(task, agent);
  return (
    <div class="commands">
      <div class="buttons" role="group" aria-label="Commands">
        {list.map((offer) => (
          <button
            key={`${offer.kind} ${offer.command.verb}`}
            type="button"
            class={offer.command.danger ? 'danger' : ''}
            disabled={busy || stale.value}
            aria-describedby="foretold"
            onPointerEnter={() => rest(offer)}
            onPointerLeave={() => !asked && forget()}
            onFocus={() => rest(offer)}
            onBlur={() => !asked && forget()}
            onClick={() => choose(offer)}
          >
            {offer.command.label}
          </button>
        ))}
      </div>
      <p id="foretold" class="foretold" aria-live="polite">
        {told ? <Foretold told={told.consequence} /> : <span class="dim">Rest on a command to see what it would do.</span>}
      </p>
      {trouble && <TroubleBox trouble={trouble} />}
      <Dialog
        open={asked !== null}
        title={asked ? `${asked.command.label}: ${task.title}` : ''}
        onClose={() => {
          setAsked(null);
          forget();
        }}
      >
        <form
          class="form"
          onSubmit={(event) => {
            event.preventDefault();
            if (asked) void act(asked, asked.command.needs.includes('priority') ? { priority } : {});
          }}
        >
          <p>{told ? <Foretold told={told.consequence} /> : 'Asking the machine what this would do …'}</p>
          {asked?.command.needs.includes('priority') && (
            <label>
              Priority, −10 to 10, higher goes first
              <input
                type="number"
                min={-10}
                max={10}
                value={priority}
                onInput={(event) => setPriority(Number(event.currentTarget.value))}
              />
            </label>
          )}
          <footer>
            <button type="button" onClick={() => setAsked(null)}>
              Leave it
            </button>
            <button class={asked?.command.danger ? 'danger' : 'primary'} disabled={busy}>
              {asked?.command.label}
            </button>
          </footer>
        </form>
      </Dialog>
    </div>
  );
};
