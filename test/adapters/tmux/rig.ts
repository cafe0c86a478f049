/** Real tmux for a test: a home of its own, whose server ends with the test. */
import { execFileSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { type ControlClient, controlClient } from '../../../adapters/tmux/client.ts';
import { type TmuxOptions, type TmuxTerminal, tmuxTerminal } from '../../../adapters/tmux/index.ts';
import type { PaneRef, TerminalEvent } from '../../../src/ports/terminal.ts';
import { value } from '../../contracts/terminal.ts';
import { realClock } from '../../support/real-clock.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';

export type Rig = TmuxTerminal & { home: string; events: TerminalEvent[] };

export const tmuxRig = async (options: Partial<TmuxOptions> = {}): Promise<Rig> => {
  const home = options.home ?? (await tempFolder());
  const terminal = tmuxTerminal({ scope: 'off', clock: realClock, ...options, home });
  const events: TerminalEvent[] = [];
  terminal.on((event) => events.push(event));
  onTestFinished(async () => {
    await terminal.killServer();
    await terminal.close();
  });
  return { ...terminal, home, events };
};

/** A second control client on a fresh server, for talking to tmux as the adapter does. */
export const connected = async (): Promise<ControlClient> => {
  const rig = await tmuxRig();
  value(await rig.open());
  const client = controlClient(
    ['tmux', '-u', '-S', rig.facts().socket ?? '', '-C', 'attach-session', '-t', '=_hub', '-f', 'no-output'],
    { PATH: process.env.PATH ?? '', TERM: 'xterm' },
    realClock,
    { output: () => undefined, notice: () => undefined, ended: () => undefined },
  );
  onTestFinished(client.end);
  return client;
};

/** What a person types in their own terminal. */
export const byHand = (rig: Rig, ...args: string[]): string =>
  execFileSync('tmux', ['-S', rig.facts().socket ?? '', ...args], { encoding: 'utf8', env: { PATH: process.env.PATH }, stdio: 'pipe' });

export const launched = async (rig: Rig, key: string, argv: string[], env: Record<string, string> = {}): Promise<PaneRef> =>
  value(
    await rig.launch({
      key,
      session: 'project',
      title: key,
      cwd: rig.home,
      argv,
      env: { PATH: process.env.PATH ?? '', ...env },
      size: { cols: 80, rows: 24 },
    }),
  );

export const eventOf = <T extends TerminalEvent['type']>(rig: Rig, type: T, key?: string): Promise<Extract<TerminalEvent, { type: T }>> =>
  until(`a ${type} event`, () =>
    rig.events
      .filter((event): event is Extract<TerminalEvent, { type: T }> => event.type === type)
      .find((event) => key === undefined || !('key' in event) || event.key === key),
  );
