/** An answer that came second: what was asked has left the list by then, and who was first is said all the same. */
import { signal } from '@preact/signals';
import type { Trouble } from '../api/http.ts';
import { TroubleBox } from '../parts/notice.tsx';
import { inbox } from '../store/home.ts';

export const late = signal<{ id: string; title: string; trouble: Trouble } | null>(null);

/** Nothing while it still stands in the list: then it is said there. */
export const Late = () => {
  const one = late.value;
  if (one === null || inbox.value?.some(({ id }) => id === one.id)) return null;
  return (
    <div class="late">
      <p>
        <strong>{one.title}</strong>: your answer came second.
      </p>
      <TroubleBox trouble={one.trouble} />
      <button
        type="button"
        onClick={() => {
          late.value = null;
        }}
      >
        I have seen it
      </button>
    </div>
  );
};
