import { describe } from 'vitest';
import { terminalContract } from '../../contracts/terminal.ts';
import { tmuxRig } from './rig.ts';

describe('tmux terminal', () => {
  terminalContract(() => tmuxRig());
});
