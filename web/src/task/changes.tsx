/** What the task changed, as a unified diff; remarks on its lines go to the agent as one message. */
import { useMemo, useState } from 'preact/hooks';
import { post, type Trouble } from '../api/http.ts';
import type { Message, Task, TaskDiff } from '../api/types.ts';
import { Empty, Loading, TroubleBox } from '../parts/notice.tsx';
import { plural } from '../parts/words.ts';
import { stale } from '../store/home.ts';
import { type DiffLine, diffFiles, type Remark, remarksText } from './diff-lines.ts';
import { FileDiff } from './file-diff.tsx';
import { useFetched } from './use-fetched.ts';

const SendRemarks = ({ task, remarks, onSent }: { task: Task; remarks: readonly Remark[]; onSent: () => void }) => {
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  const written = remarks.filter(({ text }) => text.trim() !== '');
  const send = async (): Promise<void> => {
    setBusy(true);
    const answer = await post<Message>(`/tasks/${encodeURIComponent(task.id)}/messages`, { text: remarksText(written) });
    setBusy(false);
    setTrouble(answer.ok ? null : answer.trouble);
    if (answer.ok) onSent();
  };
  return (
    <div class="remarks-bar">
      <span>
        {plural(written.length, 'comment')}
        <span class="dim">{task.ended ? ', sent as one message: a new attempt in the same conversation' : ', sent as one message'}</span>
      </span>
      <button type="button" class="primary" disabled={busy || stale.value || written.length === 0} onClick={() => void send()}>
        Send to the agent
      </button>
      {trouble && <TroubleBox trouble={trouble} />}
    </div>
  );
};

export const Changes = ({ task }: { task: Task }) => {
  const { data, trouble } = useFetched<TaskDiff>(`/tasks/${encodeURIComponent(task.id)}/diff`, `${task.updatedAt}`);
  const files = useMemo(() => diffFiles(data?.text ?? ''), [data?.text]);
  const [remarks, setRemarks] = useState<ReadonlyMap<DiffLine, string>>(new Map());
  const [sent, setSent] = useState(false);
  if (!data) return trouble ? <TroubleBox trouble={trouble} /> : <Loading what="changes" lines={5} />;
  if (files.length === 0)
    return (
      <Empty title="No changes yet">
        <p class="dim">
          {task.branch ? `Changes on ${task.branch} appear here, committed or not.` : 'Changes appear here once an attempt has begun.'}
        </p>
      </Empty>
    );
  const remark = (line: DiffLine, text: string | null): void => {
    const next = new Map(remarks);
    if (text === null) next.delete(line);
    else next.set(line, text);
    setSent(false);
    setRemarks(next);
  };
  const list = files.flatMap((file) =>
    file.lines.flatMap((line): Remark[] => {
      const text = remarks.get(line);
      return text === undefined ? [] : [{ file: file.name, line, text }];
    }),
  );
  return (
    <div class="diff">
      <p>
        {data.stat && (
          <>
            {plural(data.stat.files, 'file')}, <span class="plus">+{data.stat.insertions}</span>{' '}
            <span class="minus">−{data.stat.deletions}</span>{' '}
          </>
        )}
        <span class="dim" role="status">
          {sent ? 'Your comments were sent.' : 'Click a line number to comment on the line.'}
        </span>
      </p>
      {files.map((file) => (
        <FileDiff key={file.name} file={file} open={files.length <= 8} remarks={remarks} onRemark={remark} />
      ))}
      {data.truncated && (
        <p class="dim">
          This is the beginning; the whole is in <code>ccm diff {task.short}</code>.
        </p>
      )}
      {list.length > 0 && (
        <SendRemarks
          task={task}
          remarks={list}
          onSent={() => {
            setRemarks(new Map());
            setSent(true);
          }}
        />
      )}
    </div>
  );
};
