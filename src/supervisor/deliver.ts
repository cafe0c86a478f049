/** Hands a decision to whoever waits for it inside the agent: a held hook, a long-poll, or the dialog on its screen. */
import { z } from 'zod';
import type { HandlerResult, Handlers, Pane, Profile } from '../../machines/effects.ts';
import { fail, ok, type Result } from '../errors.ts';
import type { AgentDriver, Question, ReplyStep } from '../ports/agents.ts';
import type { Decision } from '../ports/decisions.ts';
import { agentFacts, toldAt } from './agent-facts.ts';
import type { SupervisorDeps } from './deps.ts';
import { isAlive } from './find-pane.ts';
import type { Held } from './listen/held.ts';
import { mayPass, silent, tell, trouble } from './replies.ts';

/** Time for an asker to come back to its long-poll, after we or the connection were away. */
const COME_BACK_MS = 3_000;
/** A dialog that is still there this long after its answer did not hear it. */
const HEARD_MS = 800;
const TRIES = 3;
/** Time for a dialog to be drawn while its program works on, on a busy machine; once it rests or shows another one, there will be none. */
const DRAWN_MS = 20_000;
const ELSEWHERE_MS = 3_000;
const LOOK_MS = 100;

const question = z.object({
  kind: z.enum(['approval', 'question']),
  choices: z.array(z.string()),
  text: z.string().catch(''),
  tool: z.string().nullable().catch(null),
});

export const deliverHandler = (deps: SupervisorDeps, held: Held) => {
  const { actors, terminal, drivers, awaited, clock } = deps;
  const pause = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));

  type Seen = { agent: string; pane: Pane; profile: Profile; driver: AgentDriver; asked: Question };

  const type = async (pane: Pane, profile: Profile, steps: readonly ReplyStep[], may: (step: ReplyStep) => Promise<boolean>) => {
    for (const step of steps) {
      if (step.waitMs > 0) await pause(step.waitMs);
      if (!(await may(step))) return ok(undefined);
      const done =
        'press' in step
          ? await terminal.keys(pane, step.press)
          : await terminal.paste(pane, step.enter, { submit: true, settleMs: profile.settleMs });
      if (!done.ok) return done;
    }
    return ok(undefined);
  };

  /** The screen, while the dialog on it is the one of this question: a person may have answered it, and the next one stands there. */
  const dialogOf = async (seen: Seen): Promise<string | null> => (await lookAt(seen)).dialog;

  /** `elsewhere`: it shows another dialog, or that it rests. */
  const lookAt = async ({ pane, profile, driver, asked }: Seen): Promise<{ dialog: string | null; elsewhere: boolean }> => {
    const captured = await terminal.capture(pane);
    if (!captured.ok) return { dialog: null, elsewhere: false };
    const screen = { text: captured.value, title: '' };
    const fact = driver.read(profile, screen)?.fact;
    const its = (fact === 'approval' || fact === 'asking') && (driver.shows?.(screen, asked) ?? true);
    return { dialog: its ? screen.text : null, elsewhere: !its && fact !== undefined && fact !== 'busy' };
  };

  /** Some programs draw their dialog only when the hook that told of it has been answered: a quick decision waits for it. */
  const appears = async (seen: Seen): Promise<string | null> => {
    let going = clock.awake();
    for (const until = going + DRAWN_MS; ; await pause(LOOK_MS)) {
      const { dialog, elsewhere } = await lookAt(seen);
      if (dialog !== null) return dialog;
      if (!elsewhere) going = clock.awake();
      if (clock.awake() >= until || clock.awake() - going >= ELSEWHERE_MS) return null;
    }
  };

  /** Keys are for a dialog that is seen; without one they would be typed into the conversation. */
  const typeIntoDialog = async (seen: Seen, decision: Decision, text: string | null): Promise<Result<void>> => {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const screen = tries === 0 ? await appears(seen) : await dialogOf(seen);
      if (screen === null) return tries > 0 ? ok(undefined) : fail('CCM_NOT_TAKEN', 'The question is not on its screen any more.');
      const steps = seen.driver.reply(seen.profile, { ...seen.asked, screen }, decision, text) ?? [];
      // Looked at again right before the first key, and before text that must not meet a dialog.
      const may = async (step: ReplyStep): Promise<boolean> =>
        step === steps[0] ? (await dialogOf(seen)) !== null : !('closed' in step) || !(await showsAny(seen));
      const began = clock.now();
      const typed = await type(seen.pane, seen.profile, steps, may);
      if (!typed.ok) return typed;
      await pause(HEARD_MS);
      // It tells of the next call before it asks about it: a dialog that stands there now is that one's, however like this one it looks.
      if (toldAt(actors.state(seen.agent), 'hook') > began) return ok(undefined);
    }
    return (await dialogOf(seen)) === null ? ok(undefined) : fail('CCM_NOT_TAKEN', 'The dialog on its screen does not take the answer.');
  };

  const showsAny = async ({ pane, profile, driver }: Seen): Promise<boolean> => {
    const screen = await terminal.capture(pane);
    const fact = screen.ok ? driver.read(profile, { text: screen.value, title: '' })?.fact : undefined;
    return fact === 'approval' || fact === 'asking';
  };

  return {
    async 'approval.deliver'({ approval, agent, decision, text }): Promise<HandlerResult> {
      const delivered = tell(approval, 'DELIVERED');
      if (held.settle(approval, { decision, text })) return delivered;
      const facts = agentFacts(actors.state(agent));
      const driver = facts ? drivers[facts.profile.kind] : undefined;
      // Hooks that hung up do not come back; who polls does.
      if (!driver?.listening && (await awaited(approval, COME_BACK_MS))) return delivered;
      const alive = facts?.pane && facts.exit === null ? await isAlive(terminal, facts.pane) : false;
      if (!facts?.pane || alive === false) {
        return tell(approval, 'DELIVERY_FAILED', {
          problem: fail('CCM_PANE_GONE', 'The program that asked is not running any more.').problem,
        });
      }
      // It reads no keys; it finds the decision when it asks for it.
      if (facts.profile.mode !== 'interactive') return silent;
      const asked = question.safeParse(actors.state(approval)?.context).data ?? { kind: 'approval', choices: [], tool: null };
      const { pane, profile } = facts;
      if (!driver) return delivered;
      if (driver.reply(profile, asked, decision, text) === null) return delivered;
      const typed = driver.listening
        ? await typeIntoDialog({ agent, pane, profile, driver, asked }, decision, text)
        : await type(pane, profile, driver.reply(profile, asked, decision, text) ?? [], () => Promise.resolve(true));
      if (typed.ok) return delivered;
      return mayPass(typed.problem) ? trouble(typed.problem) : tell(approval, 'DELIVERY_FAILED', { problem: typed.problem });
    },
  } satisfies Pick<Handlers, 'approval.deliver'>;
};
