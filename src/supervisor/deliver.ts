/** Hands a decision to whoever waits for it inside the agent: a held hook, a long-poll, or the dialog on its screen. */
import { z } from 'zod';
import type { HandlerResult, Handlers, Pane, Profile } from '../../machines/effects.ts';
import { fail, ok, type Result } from '../errors.ts';
import type { AgentDriver, ReplyStep } from '../ports/agents.ts';
import { agentFacts } from './agent-facts.ts';
import type { SupervisorDeps } from './deps.ts';
import { isAlive } from './find-pane.ts';
import type { Held } from './listen/held.ts';
import { mayPass, silent, tell, trouble } from './replies.ts';

/** Time for an asker to come back to its long-poll, after we or the connection were away. */
const COME_BACK_MS = 3_000;
/** A dialog that is still there this long after its answer did not hear it. */
const HEARD_MS = 800;
const TRIES = 3;
/** Time for a dialog to be drawn, and between two looks. */
const DRAWN_MS = 2_000;
const LOOK_MS = 100;

const question = z.object({ kind: z.enum(['approval', 'question']), choices: z.array(z.string()) });

export const deliverHandler = (deps: SupervisorDeps, held: Held) => {
  const { actors, terminal, drivers, awaited, clock } = deps;
  const pause = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));

  const type = async (
    pane: Pane,
    profile: Profile,
    driver: AgentDriver | undefined,
    steps: readonly ReplyStep[],
  ): Promise<Result<void>> => {
    for (const step of steps) {
      if (step.waitMs > 0) await pause(step.waitMs);
      if ('closed' in step && driver && (await showsDialog(pane, profile, driver))) return ok(undefined);
      const done =
        'press' in step
          ? await terminal.keys(pane, step.press)
          : await terminal.paste(pane, step.enter, { submit: true, settleMs: profile.settleMs });
      if (!done.ok) return done;
    }
    return ok(undefined);
  };

  const showsDialog = async (pane: Pane, profile: Profile, driver: AgentDriver): Promise<boolean> => {
    const screen = await terminal.capture(pane);
    const fact = screen.ok ? driver.read(profile, { text: screen.value, title: '' })?.fact : undefined;
    return fact === 'approval' || fact === 'asking';
  };

  /** Some programs draw their dialog only when the hook that told of it has been answered: a quick decision waits for it. */
  const appears = async (pane: Pane, profile: Profile, driver: AgentDriver): Promise<boolean> => {
    for (const until = clock.awake() + DRAWN_MS; ; await pause(LOOK_MS)) {
      if (await showsDialog(pane, profile, driver)) return true;
      if (clock.awake() >= until) return false;
    }
  };

  /** Keys are for a dialog that is seen; without one they would be typed into the conversation. */
  const typeIntoDialog = async (pane: Pane, profile: Profile, driver: AgentDriver, steps: readonly ReplyStep[]): Promise<Result<void>> => {
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (!(tries === 0 ? await appears(pane, profile, driver) : await showsDialog(pane, profile, driver))) {
        if (tries > 0) return ok(undefined);
        return fail('CCM_NOT_TAKEN', 'The question is not on its screen any more.');
      }
      const typed = await type(pane, profile, driver, steps);
      if (!typed.ok) return typed;
      await pause(HEARD_MS);
    }
    return (await showsDialog(pane, profile, driver))
      ? fail('CCM_NOT_TAKEN', 'The dialog on its screen does not take the answer.')
      : ok(undefined);
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
      const asked = question.safeParse(actors.state(approval)?.context).data ?? { kind: 'approval', choices: [] };
      const screen = driver?.listening ? await terminal.capture(facts.pane) : null;
      const steps = driver?.reply(facts.profile, { ...asked, ...(screen?.ok ? { screen: screen.value } : {}) }, decision, text) ?? null;
      if (!driver || !steps) return delivered;
      const typed = driver.listening
        ? await typeIntoDialog(facts.pane, facts.profile, driver, steps)
        : await type(facts.pane, facts.profile, driver, steps);
      if (typed.ok) return delivered;
      return mayPass(typed.problem) ? trouble(typed.problem) : tell(approval, 'DELIVERY_FAILED', { problem: typed.problem });
    },
  } satisfies Pick<Handlers, 'approval.deliver'>;
};
