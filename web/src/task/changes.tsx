/** What the task changed, as a unified diff; remarks on its lines go to the agent as one message. */
import { useMemo, useState } from 'preact/hooks';
import { post, type Trouble } from '../api/http.ts';
import type { Message, Task, TaskDiff } from '../api/types.ts';
import { useDraft } from '../parts/draft.ts';
import { Empty, Loading, TroubleBox } from '../parts/notice.tsx';
import { plural } from '../parts/words.ts';
import { stale } from '../store/home.ts';
import { diffFiles } from './diff-lines.ts';
import { FileDiff } from './file-diff.tsx';
import { lineKeys, placed, placeOf, type Remark, type Remarks, remarksText, withRemark } from './remarks.ts';
import { useFetched } from './use-fetched.ts';

type SendProps = { task: Task; here: readonly Remark[]; gone: readonly Remark[]; onSent: () => void };

const SendRemarks = ({ task, here, gone, onSent }: SendProps) => {
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  const written = [...here, ...gone].filter(({ text }) => text.trim() !== '');
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

/** The agent has changed these lines since: what was written about them is not lost, and goes with the line as it was. */
const GoneRemarks = ({
  gone,
  onRemove,
}: {
  gone: readonly (readonly [key: string, remark: Remark])[];
  onRemove: (key: string) => void;
}) => (
  <section class="remarks-gone" aria-label="Comments on lines that are gone">
    <p class="dim">On lines that have been changed since; sent with the line as it was:</p>
    <ul>
      {gone.map(([key, one]) => (
        <li key={key}>
          <p class="mono small">
            {placeOf(one)} <span class="dim">{one.line.text}</span>
          </p>
          <p>{one.text}</p>
          <button type="button" class="plain" onClick={() => onRemove(key)}>
            Remove
          </button>
        </li>
      ))}
    </ul>
  </section>
);

const none: Remarks = {};

export const Changes = ({ task }: { task: Task }) => {
  const { data, trouble } = useFetched<TaskDiff>(`/tasks/${encodeURIComponent(task.id)}/diff`, `${task.updatedAt}`);
  const files = useMemo(() => diffFiles(data?.text ?? ''), [data?.text]);
  const keys = useMemo(() => lineKeys(files), [files]);
  const [draft, setDraft] = useDraft(`remarks ${task.id}`);
  const remarks = useMemo((): Remarks => (draft === '' ? none : JSON.parse(draft)), [draft]);
  const [sent, setSent] = useState(false);
  if (!data) return trouble ? <TroubleBox trouble={trouble} /> : <Loading what="changes" lines={5} />;
  const change = (next: Remarks): void => {
    setSent(false);
    setDraft(Object.keys(next).length === 0 ? '' : JSON.stringify(next));
  };
  const { here, gone } = placed(remarks, files, keys);
  const lost = gone.flatMap((key): [string, Remark][] => (remarks[key] ? [[key, remarks[key]]] : []));
  if (files.length === 0 && lost.length === 0)
    return (
      <Empty title={data.stat ? 'No changes yet' : 'No changes to show'}>
        <p class="dim">
          {data.note
            ? data.note
            : task.branch
              ? `Changes on ${task.branch} appear here, committed or not.`
              : 'Changes appear here once an attempt has begun.'}
        </p>
      </Empty>
    );
  const onLines = new Map(here.map(({ line, text }) => [line, text]));
  return (
    <div class="diff">
      {data.note && <p class="dim">{data.note}</p>}
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
        <FileDiff
          key={file.name}
          file={file}
          keys={keys}
          open={files.length <= 8}
          remarks={onLines}
          onRemark={(line, text) => change(withRemark(remarks, keys.get(line) ?? '', { file: file.name, line }, text))}
        />
      ))}
      {data.truncated && (
        <p class="dim">
          This is the beginning; the whole is in <code>ccm diff {task.short}</code>.
        </p>
      )}
      {lost.length > 0 && (
        <GoneRemarks
          gone={lost}
          onRemove={(key) => {
            const { [key]: _, ...rest } = remarks;
            change(rest);
          }}
        />
      )}
      {here.length + lost.length > 0 && (
        <SendRemarks
          task={task}
          here={here}
          gone={lost.map(([, one]) => one)}
          onSent={() => {
            change(none);
            setSent(true);
          }}
        />
      )}
    </div>
  );
};
