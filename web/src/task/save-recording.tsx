/** Saves the flight recording of a task: one file that opens without a daemon. */
import { useState } from 'preact/hooks';
import { get, type Trouble } from '../api/http.ts';
import type { RecordingPage, Task } from '../api/types.ts';
import { TroubleBox } from '../parts/notice.tsx';
import { stale } from '../store/home.ts';

const save = ({ name, html }: RecordingPage): void => {
  const url = URL.createObjectURL(new Blob([html], { type: 'text/html' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
};

export const SaveRecording = ({ task }: { task: Task }) => {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const record = async (): Promise<void> => {
    setBusy(true);
    const answer = await get<RecordingPage>(`/recordings/${encodeURIComponent(task.id)}/page`);
    setBusy(false);
    setTrouble(answer.ok ? null : answer.trouble);
    if (answer.ok) save(answer.data);
  };
  return (
    <>
      <button
        type="button"
        class="plain save-recording"
        disabled={busy || stale.value}
        title="Every step in one file, without secrets; it opens in any browser, without a daemon"
        onClick={() => void record()}
      >
        {busy ? 'Recording …' : 'Save a recording'}
      </button>
      {trouble && <TroubleBox trouble={trouble} />}
    </>
  );
};
