/** How the link stands, the evidence for it, when it is looked at next, and the commands that are legal now. */
import { useEffect, useState } from 'preact/hooks';
import { post, type Trouble } from '../api/http.ts';
import type { Consequence, SyncStatus } from '../api/types.ts';
import { hubOpen } from '../begin/hub-open.ts';
import { Age } from '../parts/age.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { TroubleBox } from '../parts/notice.tsx';
import { Ticked } from '../parts/ticked.tsx';
import { exactText, leftText, now } from '../store/clock.ts';
import { stale } from '../store/home.ts';
import { Foretold } from '../task/foretold.tsx';
import { useForetold } from '../task/use-foretold.ts';
import { type LinkOffer, linkId, linkOffers, planned, seenText, standing } from './words.ts';

const Next = ({ at }: { at: number }) => (
  <time class="left" dateTime={new Date(at).toISOString()} title={exactText(at)}>
    {at <= now.value ? 'now' : `in ${leftText(at, now.value)}`}
  </time>
);

const Facts = ({ sync }: { sync: SyncStatus }) => {
  const next = planned(sync.state);
  return (
    <dl class="sync-facts">
      {next && sync.nextAt !== null && (
        <div>
          <dt>{next}</dt>
          <dd>
            <Next at={sync.nextAt} />
          </dd>
        </div>
      )}
      <div>
        <dt>Last proof</dt>
        <dd>{sync.provenAt === null ? 'none yet' : <Age at={sync.provenAt} how="ago" />}</dd>
      </div>
      {sync.url && (
        <div>
          <dt>Hub</dt>
          <dd>{sync.url}</dd>
        </div>
      )}
      {sync.email && (
        <div>
          <dt>Account</dt>
          <dd>
            {sync.email}
            {sync.strong && ', second factor proven'}
          </dd>
        </div>
      )}
      {sync.system && (
        <div>
          <dt>This machine</dt>
          <dd>{sync.system.name}</dd>
        </div>
      )}
      <div>
        <dt>Waiting</dt>
        <dd>
          {sync.pending}
          {sync.rejected > 0 && `, and ${sync.rejected} refused`}
        </dd>
      </div>
    </dl>
  );
};

type Props = { sync: SyncStatus; onDone: () => void; onGhost: (ghost: Consequence | null) => void };

export const LinkPanel = ({ sync, onDone, onGhost }: Props) => {
  const { told, consider, forget } = useForetold(onGhost);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [asked, setAsked] = useState<LinkOffer | null>(null);
  const [busy, setBusy] = useState(false);
  const give = async (verb: string): Promise<void> => {
    setBusy(true);
    const answer = await post<SyncStatus>(`/sync/${encodeURIComponent(verb)}`);
    setBusy(false);
    setAsked(null);
    forget();
    setTrouble(answer.ok ? null : answer.trouble);
    onDone();
  };
  useEffect(() => forget, [sync.state]);
  const offers = linkOffers(sync.commands);
  /** Resting on it asks the chart. */
  const hands = (verb: string) => {
    const rest = (): void => consider('sync-link', linkId, verb);
    const leave = (): void => {
      if (asked === null) forget();
    };
    return { onPointerEnter: rest, onFocus: rest, onPointerLeave: leave, onBlur: leave };
  };
  return (
    <section class="panel sync-part" aria-label="The link">
      <p class="sync-standing">
        <Ticked text={standing(sync)} />
      </p>
      {sync.evidence && (
        <p class="dim">
          Seen <Age at={sync.evidence.at} how="ago" />: {seenText(sync.evidence.text) ?? sync.evidence.text}
          {seenText(sync.evidence.text) !== null && (
            <>
              {' '}
              (<code>{sync.evidence.text}</code>)
            </>
          )}
        </p>
      )}
      {(sync.state === 'signedOut' || sync.reason === 'authExpired') && (
        <p>
          <button type="button" class="primary" onClick={() => (hubOpen.value = 'sign-in')}>
            Sign in
          </button>
        </p>
      )}
      <Facts sync={sync} />
      {offers.length > 0 && (
        <ul class="sync-commands" aria-label="Commands">
          {offers.map(({ command, effect }) => (
            <li key={command.verb}>
              <button
                type="button"
                class={command.danger ? 'danger' : ''}
                disabled={busy || stale.value}
                aria-describedby={`effect-${command.verb} told-link`}
                {...hands(command.verb)}
                onClick={() => (command.danger ? setAsked({ command, effect }) : void give(command.verb))}
              >
                {command.label}
              </button>
              <span id={`effect-${command.verb}`} class="dim">
                <Ticked text={effect} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {offers.length > 0 && (
        <p id="told-link" class="foretold" aria-live="polite">
          {told ? <Foretold told={told} /> : <span class="dim">Rest on a command to see what it would do.</span>}
        </p>
      )}
      {trouble && <TroubleBox trouble={trouble} />}
      <Dialog open={asked !== null} title={asked?.command.label ?? ''} onClose={() => setAsked(null)}>
        <form
          class="form"
          onSubmit={(event) => {
            event.preventDefault();
            if (asked) void give(asked.command.verb);
          }}
        >
          <p>
            {asked?.command.label} <Ticked text={asked?.effect ?? ''} />
          </p>
          <footer>
            <button type="button" onClick={() => setAsked(null)}>
              Leave it
            </button>
            <button class="danger" disabled={busy}>
              {asked?.command.label}
            </button>
          </footer>
        </form>
      </Dialog>
    </section>
  );
};
