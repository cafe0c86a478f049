/** The inbox: what waits for a person, answered in place. */
import { useState } from 'preact/hooks';
import type { InboxItem } from '../api/types.ts';
import { notifyWish, toggleNotify } from '../notify.ts';
import { Empty, Loading } from '../parts/notice.tsx';
import { inbox } from '../store/home.ts';
import { Ask } from '../task/ask.tsx';
import { Late } from '../task/late.tsx';

/** As many as somebody answers in a while: hundreds would make everything beside them slow. On a phone the tasks stand below them. */
const atFirst = (): number => (matchMedia('(width < 900px)').matches ? 8 : 30);
const furtherAtOnce = 200;

const Asks = ({ items }: { items: readonly InboxItem[] }) => {
  const [drawn, setDrawn] = useState(atFirst);
  const sorted = items.toSorted((a, b) => Number(a.kind === 'task') - Number(b.kind === 'task') || a.since - b.since);
  const more = sorted.length - drawn;
  return (
    <>
      <ul>
        {sorted.slice(0, drawn).map((item) => (
          <Ask key={item.id} item={item} />
        ))}
      </ul>
      {more > 0 && (
        <button type="button" onClick={() => setDrawn(drawn + furtherAtOnce)}>
          Show {Math.min(more, furtherAtOnce)} more
        </button>
      )}
    </>
  );
};

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
      <Late />
      {items === null ? (
        <Loading what="what needs you" />
      ) : items.length === 0 ? (
        <Empty title="Nothing waits for you">
          <p class="dim">Questions and approvals of your agents appear here, and stay until somebody answers.</p>
        </Empty>
      ) : (
        <Asks items={items} />
      )}
    </section>
  );
};
