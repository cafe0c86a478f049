/** Turns what an agent program says of itself into events of its chart, its messages and its approvals. */

import type { Fact } from '../../../machines/evidence.ts';
import { firstOf } from '../../lib/cut-text.ts';
import type { Sign } from '../../ports/agent-hooks.ts';
import { type AgentFacts, agentFacts } from '../agent-facts.ts';
import type { SupervisorDeps, Told } from '../deps.ts';
import type { ListeningBook } from './book.ts';
import type { Held } from './held.ts';
import type { ConversationNames } from './names.ts';
import { holds, type Receipts } from './receipts.ts';
import type { TurnEnds } from './turn-end.ts';

export type Origin = {
  source: 'hook' | 'transcript';
  /** When it happened. */
  at: number;
  /** Names the call or the line: the same one twice is one event. */
  key: string;
  /** Somebody waits for what is decided about a question in it. */
  held?: boolean;
};

/** Calls of all agents together whose ids are remembered: each is asked about at once or not at all. */
const REMEMBERED = 1_000;

type Deps = Pick<SupervisorDeps, 'actors' | 'clock' | 'drivers' | 'usage' | 'ruling' | 'approvalMs'>;
type Parts = {
  book: ListeningBook;
  names: ConversationNames;
  held: Held;
  receipts: Receipts;
  ends: TurnEnds;
  keptIn: (agent: string) => void;
  helperFile: (agent: string, path: string) => void;
};

