/** One thing done to the hub at a time: whether it is under way, and what went wrong. */
import { useState } from 'preact/hooks';
import { post, type Trouble } from '../api/http.ts';

export const useDeed = (onDone: () => void) => {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const give = async (path: string, body: Record<string, unknown> = {}): Promise<void> => {
    setBusy(true);
    const answer = await post<unknown>(path, body);
    setBusy(false);
    setTrouble(answer.ok ? null : answer.trouble);
    onDone();
  };
  return { busy, trouble, give };
};
