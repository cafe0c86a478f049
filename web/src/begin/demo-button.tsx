/** Lets the shipped demo agent work: no account, no project, half a minute. */
import { useState } from 'preact/hooks';
import { post, type Trouble } from '../api/http.ts';
import type { Task } from '../api/types.ts';
import { TroubleBox } from '../parts/notice.tsx';
import { go } from '../router.ts';
import { stale } from '../store/home.ts';

export const DemoButton = ({ label, primary = false }: { label: string; primary?: boolean }) => {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const begin = async (): Promise<void> => {
    setBusy(true);
    const made = await post<Task>('/demo');
    setBusy(false);
    if (made.ok) go(`/tasks/${made.data.short}`);
    else setTrouble(made.trouble);
  };
  return (
    <>
      <button type="button" class={primary ? 'primary' : ''} disabled={busy || stale.value} onClick={() => void begin()}>
        {busy ? 'Starting …' : label}
      </button>
      {trouble && <TroubleBox trouble={trouble} />}
    </>
  );
};