export const signReader = (
  { actors, clock, drivers, usage, ruling, approvalMs }: Deps,
  { book, names, held, receipts, ends, keptIn, helperFile }: Parts,
) => {
  const contextOf = (agent: string): Record<string, unknown> => actors.state(agent)?.context ?? {};
  /** Open questions of this agent that a hook asked. */
  const pending = (agent: string) =>
    book.asksOf(agent).filter(({ approval }) => {
      const open = actors.state(approval)?.status === 'pending';
      if (!open) {
        // Decided or withdrawn meanwhile: whoever is still held learns that there is nothing to wait for.
        held.release(approval);
        book.answered(approval);
      }
      return open;
    });

  /** The program's own ids of the calls it began last, by what they do. */
  const uses = new Map<string, string>();
  const remember = (agent: string, call: string, use: string | null): void => {
    if (use === null) return;
    uses.delete(`${agent} ${call}`);
    uses.set(`${agent} ${call}`, use);
    if (uses.size > REMEMBERED) uses.delete(uses.keys().next().value ?? '');
  };

  const hasHelpers = (agent: string): boolean => Object.values(book.session(agent).helpers).includes(true);

  const all = (): boolean => true;
  const isAbout = (sign: { call: string | null; use: string | null }) => (ask: { call: string; use: string | null }) =>
    ask.use !== null && sign.use !== null ? ask.use === sign.use : ask.call === sign.call;

  const withdraw = async (agent: string, which: (ask: { call: string; use: string | null; typed: boolean }) => boolean): Promise<void> => {
    for (const ask of pending(agent).filter(which)) {
      await actors.send(ask.approval, { type: 'WITHDRAW', id: `withdraw:${ask.approval}`, at: clock.now(), by: 'terminal' });
      held.release(ask.approval);
      book.answered(ask.approval);
    }
  };

  const listeningOf = ({ profile }: AgentFacts) => drivers[profile.kind]?.listening;

  /** A tool that an interruption cut off ends after it: that is no sign of life of the turn. */
  const isLate = ({ id, status }: AgentFacts): boolean => status === 'interrupted' && !book.session(id).open;

  /** An end that belongs to a turn or a conversation before this one, or, where every end sounds the same, to one known to have ended otherwise. */
  const isForeign = (facts: AgentFacts, at: number): boolean => {
    const { open, openedAt, since } = book.session(facts.id);
    const begun = Math.max(openedAt, since);
    // After a clock was set back everything would be older than what it follows.
    return (begun <= clock.now() && at < begun) || (listeningOf(facts)?.endsInFile === true && !open);
  };

  /** The message an agent has in hand, and the words of the one before it, as far as they were seen. */
  const inHand = new Map<string, { id: string; text: string; before: string }>();
  const noteInHand = (agent: string): void => {
    const id = contextOf(agent)['current'];
    const text = typeof id === 'string' ? actors.state(id)?.context['text'] : undefined;
    const known = inHand.get(agent);
    if (typeof id !== 'string' || typeof text !== 'string' || known?.id === id) return;
    inHand.delete(agent);
    inHand.set(agent, { id, text, before: known?.text ?? '' });
    if (inHand.size > REMEMBERED) inHand.delete(inHand.keys().next().value ?? '');
  };
  /** Told only now that the next one is on its way: of a turn that has ended meanwhile. */
  const isOfTheOneBefore = (agent: string, text: string): boolean => {
    const { id, text: wanted, before } = inHand.get(agent) ?? { id: null, text: '', before: '' };
    const status = id !== null && contextOf(agent)['current'] === id ? actors.state(id)?.status : undefined;
    if (status !== 'typing' && status !== 'submitted') return false;
    return /[\p{L}\p{N}]/u.test(before) && holds(text, before) && !holds(text, wanted);
  };

  const accepted = async (agent: string, text: string): Promise<void> => {
    receipts.prompted(agent, text);
    const current = contextOf(agent)['current'];
    const message = typeof current === 'string' ? actors.state(current) : null;
    const wanted = message?.context['text'];
    if (!message || typeof wanted !== 'string' || !holds(text, wanted)) return;
    if (message.status !== 'typing' && message.status !== 'submitted') return;
    await actors.send(message.id, { type: 'ACCEPTED', id: `accepted:${message.id}`, at: clock.now(), by: `agent:${agent}` });
  };

  /** Everything one call or line says, in its order. Returns the approval to wait for, if a hook asks that is held. */
  const take = async (agent: string, signs: readonly Sign[], origin: Origin): Promise<string | null> => {
    const now = clock.now();
    const event = (index: number): Pick<Told, 'id' | 'at' | 'by'> => ({
      id: `${origin.source}:${agent}:${origin.key}:${index}`,
      at: now,
      by: `agent:${agent}`,
    });
    const observe = (facts: AgentFacts, index: number, fact: Fact, detail: string, more: { until?: number } = {}) =>
      actors.send(agent, {
        ...event(index),
        ...more,
        type: 'OBSERVED',
        launch: facts.launch,
        fact,
        source: origin.source,
        observedAt: Math.min(origin.at, now),
        detail: firstOf(detail, 4_000),
      });
    let asked: string | null = null;
    noteInHand(agent);

    for (const [index, sign] of signs.entries()) {
      const facts = agentFacts(actors.state(agent));
      if (!facts) return null;
      switch (sign.type) {
        case 'keptIn':
          if (book.session(agent).path !== sign.path)
            book.change(agent, { path: sign.path, since: origin.at, position: { file: null, offset: 0 } });
          if (sign.name !== undefined) names.note(String(contextOf(agent)['conversation']), sign.name);
          keptIn(agent);
          break;
        case 'ready':
          // Its screen was quicker, and a prompt is on its way already.
          if (facts.status !== 'busy') await observe(facts, index, 'ready', sign.detail);
          break;
        case 'prompted':
          if (isOfTheOneBefore(agent, sign.text)) break;
          if (ends.isBefore(agent, origin.at)) {
            await accepted(agent, sign.text);
            break;
          }
          ends.cancel(agent);
          book.change(agent, { open: true, openedAt: origin.at, ...(listeningOf(facts)?.endsInFile ? { said: null } : {}) });
          await accepted(agent, sign.text);
          await observe(facts, index, 'busy', `took the prompt “${firstOf(sign.text.trim(), 120)}”`);
          break;
        case 'working':
          if (isLate(facts) || ends.isBefore(agent, origin.at)) break;
          ends.cancel(agent);
          remember(agent, sign.call, sign.use);
          // Other tools may run beside the one that waits for a person.
          if (pending(agent).length === 0) await observe(facts, index, 'progress', sign.detail);
          break;
        case 'wentOn':
          await withdraw(agent, isAbout(sign));
          if (isLate(facts) || ends.isBefore(agent, origin.at)) break;
          ends.cancel(agent);
          if (pending(agent).length === 0 && agentFacts(actors.state(agent))?.status !== 'busy')
            await observe(facts, index, 'progress', 'goes on');
          break;
        case 'decided':
          await withdraw(agent, ({ use }) => use === sign.use);
          break;
        case 'said':
          book.note(agent, { said: firstOf(sign.text, 4_000) });
          break;
        case 'used':
          usage.heard(agent, sign.usage, origin);
          break;
        case 'asked': {
          ends.cancel(agent);
          const approval = actors.newId();
          const { kind, tool, choices, typed = false, subject = sign.text } = sign;
          const { project, profile } = facts;
          const policy = kind === 'approval' ? ruling({ project, agent: profile.name, tool, subject }) : null;
          // What a rule decides needs no dialog: the hook itself brings the answer.
          const waits = !listeningOf(facts)?.answersTyped && (!typed || (policy !== null && policy.decision !== 'ask'));
          if (waits) asked = approval;
          if (waits && origin.held) held.expect(approval);
          book.ask(approval, { agent, call: sign.call, use: uses.get(`${agent} ${sign.call}`) ?? null, typed });
          const expiresAt = approvalMs() > 0 ? now + approvalMs() : null;
          const ask = { approval, kind, tool, choices: [...choices], text: firstOf(sign.text, 20_000) };
          await actors.send(agent, { ...event(index), ...ask, type: 'ASKED', policy, expiresAt, source: origin.source, observedAt: now });
          break;
        }
        case 'helper': {
          const { helpers } = book.session(agent);
          // Hooks overtake each other: one that has ended does not begin late.
          if (sign.runs && Object.hasOwn(helpers, sign.id) && !sign.again) break;
          book.change(agent, { helpers: { ...helpers, [sign.id]: sign.runs } });
          // The turn itself had ended: nothing follows by itself.
          if (book.session(agent).background && !hasHelpers(agent))
            ends.ended(agent, { key: origin.key, source: origin.source, summary: book.session(agent).said, at: origin.at });
          break;
        }
        case 'helperFile':
          helperFile(agent, sign.path);
          break;
        case 'turnEnded':
          if (sign.more || hasHelpers(agent)) {
            if (sign.summary !== null) book.note(agent, { said: sign.summary });
            book.change(agent, { background: true });
            if (pending(agent).length === 0) await observe(facts, index, 'progress', 'waits for what it started in the background');
            break;
          }
          if (isForeign(facts, origin.at)) break;
          await withdraw(agent, all);
          ends.ended(agent, { key: origin.key, source: origin.source, summary: sign.summary ?? book.session(agent).said, at: origin.at });
          break;
        case 'failed':
        case 'limited':
        case 'interrupted':
          ends.cancel(agent);
          book.change(agent, { open: false, background: false, helpers: {} });
          await withdraw(agent, all);
          await observe(facts, index, sign.type, sign.detail, 'until' in sign && sign.until !== null ? { until: sign.until } : {});
          break;
      }
    }
    return asked;
  };

  return {
    take,
    /** A dialog that was seen is seen no more: what was to be typed into it is decided, by a person at the screen if not by us. */
    dialogClosed: (agent: string): Promise<void> => withdraw(agent, ({ typed }) => typed),
  };
};
export type SignReader = ReturnType<typeof signReader>['take'];
