/** Nothing here yet: what is there to begin with, and the buttons that begin. */
import { Checks, foundAgents } from './checks.tsx';
import { DemoButton } from './demo-button.tsx';
import { RealButtons } from './real-buttons.tsx';

export const FirstSteps = () => (
  <div class="first">
    <h2>Give an agent its first task</h2>
    <Checks />
    <div class="offers">
      <RealButtons />
      <DemoButton label="Watch the demo agent work" primary={foundAgents().ready.length === 0} />
    </div>
    <p class="dim small">The demo agent needs no account: it writes a small program in a folder of its own, in half a minute.</p>
  </div>
);
