/** The two ways a person ends an agent: by its own ladder, and at once with everything it started. */
import type { Handlers, Pane, Profile } from '../../machines/effects.ts';
import type { Cancel } from '../ports/system.ts';
import type { SupervisorDeps } from './deps.ts';
import { combine, readExit } from './exit-files.ts';
import { familyOf, freeze, signalAll } from './family.ts';
import { findPane, isAlive } from './find-pane.ts';
import { keyOf, type Launch, type Places } from './places.ts';
import { silent, told, trouble } from './replies.ts';
import { lastLines, type ScreenStore } from './screens.ts';

const VERIFY_MS = 3_000;
const RECORD_MS = 500;

export const endHandlers = (deps: SupervisorDeps, where: Places, screens: ScreenStore) => {
  const { terminal, drivers, clock } = deps;
  const ladders = new Map<string, Cancel>();
  const pause = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));

  /** Waits until `look` says true; false when the time is over first. */
  const within = async (ms: number, look: () => Promise<boolean>): Promise<boolean> => {
    const until = clock.awake() + ms;
    for (;;) {
      if (await look()) return true;
      if (clock.awake() >= until) return false;
      await pause(20);
    }
  };

  const neverStarted = (launch: number) =>
    told('PROCESS_EXITED', { launch, exit: { code: null, signal: null }, output: null, detail: 'never started' });

  /** One step now, the next later: the handler's row is done at once, so that a kill need not wait for a slow ladder. */
  const climb = async (of: Launch, pane: Pane, profile: Profile, from: number): Promise<void> => {
    const step = drivers[profile.kind]?.controls(profile).ending[from];
    if (!step || (await isAlive(terminal, pane)) === false) {
      ladders.delete(keyOf(of));
      return;
    }
    if ('press' in step) await terminal.keys(pane, step.press);
    else if ('enter' in step) await terminal.paste(pane, step.enter, { submit: true, settleMs: profile.settleMs });
    else signalAll((await familyOf(terminal, of.agent, pane)).heads, step.signal);
    const next = (): void => {
      climb(of, pane, profile, from + 1).catch((thrown: unknown) => {
        deps.note('A step of ending an agent failed.', { agent: of.agent, error: String(thrown) });
      });
    };
    ladders.set(keyOf(of), clock.after(step.waitMs, next));
  };

  const leaveLadder = (of: Launch): void => {
    ladders.get(keyOf(of))?.();
    ladders.delete(keyOf(of));
  };

  return {
    async 'agent.stop'({ agent, launch, pane, profile }) {
      const of = { agent, launch };
      const found = pane ?? (await findPane(terminal, of));
      if ('ok' in found && !found.ok) return trouble(found.problem);
      const target = 'ok' in found ? found.value : found;
      if (target === null) return neverStarted(launch);
      leaveLadder(of);
      // A suspended program could not hear any of it.
      signalAll((await familyOf(terminal, agent, target)).members, 'SIGCONT');
      await climb(of, target, profile, 0);
      return silent;
    },

    async 'agent.kill'({ agent, launch, pane, profile }) {
      const of = { agent, launch };
      leaveLadder(of);
      const found = await findPane(terminal, of);
      // Without the terminal the processes can still be found by their mark and by the stored pid's family.
      const target = found.ok && found.value !== null ? found.value : pane;
      const frozen = await freeze(terminal, agent, target);
      if (target === null && frozen.length === 0) return neverStarted(launch);
      signalAll(frozen, 'SIGKILL');
      const left = async () => (await familyOf(terminal, agent, target)).members;
      // The wrapper sees the program die and writes it down; killed too early, the end would be unknown.
      await within(RECORD_MS, async () => (await readExit(where, of)) !== null);
      const text = target === null ? null : await screens.save(of, target);
      const seen = await findPane(terminal, of);
      if (target !== null) {
        const closed = await terminal.kill(target);
        if (!closed.ok && closed.problem.code !== 'CCM_PANE_GONE' && found.ok) return trouble(closed.problem, true);
      }
      const clean = await within(VERIFY_MS, async () => {
        const remaining = await left();
        signalAll(remaining, 'SIGKILL');
        return remaining.length === 0;
      });
      if (!clean) {
        const detail = `Processes ${(await left()).join(', ')} of the agent do not end.`;
        return trouble({ code: 'CCM_INTERNAL', detail }, true);
      }
      const exit = combine(await readExit(where, of), seen.ok ? (seen.value?.exit ?? null) : null);
      const detail = drivers[profile.kind]?.explainExit(profile, exit) ?? 'ended by force';
      return told('PROCESS_EXITED', { launch, exit, output: text === null ? null : lastLines(text), detail });
    },
  } satisfies Pick<Handlers, 'agent.stop' | 'agent.kill'>;
};
