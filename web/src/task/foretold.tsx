/** What a command would do, in the machine's own words. */
import type { Consequence } from '../api/types.ts';
import { wordsOf } from '../parts/words.ts';

export const Foretold = ({ told }: { told: Consequence }) => (
  <>
    {told.consequence}
    {told.timers.length > 0 && (
      <span class="dim"> Timers: {told.timers.map((t) => wordsOf(t.id.replace(/^xstate\.after\.([^.]+).*/, '$1'))).join(', ')}.</span>
    )}
  </>
);
