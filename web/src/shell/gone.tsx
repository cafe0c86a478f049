/** The daemon does not answer: says so, since when, and that what is shown was true then. */
import { Left } from '../parts/age.tsx';
import { clockText } from '../store/clock.ts';
import { link, stale, tasks, trueAt } from '../store/home.ts';
import { recorded } from '../store/recorded.ts';
import { wire } from '../store/wire.ts';

export const GoneBanner = () => {
  if (!stale.value || recorded.value) return null;
  const { retryAt } = link.value;
  return (
    <div class="gone" role="alert">
      <div>
        <strong>The daemon is not answering.</strong> {tasks.value ? <>What you see was true at {clockText(trueAt.value)}. </> : null}
        Agents keep working without it; nothing they report is lost. If it does not come back, run <code>ccm up</code>.
      </div>
      <div class="gone-retry">
        {retryAt !== null && (
          <span>
            Next try in <Left due={retryAt} />
          </span>
        )}
        <button type="button" onClick={wire.retry}>
          Try now
        </button>
      </div>
    </div>
  );
};
