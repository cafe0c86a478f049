/** While nobody but the demo agent has worked here: how to go on with a real one. */
import { Checks } from './checks.tsx';
import { DemoButton } from './demo-button.tsx';
import { RealButtons } from './real-buttons.tsx';

export const NextSteps = () => (
  <section class="first next" aria-label="Next steps">
    <h2>Now with an agent of your own</h2>
    <Checks />
    <div class="offers">
      <RealButtons />
      <DemoButton label="Run the demo again" />
    </div>
  </section>
);
