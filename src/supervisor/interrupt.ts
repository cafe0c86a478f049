/**
 * Interrupts a turn, and stays with it until the program is seen to have heard. A key that comes before the prompt was taken interrupts nothing,
 * and one that comes while a busy machine lets the program wait may be swallowed: in both cases the turn would run to its end unhindered.
 */
import type { HandlerResult, Handlers, Pane, Profile } from '../../machines/effects.ts';
import { lagMs } from '../../machines/evidence.ts';
import { fail } from '../errors.ts';
import type { Reading } from '../ports/agents.ts';
import type { Terminal } from '../ports/terminal.ts';
import { agentFacts } from './agent-facts.ts';
import type { SupervisorDeps } from './deps.ts';
import { isAlive } from './find-pane.ts';
import { silent, told, trouble } from './replies.ts';

/** Time a program has to end of an interruption before we say that it only stopped its turn. */
const ENDS_MS = 400;
/** For a prompt on its way to be taken: longer than its Enter is pressed again. */
const TAKEN_MS = 60_000;
const LOOK_MS = 100;
/** For an interruption to be seen, and before the keys are pressed once more. Two of them close together open menus in some programs. */
const HEARD_MS = 20_000;
const AGAIN_MS = 2_500;
const PRESSES = 4;
/** An idle screen is one that stays so: it is drawn before a prompt comes back into the box. */
const RESTS_MS = 3_000;
/** New pictures since the keys were pressed: it has read them by now. */
const PICTURES = 3;

/** There is something that keys could interrupt, or may be. */
const underway = new Set(['booting', 'busy', 'detecting', 'needsApproval', 'needsAnswer']);
const idle = new Set<Reading['fact'] | undefined>(['ready', 'interrupted']);
/** A message that the program has not taken yet; without hooks nobody hears more than that it was typed. */
const untaken = { heard: new Set(['queued', 'typing', 'waiting', 'submitted']), unheard: new Set(['queued', 'typing', 'waiting']) };

type Look = { text: string; reading: Reading | null };

type Deps = Pick<SupervisorDeps, 'drivers' | 'clock'> & {
  actors: Pick<SupervisorDeps['actors'], 'state'>;
  terminal: Pick<Terminal, 'capture' | 'keys' | 'list'>;
};

export const interruptHandler = ({ actors, terminal, drivers, clock }: Deps) => {
  const pause = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
  const statusOf = (agent: string): string => actors.state(agent)?.status ?? '';

  const look = async (pane: Pane, profile: Profile): Promise<Look> => {
    const screen = await terminal.capture(pane);
    const text = screen.ok ? screen.value : '';
    return { text, reading: screen.ok ? (drivers[profile.kind]?.read(profile, { text, title: '' }) ?? null) : null };
  };

  const isOnItsWay = (agent: string, profile: Profile): boolean => {
    const state = actors.state(agent);
    if (!state || (state.status !== 'booting' && state.status !== 'busy')) return false;
    const { current, queue } = state.context;
    if (typeof current !== 'string') return state.status === 'booting' && Array.isArray(queue) && queue.length > 0;
    return untaken[drivers[profile.kind]?.listening ? 'heard' : 'unheard'].has(actors.state(current)?.status ?? '');
  };

  const observed = (agent: string, detail: string): HandlerResult => {
    const launch = agentFacts(actors.state(agent))?.launch ?? null;
    return told('OBSERVED', { launch, fact: 'interrupted', source: 'keys', observedAt: clock.now(), detail });
  };

  /** A turn that was interrupted before its first word is undone: its prompt stands in the box again, and neither hook nor file tells it. */
  const takenBack = async (agent: string, pane: Pane, keys: readonly string[]): Promise<HandlerResult> => {
    const emptied = await terminal.keys(pane, keys);
    if (!emptied.ok) return trouble(emptied.problem);
    // What a hook said a moment ago would still outweigh what we saw.
    await pause(lagMs);
    return observed(agent, 'interrupted before its first word: its prompt came back into its box');
  };

  return {
    async 'agent.interrupt'({ agent, pane, profile }) {
      const controls = drivers[profile.kind]?.controls(profile);
      if (!controls) return silent;
      for (const until = clock.awake() + TAKEN_MS; isOnItsWay(agent, profile) && clock.awake() < until; ) await pause(LOOK_MS);
      if (statusOf(agent) === 'stopping') return silent;
      const before = await look(pane, profile);
      // Asked twice, it has happened already.
      if (!underway.has(statusOf(agent)) && idle.has(before.reading?.fact)) return silent;
      const press = () => terminal.keys(pane, controls.interrupt);
      const pressed = await press();
      if (!pressed.ok) return trouble(pressed.problem);
      if (!controls.tellsInterrupt) {
        await pause(ENDS_MS);
        if ((await isAlive(terminal, pane)) !== true) return silent;
        return observed(agent, `${controls.interrupt.join(' ')} was pressed and the program goes on`);
      }
      const pictures = new Set([before.text]);
      let presses = 1;
      let pressedAt = clock.awake();
      let workedAt = pressedAt;
      for (const until = pressedAt + HEARD_MS; clock.awake() < until; ) {
        await pause(LOOK_MS);
        // Heard, ended, or to be ended now: nothing of ours may keep a stop waiting.
        if (!underway.has(statusOf(agent))) return silent;
        const { text, reading } = await look(pane, profile);
        if (controls.emptiesBox && reading?.unsent && !before.reading?.unsent) return takenBack(agent, pane, controls.emptiesBox);
        if (!idle.has(reading?.fact)) workedAt = clock.awake();
        // It rests: what that means is told by its file, or by whoever looks at its screen.
        if (clock.awake() - workedAt >= RESTS_MS) return silent;
        pictures.add(text);
        if (presses >= PRESSES || clock.awake() - pressedAt < AGAIN_MS || pictures.size <= PICTURES) continue;
        // It goes on drawing, and still says that it works.
        if (reading?.fact !== 'busy') continue;
        const again = await press();
        if (!again.ok) return trouble(again.problem);
        presses += 1;
        pressedAt = clock.awake();
        pictures.clear();
      }
      const { reading } = await look(pane, profile);
      return reading?.fact === 'busy' && underway.has(statusOf(agent))
        ? trouble(
            fail('CCM_NOT_TAKEN', `It works on although ${controls.interrupt.join(' ')} was pressed ${presses} times.`).problem,
            false,
          )
        : silent;
    },
  } satisfies Pick<Handlers, 'agent.interrupt'>;
};
