/** What the task changed, as a unified diff. */
import type { Task, TaskDiff } from '../api/types.ts';
import { Empty, Loading, TroubleBox } from '../parts/notice.tsx';
import { plural } from '../parts/words.ts';
import { diffFiles } from './diff-lines.ts';
import { useFetched } from './use-fetched.ts';

export const Changes = ({ task }: { task: Task }) => {
  const { data, trouble } = useFetched<TaskDiff>(`/tasks/${encodeURIComponent(task.id)}/diff`, `${task.updatedAt}`);
  if (!data) return trouble ? <TroubleBox trouble={trouble} /> : <Loading what="changes" lines={5} />;
  const files = diffFiles(data.text);
  if (files.length === 0)
    return (
      <Empty title="No changes yet">
        <p class="dim">
          {task.branch ? `Changes on ${task.branch} appear here, committed or not.` : 'Changes appear here once an attempt has begun.'}
        </p>
      </Empty>
    );
  return (
    <div class="diff">
      {data.stat && (
        <p>
          {plural(data.stat.files, 'file')}, <span class="plus">+{data.stat.insertions}</span>{' '}
          <span class="minus">−{data.stat.deletions}</span>
        </p>
      )}
      {files.map((file) => (
        <details key={file.name} open={files.length <= 8}>
          <summary>
            <code>{file.name}</code> <span class="plus">+{file.added}</span> <span class="minus">−{file.removed}</span>
          </summary>
          <pre tabIndex={0} aria-label={`Changes in ${file.name}`}>
            {file.lines.map((line, i) => (
              <span key={i} class={line.kind}>
                {line.text}
                {'\n'}
              </span>
            ))}
          </pre>
        </details>
      ))}
      {data.truncated && (
        <p class="dim">
          This is the beginning; the whole is in <code>ccm diff {task.short}</code>.
        </p>
      )}
    </div>
  );
};
