import { describe, onTestFinished } from 'vitest';
import { fakeTerminal } from '../../../adapters/tmux/fake.ts';
import { terminalContract } from '../../contracts/terminal.ts';
import { realClock } from '../../support/real-clock.ts';

describe('fake terminal', () => {
  terminalContract(async () => {
    const terminal = fakeTerminal({ clock: realClock });
    onTestFinished(async () => void (await terminal.killServer()));
    return terminal;
  });
});
