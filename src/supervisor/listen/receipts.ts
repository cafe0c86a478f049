/**
 * A message is taken when the program's own hook says so. Programs swallow an Enter that follows a paste too closely: until the hook is heard
 * it is pressed again, a bounded number of times, and only where the screen shows no dialog that an Enter would answer.
 */
import { z } from 'zod';
import { type Pane, type Profile, pane, profile } from '../../../machines/effects.ts';
import { fail } from '../../errors.ts';
import type { Cancel } from '../../ports/system.ts';
import { agentFacts } from '../agent-facts.ts';
import type { SupervisorDeps } from '../deps.ts';
import { isAlive } from '../find-pane.ts';

/** Milliseconds to wait for the hook before the next Enter; after the last one the message counts as not taken. */
const PATIENCE_MS = [2_000, 3_000, 5_000] as const;

type Typed = { agent: string; message: string; attempt: number; pane: Pane; profile: Profile; text: string };
type Expected = Typed & { cancel: Cancel };

export type Receipts = {
  /** To be called before the text is typed: the hook may be quicker than our own hands. */
  expect: (typed: Typed) => { typed: () => void; drop: () => void };
  /** The program took a prompt, ours or another. */
  prompted: (agent: string, text: string) => void;
  /** After an absence: what was typed and not taken by then is waited for again. Nobody else would ever say that it was lost. */
  takeUp: (agent: string) => void;
  stop: () => void;
};

const typedMessage = z.object({
  text: z.string(),
  nudge: z.string().nullable(),
  attempt: z.int(),
  delivery: z.object({ pane, profile }),
});
/** What was half done when we ended is judged first. */
const BACK_MS = 1_000;

/** What pastes and boxes leave of a text: its letters and digits. Long pastes come back wrapped, so one must contain the other. */
const bare = (text: string): string => text.replaceAll(/[^\p{L}\p{N}]+/gu, '');
export const holds = (prompt: string, text: string): boolean => bare(prompt).includes(bare(text));

export const receipts = (deps: Pick<SupervisorDeps, 'actors' | 'terminal' | 'drivers' | 'clock' | 'note'>): Receipts => {
  const { actors, terminal, drivers, clock } = deps;
  const expected = new Map<string, Expected>();

  /** `asked`: a question stands before its box. `free`: an Enter is harmless now, since the program lives and its screen shows neither that nor work. */
  const lookAt = async ({ agent, pane, profile }: Typed): Promise<'asked' | 'free' | 'other'> => {
    const status = agentFacts(actors.state(agent))?.status;
    if (status === 'needsAnswer' || status === 'needsApproval') return 'asked';
    if (status !== 'busy' || (await isAlive(terminal, pane)) !== true) return 'other';
    const screen = await terminal.capture(pane);
    const reading = screen.ok ? drivers[profile.kind]?.read(profile, { text: screen.value, title: '' }) : undefined;
    if (reading?.fact === 'asking' || reading?.fact === 'approval') return 'asked';
    return reading === null || reading?.fact === 'ready' || reading?.unsent === true ? 'free' : 'other';
  };

  const wait = (one: Expected, round: number): void => {
    one.cancel = clock.after(PATIENCE_MS[round] ?? 0, () => {
      pressAgain(one, round + 1).catch((thrown: unknown) => {
        deps.note('Whether a message was taken is not known yet; it is looked at again.', { error: String(thrown) });
        if (expected.get(one.agent) === one) wait(one, PATIENCE_MS.length - 1);
      });
    });
  };

  const pressAgain = async (one: Expected, round: number): Promise<void> => {
    if (expected.get(one.agent) !== one) return;
    const seen = await lookAt(one);
    // Heard while we looked.
    if (expected.get(one.agent) !== one) return;
    // What was typed waits with the question, for as long as a person thinks.
    if (seen === 'asked') return wait(one, 0);
    if (round >= PATIENCE_MS.length) return giveUp(one);
    if (seen === 'free') await terminal.keys(one.pane, ['Enter']);
    wait(one, round);
  };

  const giveUp = async (one: Expected): Promise<void> => {
    if (agentFacts(actors.state(one.agent))?.status !== 'busy') {
      expected.delete(one.agent);
      return;
    }
    const { problem } = fail('CCM_NOT_TAKEN', 'It was typed, and the program did not say that it took it.');
    const event = { type: 'TYPE_FAILED', id: `untaken:${one.message}:${one.attempt}`, at: clock.now(), by: 'terminal' };
    await actors.send(one.message, { ...event, attempt: one.attempt, problem: { code: problem.code, detail: problem.detail } });
    // Only now: what could not be stored is tried again.
    if (expected.get(one.agent) === one) expected.delete(one.agent);
  };

  const expect: Receipts['expect'] = (typed) => {
    const one: Expected = { ...typed, cancel: () => undefined };
    expected.get(typed.agent)?.cancel();
    expected.set(typed.agent, one);
    return {
      typed: () => {
        if (expected.get(one.agent) === one) wait(one, 0);
      },
      drop: () => {
        if (expected.get(one.agent) === one) expected.delete(one.agent);
      },
    };
  };

  const again = (agent: string): void => {
    const current = actors.state(agent)?.context['current'];
    const message = typeof current === 'string' ? actors.state(current) : null;
    if (message?.status !== 'submitted' || expected.has(agent)) return;
    const about = typedMessage.safeParse(message.context).data;
    const feed = about && drivers[about.delivery.profile.kind]?.feed(about.delivery.profile, about.nudge ?? about.text);
    if (!about || !feed?.ok || !feed.value.confirmed) return;
    expect({ agent, message: message.id, attempt: about.attempt, ...about.delivery, text: feed.value.text }).typed();
  };

  return {
    expect,
    takeUp: (agent) => void clock.after(BACK_MS, () => again(agent)),
    prompted(agent, text) {
      const one = expected.get(agent);
      if (!one || !holds(text, one.text)) return;
      one.cancel();
      expected.delete(agent);
    },
    stop() {
      for (const one of expected.values()) one.cancel();
      expected.clear();
    },
  };
};
