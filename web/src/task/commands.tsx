/** The commands a person may give now. Resting on one asks the machine what it would do, and shows it on the chart. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { give, preview } from '../api/act.ts';
import type { Trouble } from '../api/http.ts';
import type { Agent, Consequence, Task } from '../api/types.ts';
import { TroubleBox } from '../parts/notice.tsx';
import { readTask, stale } from '../store/home.ts';
import { CommandDialog } from './command-dialog.tsx';
import { Foretold } from './foretold.tsx';
import { type Offer, offersOf, saidOf, sampleBody } from './offers.ts';

type Props = { task: Task; agent: Agent | null; onGhost: (ghost: Consequence | null) => void };

export const Commands = ({ task, agent, onGhost }: Props) => {
  const [told, setTold] = useState<Consequence | null>(null);
  const [asked, setAsked] = useState<Offer | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  const resting = useRef(0);
  /** Answers of earlier questions are not shown. */
  const question = useRef(0);

  const forget = (): void => {
    clearTimeout(resting.current);
    question.current += 1;
    setTold(null);
    onGhost(null);
  };
  useEffect(() => forget, [task.status]);
  const consider = (offer: Offer, body: Record<string, unknown> = sampleBody(offer.command)): void => {
    clearTimeout(resting.current);
    const mine = ++question.current;
    const look = async (): Promise<void> => {
      const answer = await preview(offer.kind, offer.id, offer.command.verb, body);
      if (!answer.ok || mine !== question.current) return;
      setTold(answer.data);
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
    setSaid(done.ok ? saidOf(offer.command.verb, done.data) : '');
    await readTask(task.id);
  };
  const choose = (offer: Offer): void => {
    if (!offer.asks) return void act(offer);
    setAsked(offer);
    consider(offer);
  };

  return (
    <div class="commands">
      <div class="buttons" role="group" aria-label="Commands">
        {offersOf(task, agent).map((offer) => (
          <button
            key={`${offer.kind} ${offer.command.verb}`}
            type="button"
            class={offer.command.danger ? 'danger' : offer.command.verb === 'merge' ? 'primary' : ''}
            disabled={busy || stale.value}
            aria-describedby="foretold"
            onPointerEnter={() => consider(offer)}
            onPointerLeave={() => !asked && forget()}
            onFocus={() => consider(offer)}
            onBlur={() => !asked && forget()}
            onClick={() => choose(offer)}
          >
            {offer.command.label}
          </button>
        ))}
      </div>
      <p id="foretold" class="foretold" aria-live="polite">
        {told ? <Foretold told={told} /> : said || <span class="dim">Rest on a command to see what it would do.</span>}
      </p>
      {trouble && <TroubleBox trouble={trouble} />}
      <CommandDialog
        key={asked ? `${asked.kind} ${asked.command.verb}` : 'none'}
        task={task}
        asked={asked}
        told={told}
        busy={busy}
        onConsider={(body) => asked && consider(asked, body)}
        onAct={(body) => asked && void act(asked, body)}
        onClose={() => {
          setAsked(null);
          forget();
        }}
      />
    </div>
  );
};
