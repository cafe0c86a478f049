/** The inbox: what waits for a person, answered in place. */

import { notifyWish, toggleNotify } from '../notify.ts';
import { Empty, Loading } from '../parts/notice.tsx';
import { inbox } from '../store/home.ts';
import { Ask } from '../task/ask.tsx';

export const NeedsYou = () => {
  const items = inbox.value;
  return (
    <section class="needs" aria-labelledby="needs-title">
      <h2 id="needs-title">
        Needs you
        {items && items.length > 0 && <span class="count">{items.length}</span>}
        {(notifyWish.value === 'on' || notifyWish.value === 'off') && (
          <button
            type="button"
            class="plain notify"
            aria-pressed={notifyWish.value === 'on'}
            title="A notification of the browser when an agent asks while you look elsewhere"
            onClick={() => void toggleNotify()}
          >
            Notify me: {notifyWish.value}
          </button>
        )}
      </h2>
      {items === null ? (
        <Loading what="what needs you" />
      ) : items.length === 0 ? (
        <Empty title="Nothing waits for you">
          <p class="dim">Questions and approvals of your agents appear here, and stay until somebody answers.</p>
        </Empty>
      ) : (
        <ul>
          {[...items]
            .sort((a, b) => Number(a.kind === 'task') - Number(b.kind === 'task') || a.since - b.since)
            .map((item) => (
              <Ask key={item.id} item={item} />
            ))}
        </ul>
      )}
    </section>
  );
};
