/** A real tmux terminal on a home of its own, whose server ends with the test. */
import { onTestFinished } from 'vitest';
import { type TmuxOptions, type TmuxTerminal, tmuxTerminal } from '../../../adapters/tmux/index.ts';
import { realClock } from '../../support/real-clock.ts';
import { tempFolder } from '../../support/temp-folder.ts';

export const tmuxRig = async (options: Partial<TmuxOptions> = {}): Promise<TmuxTerminal & { home: string }> => {
  const home = options.home ?? (await tempFolder());
  const terminal = tmuxTerminal({ scope: 'off', clock: realClock, ...options, home });
  onTestFinished(async () => {
    await terminal.killServer();
    await terminal.close();
  });
  return { ...terminal, home };
};
