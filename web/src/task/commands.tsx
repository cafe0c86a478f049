/** The commands a person may give now. Resting on one asks the machine what it would do, and shows it on the chart. */
import { useEffect, useState } from 'preact/hooks';
import { give } from '../api/act.ts';
import type { Trouble } from '../api/http.ts';
import type { Agent, Consequence, Task } from '../api/types.ts';
import { TroubleBox } from '../parts/notice.tsx';
import { readTask, stale } from '../store/home.ts';
import { CommandDialog } from './command-dialog.tsx';
import { Foretold } from './foretold.tsx';
import { openFork } from './fork.tsx';
import { More } from './more.tsx';
import { OfferButton, type OfferHands } from './offer-button.tsx';
import { type Offer, offersOf, sampleBody } from './offers.ts';
import { Said, showsWords } from './said.tsx';
import { useForetold } from './use-foretold.ts';
import { useKeptFocus } from './use-kept-focus.ts';

type Props = { task: Task; agent: Agent | null; onGhost: (ghost: Consequence | null) => void };

export const Commands = ({ task, agent, onGhost }: Props) => {
  const { told, consider: ask, forget } = useForetold(onGhost);
  const [asked, setAsked] = useState<Offer | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [said, setSaid] = useState<{ verb: string; reply: unknown } | null>(null);
  const [busy, setBusy] = useState(false);

  useEffect(() => forget, [task.status]);
  const consider = ({ kind, id, command }: Offer, body: Record<string, unknown> = sampleBody(command)): void =>
    ask(kind, id, command.verb, body);
  const act = async (offer: Offer, body: Record<string, unknown> = {}): Promise<void> => {
    setBusy(true);
    const done = await give(offer.kind, offer.id, offer.command.verb, body);
    setBusy(false);
    setAsked(null);
    forget();
    setTrouble(done.ok ? null : done.trouble);
    setSaid(done.ok ? { verb: offer.command.verb, reply: done.data } : null);
    if (done.ok && offer.command.verb === 'fork') return openFork(done.data);
    await readTask(task.id);
  };
  const { group, isBack, press } = useKeptFocus(asked === null && !busy);
  const choose = (offer: Offer): void => {
    press();
    if (!offer.asks) return void act(offer);
    setAsked(offer);
    consider(offer);
  };

  const offers = offersOf(task, agent);
  const first = offers.filter((offer) => !offer.seldom);
  const more = offers.filter((offer) => offer.seldom);
  const shut = busy || stale.value;
  const hands: OfferHands = { consider: (offer) => isBack() || consider(offer), leave: () => asked ?? forget(), choose };
  return (
    <div class="commands">
      <div class="buttons" role="group" aria-label="Commands" ref={group} tabIndex={-1}>
        {first.map((offer) => (
          <OfferButton key={`${offer.kind} ${offer.command.verb}`} offer={offer} disabled={shut} {...hands} />
        ))}
        {more.length > 0 && (
          <More label="More">
            {more.map((offer) => (
              <OfferButton key={`${offer.kind} ${offer.command.verb}`} offer={offer} disabled={shut} {...hands} />
            ))}
          </More>
        )}
      </div>
      <p id="foretold" class="foretold" aria-live="polite">
        {told ? (
          <Foretold told={told} />
        ) : said && showsWords(said.verb) ? (
          <Said {...said} />
        ) : (
          <span class="dim">Rest on a command to see what it would do.</span>
        )}
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
