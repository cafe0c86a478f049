/** Handlers that talk to a running program: type, suspend, continue, look, close. */
import { rm } from 'node:fs/promises';
import type { Handlers, Pane, Profile } from '../../machines/effects.ts';
import { fail, ok, type Result } from '../errors.ts';
import type { PaneRef } from '../ports/terminal.ts';
import { agentFacts } from './agent-facts.ts';
import type { SupervisorDeps } from './deps.ts';
import { listExits } from './exit-files.ts';
import { familyOf, freeze, signalAll } from './family.ts';
import { samePane } from './find-pane.ts';
import type { Receipts } from './listen/receipts.ts';
import { type Launch, launchOf, type Places } from './places.ts';
import { mayPass, silent, tell, told, trouble } from './replies.ts';
import type { ScreenStore } from './screens.ts';

/** Time for an empty prompt to appear, and between two looks. */
const PROMPT_MS = 8_000;
const LOOK_MS = 100;

type Steering = 'agent.type' | 'agent.suspend' | 'agent.continue' | 'agent.close';

export const steerHandlers = (deps: SupervisorDeps, where: Places, screens: ScreenStore, receipts: Receipts) => {
  const { terminal, drivers, clock } = deps;
  const gone = fail('CCM_PANE_GONE', 'The program is not running any more.').problem;

  /** Which start of the agent lives in this window. */
  const launchIn = async (pane: PaneRef): Promise<Result<Launch>> => {
    const panes = await terminal.list();
    if (!panes.ok) return panes;
    const fact = panes.value.find((one) => samePane(one, pane) && !one.dead);
    const of = fact && launchOf(fact.key);
    return of ? ok(of) : { ok: false, problem: gone };
  };

  const pause = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));

  /** Waits for an empty prompt on the screen. A screen that says nothing at all is trusted in the end: programs change their looks. */
  const takesText = async (pane: PaneRef, profile: Profile): Promise<boolean> => {
    const until = clock.awake() + PROMPT_MS;
    for (;;) {
      const screen = await terminal.capture(pane);
      const reading = screen.ok ? drivers[profile.kind]?.read(profile, { text: screen.value, title: '' }) : undefined;
      if ((reading?.fact === 'ready' || reading?.fact === 'interrupted') && !reading.unsent) return true;
      if (clock.awake() >= until) return !reading && screen.ok;
      await pause(LOOK_MS);
    }
  };

  /** Text, and its Enter only where no dialog has come up meanwhile: there it would be an answer, and often one that ends the program. */
  const enter = async (pane: Pane, profile: Profile, text: string, settleMs: number): Promise<Result<void>> => {
    const pasted = await terminal.paste(pane, text, { submit: false, settleMs: 0, bracketed: true });
    if (!pasted.ok) return pasted;
    await pause(settleMs);
    const screen = await terminal.capture(pane);
    const fact = screen.ok ? drivers[profile.kind]?.read(profile, { text: screen.value, title: '' })?.fact : undefined;
    return fact === 'asking' || fact === 'approval' ? ok(undefined) : terminal.keys(pane, ['Enter']);
  };

  return {
    async 'agent.type'({ agent, message, attempt, pane, profile, text }) {
      const refused = (problem: { code: string; detail: string }) => tell(message, 'TYPE_FAILED', { attempt, problem });
      const feed = drivers[profile.kind]?.feed(profile, text);
      if (!feed) return refused(fail('CCM_AGENT_UNKNOWN', `Agents of kind ${profile.kind} cannot be driven by this version.`).problem);
      if (!feed.ok) return refused(feed.problem);
      // Before its box is drawn a program takes the lines of a paste one by one, each for a prompt or a command of its own.
      if (feed.value.confirmed && !(await takesText(pane, profile)))
        return refused(fail('CCM_NOT_TAKEN', 'Its screen shows something else than an empty prompt.').problem);
      const receipt = feed.value.confirmed && receipts.expect({ agent, message, attempt, pane, profile, text: feed.value.text });
      const { confirmed, settleMs } = feed.value;
      // Where nothing is confirmed nobody would press it later.
      const typed = confirmed
        ? await enter(pane, profile, feed.value.text, settleMs)
        : await terminal.paste(pane, feed.value.text, { submit: true, settleMs });
      if (typed.ok) {
        receipt?.typed();
        return tell(message, 'SUBMITTED', { attempt });
      }
      receipt?.drop();
      return mayPass(typed.problem) ? trouble(typed.problem) : refused(typed.problem);
    },

    async 'agent.suspend'({ agent, pane }) {
      const of = await launchIn(pane);
      if (!of.ok) return trouble(of.problem);
      // Not the wrapper: tmux at once continues a window's own process that stops, and with it its whole group.
      const stopped = await freeze(terminal, agent, pane);
      return stopped.length > 0 ? told('SUSPENDED', { launch: of.value.launch }) : trouble(gone, false);
    },

    async 'agent.continue'({ agent, pane }) {
      const of = await launchIn(pane);
      if (!of.ok) return trouble(of.problem);
      const { members } = await familyOf(terminal, agent, pane);
      return signalAll(members, 'SIGCONT') > 0 ? told('CONTINUED', { launch: of.value.launch }) : trouble(gone, false);
    },

    async 'agent.close'({ agent, pane }) {
      const panes = await terminal.list();
      if (!panes.ok) return trouble(panes.problem);
      const fact = panes.value.find((one) => samePane(one, pane));
      const of = fact && launchOf(fact.key);
      if (fact && of) {
        await screens.save(of, fact);
        const closed = await terminal.kill(fact);
        if (!closed.ok && closed.problem.code !== 'CCM_PANE_GONE') return trouble(closed.problem);
      }
      // An agent is closed when it has ended: what its starts left is known by now, apart from the saved screens.
      if (agentFacts(deps.actors.state(agent))?.exit !== null) await forgetLaunches(where, agent);
      return silent;
    },
  } satisfies Pick<Handlers, Steering>;
};

/** Removes prompt files and exit files of every start of an agent. */
const forgetLaunches = async (where: Places, agent: string): Promise<void> => {
  const ended = (await listExits(where)).filter((one) => one.agent === agent);
  for (const of of ended) {
    await rm(where.launch(of), { recursive: true, force: true });
    await rm(where.exit(of), { force: true });
  }
};
