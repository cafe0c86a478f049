/** Tells an agent that its program has ended, once, with everything that is known of it. */
import type { PaneExit, PaneRef } from '../../ports/terminal.ts';
import { agentFacts } from '../agent-facts.ts';
import type { SupervisorDeps } from '../deps.ts';
import { combine, readExit } from '../exit-files.ts';
import { familyOf, signalAll } from '../family.ts';
import { keyOf, type Launch, type Places } from '../places.ts';
import { lastLines, type ScreenStore } from '../screens.ts';

export type Endings = {
  /** Its process has ended. `pane`: where its last screen is, if anywhere. `seen`: the terminal's own idea of the status. */
  exited: (of: Launch, pane: PaneRef | null, seen: PaneExit | null) => Promise<void>;
  /** Its window or its server is gone. The wrapper may still write a status: that is waited for, a little. */
  gone: (of: Launch, detail: string) => Promise<void>;
};

/** How long a wrapper whose terminal was taken away may take to write its file. */
const GRACE_MS = 1_500;

export const endings = (deps: SupervisorDeps, where: Places, screens: ScreenStore, ended: (agent: string) => void): Endings => {
  const { actors, clock, drivers, terminal } = deps;
  const pause = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));

  const exited: Endings['exited'] = async (of, pane, seen) => {
    const facts = agentFacts(actors.state(of.agent));
    if (!facts) return;
    const exit = combine(await readExit(where, of), seen);
    if (exit.code !== 0) ended(of.agent);
    const text = pane === null ? await screens.read(of) : await screens.save(of, pane);
    const driver = drivers[facts.profile.kind];
    await actors.send(of.agent, {
      type: 'PROCESS_EXITED',
      // The same end heard twice (terminal, start-up, kill) is one event.
      id: `exit:${keyOf(of)}`,
      at: clock.now(),
      by: 'terminal',
      launch: of.launch,
      exit,
      output: text === null ? null : lastLines(text),
      detail: driver?.explainExit(facts.profile, exit) ?? 'the program ended',
    });
  };

  return {
    exited,
    async gone(of, detail) {
      ended(of.agent);
      const facts = agentFacts(actors.state(of.agent));
      if (!facts) return;
      // A suspended program never heard of the loss of its terminal: awake, it ends of it instead of standing still for ever, seen by nobody.
      signalAll((await familyOf(terminal, of.agent, null)).members, 'SIGCONT');
      const until = clock.awake() + GRACE_MS;
      for (;;) {
        if (await readExit(where, of)) return exited(of, null, null);
        if (clock.awake() >= until) break;
        await pause(50);
      }
      await actors.send(of.agent, {
        type: 'PROCESS_GONE',
        id: `gone:${keyOf(of)}`,
        at: clock.now(),
        by: 'terminal',
        launch: of.launch,
        detail,
      });
    },
  };
};

/** The same, after `leaving`: found dead, it may have said more a moment before, which nobody has read or which was still settling. */
export const heardOut = ({ exited, gone }: Endings, leaving: (agent: string) => Promise<void>): Endings => ({
  async exited(of, pane, seen) {
    await leaving(of.agent);
    await exited(of, pane, seen);
  },
  async gone(of, detail) {
    await leaving(of.agent);
    await gone(of, detail);
  },
});
