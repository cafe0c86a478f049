/** All that agent programs say through their hooks and conversation files, assembled. */
import type { Profile } from '../../../machines/effects.ts';
import { fail, ok, type Result } from '../../errors.ts';
import { type AgentFacts, agentFacts } from '../agent-facts.ts';
import type { SupervisorDeps } from '../deps.ts';
import { listeningBook } from './book.ts';
import { conversationFiles } from './conversation-files.ts';
import { type Held, heldHooks } from './held.ts';
import { helperUsage } from './helper-usage.ts';
import { conversationNames } from './names.ts';
import { type Receipts, receipts } from './receipts.ts';
import { signReader } from './signs.ts';
import { turnEnds } from './turn-end.ts';

/** One call of a hook, live or from the spool. */
export type HookCall = { kind: string; payload: Readonly<Record<string, unknown>>; at?: number | undefined };

export type Listener = {
  /**
   * Takes one call and returns the JSON to answer it with; for a question that is after somebody decided, or `left` was aborted.
   * `CCM_NOT_FOUND` for an unknown agent, `CCM_BAD_INPUT` when its kind has no such hooks.
   */
  hear: (agent: string, call: HookCall, left: AbortSignal) => Promise<Result<unknown>>;
  /** After an absence, and once the spool is empty: reads what was missed of agents that live, and forgets the others. */
  catchUp: () => Promise<void>;
  receipts: Receipts;
  held: Held;
  /** The dialog that was seen on its screen is there no more. */
  dialogClosed: (agent: string) => Promise<void>;
  /** The end of its turn was told, and is about to be believed. */
  isEnding: (agent: string) => boolean;
  /** Its program has ended: what it said last is told before its end is. */
  leaving: (agent: string) => Promise<void>;
  stop: () => void;
};

/** `read`: its conversation file told something that no hook had told. */
export const createListener = (
  deps: SupervisorDeps,
  aside: (what: string, work: Promise<unknown>) => void,
  read: (agent: string) => void,
): Listener => {
  const { actors, clock, drivers, memory, permissions } = deps;
  const book = listeningBook(memory);
  const held = heldHooks(clock);
  const taken = receipts(deps);
  const ends = turnEnds(deps, book, (agent) => files.readOn(agent));
  const names = conversationNames(memory);
  const helpers = helperUsage(deps, book);
  const { take, dialogClosed } = signReader(deps, {
    book,
    names,
    held,
    receipts: taken,
    ends,
    keptIn: (agent) => files.follow(agent),
    helperFile: (agent, path) => aside('What a subagent used could not be counted.', helpers(agent, path)),
  });
  const files = conversationFiles(deps, { book, take, aside, told: read });
  const listeningOf = ({ kind }: Profile) => drivers[kind]?.listening;

  const agentOf = (id: string, kind: string): Result<AgentFacts> => {
    const facts = agentFacts(actors.state(id));
    if (!facts) return fail('CCM_NOT_FOUND', `There is no agent ${id}.`);
    if (facts.profile.kind !== kind || !listeningOf(facts.profile))
      return fail('CCM_BAD_INPUT', `Agents of kind ${facts.profile.kind} call no ${kind.slice(0, 40)} hooks.`);
    return ok(facts);
  };

  return {
    held,
    receipts: taken,
    dialogClosed,
    isEnding: (agent) => book.session(agent).ending !== null,
    async hear(agent, { kind, payload, at }, left) {
      const found = agentOf(agent, kind);
      if (!found.ok) return found;
      const { profile } = found.value;
      const listening = listeningOf(profile);
      const now = clock.now();
      const heard = listening?.hear(payload, permissions(profile.name), now);
      if (!listening || !heard) return ok({});
      const origin = { source: 'hook' as const, at: Math.min(at ?? now, now), key: heard.id ?? actors.newId(), held: !left.aborted };
      book.note(agent, { heardAt: Math.max(origin.at, Math.min(now, book.session(agent).heardAt)) });
      const approval = await take(agent, heard.signs, origin);
      if (approval === null) return ok(heard.reply);
      const { decision, text } = await held.wait(approval, left);
      return ok(listening.answer(payload, decision, text));
    },
    async catchUp() {
      for (const agent of book.known()) {
        if (agentFacts(actors.state(agent))?.exit === null) await files.catchUp(agent);
        await ends.takeUp(agent);
        if (actors.state(agent)?.ended !== false) book.forget(agent);
        else {
          files.follow(agent);
          taken.takeUp(agent);
        }
      }
    },
    async leaving(agent) {
      files.forget(agent);
      if (!book.known().includes(agent)) return;
      await files.catchUp(agent);
      await ends.now(agent);
      book.forget(agent);
    },
    stop() {
      held.releaseAll();
      taken.stop();
      ends.stop();
      files.stop();
    },
  };
};
