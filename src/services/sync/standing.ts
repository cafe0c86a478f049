/** Why a task that another machine shall do, or has, is where it is. The command line and the page show the same sentence. Pure. */
import { linkReasonWords } from '../../lib/link-words.ts';

export type Standing = {
  /** As the chart here says: held, offered, claimed, remote; or what the other machine told. */
  status: string;
  /** The machine that shall do it, or does. */
  system: string;
  link: { status: string; reason: string | null };
  /** The operation that carries it to the hub; null: none waits any more. */
  carrier: { state: string; error: string | null } | null;
  /** When the hub heard that machine last, by its own clock; null: never. */
  lastSeen: number | null;
  /** The hub's time at its last answer; null: it has not answered since the start. */
  heardAt: number | null;
};

/** A machine that was not seen for this long before the hub last answered is taken to be away. */
export const AWAY_MS = 180_000;

const connected = new Set(['online', 'executing', 'syncing']);
/** An instant that stays true however long it stands on a page. */
export const when = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** What keeps this machine from the hub; null: nothing. */
export const linkTrouble = ({ status, reason }: Standing['link']): string | null => {
  if (connected.has(status)) return null;
  if (status === 'paused') return 'the link is paused (`ccm sync resume` goes on)';
  if (status === 'signedOut') return 'nobody is signed in to the hub (`ccm login` goes on)';
  if (status === 'localOnly') return 'the link to the hub is off (`ccm init` connects it)';
  return reason === null ? 'the connection to the hub is being proved' : (linkReasonWords[reason] ?? reason);
};

/** One sentence; null where its status says it all. */
export const standing = ({ status, system, link, carrier, lastSeen, heardAt }: Standing): string | null => {
  const trouble = linkTrouble(link);
  if (status === 'held') {
    if (carrier?.state === 'rejected') return `The hub refused it: ${carrier.error ?? 'no reason given'}; \`ccm outbox\` shows it.`;
    if (trouble !== null) return `It waits to be sent: ${trouble}.`;
    return `It is on its way to the hub, for ${system}.`;
  }
  if (status === 'offered') {
    if (trouble !== null) return `The hub has it for ${system}; what became of it there is not known here: ${trouble}.`;
    if (lastSeen === null) return `The hub has it for ${system}, which was never seen there.`;
    const away = heardAt !== null && heardAt - lastSeen > AWAY_MS;
    return `The hub has it for ${system}, which ${away ? 'is away' : 'has not taken it yet'}; it was last seen at ${when(lastSeen)}.`;
  }
  if (trouble === null) return null;
  const as = heardAt === null ? 'This is how it stood when the hub was last heard' : `This is how it stood at ${when(heardAt)}`;
  return `${as}; nothing newer is known here: ${trouble}.`;
};
