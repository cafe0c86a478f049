/** Gives a task to another machine: the choice of machines, and the button. */
import { useState } from 'preact/hooks';
import type { System } from '../api/types.ts';
import { TroubleBox } from '../parts/notice.tsx';
import { stale } from '../store/home.ts';
import { useDeed } from './use-deed.ts';

type Props = {
  /** What is moved, for a reader. */
  title: string;
  label: string;
  systems: readonly Pick<System, 'id' | 'name'>[];
  path: string;
  onDone: () => void;
};

export const Move = ({ title, label, systems, path, onDone }: Props) => {
  const { busy, trouble, give } = useDeed(onDone);
  const [to, setTo] = useState('');
  if (systems.length === 0) return null;
  return (
    <>
      <span class="sync-move">
        <select aria-label={`Machine for “${title}”`} value={to} onChange={(event) => setTo(event.currentTarget.value)}>
          <option value="">machine …</option>
          {systems.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
        <button
          type="button"
          class="small-button"
          disabled={busy || stale.value || to === ''}
          onClick={() => void give(path, { system: to })}
        >
          {label}
          <span class="hidden"> “{title}”</span>
        </button>
      </span>
      {trouble && <TroubleBox trouble={trouble} />}
    </>
  );
};
