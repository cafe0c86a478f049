/** The dialog for a new task. */
import { useEffect, useState } from 'preact/hooks';
import { post, type Trouble } from '../api/http.ts';
import type { System, Task } from '../api/types.ts';
import { Dialog } from '../parts/dialog.tsx';
import { useDraft } from '../parts/draft.ts';
import { TroubleBox } from '../parts/notice.tsx';
import { go } from '../router.ts';
import { projects, readProjects, stale, status } from '../store/home.ts';
import { useFetched } from '../task/use-fetched.ts';
import { closeNewTask, newTaskOpen } from './new-task-open.ts';
import { Order } from './new-task-order.tsx';
import { Machine, ProjectAndAgent } from './new-task-place.tsx';
import { requestOf } from './new-task-request.ts';

const Form = () => {
  const [prompt, setPrompt] = useDraft('new task');
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  const [there, setThere] = useState<System | null>(null);
  const joined = (status.value?.sync.state ?? 'localOnly') !== 'localOnly';
  const systems = useFetched<System[]>(joined ? '/sync/systems' : null, 0).data ?? [];
  // Why it was refused is over once the daemon is back.
  const away = stale.value;
  useEffect(() => {
    if (!away) setTrouble(null);
  }, [away]);
  const submit = async (event: SubmitEvent & { currentTarget: HTMLFormElement }): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    setBusy(true);
    // Whoever is faster than the list of projects gets the first of them, as it would have stood there.
    if (projects.value === null) {
      await readProjects();
      await new Promise((drawn) => setTimeout(drawn));
    }
    const made = await post<Task>('/tasks', requestOf(new FormData(form)));
    setBusy(false);
    if (!made.ok) return setTrouble(made.trouble);
    setPrompt('');
    closeNewTask();
    go(`/tasks/${made.data.short}`);
  };
  return (
    <form
      class="form"
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
      }}
    >
      <label>
        What shall be done?
        <textarea
          name="prompt"
          rows={6}
          required
          autofocus
          placeholder="Fix the failing test in cart.test.ts and say why it failed"
          value={prompt}
          onInput={(event) => setPrompt(event.currentTarget.value)}
        />
      </label>
      <Machine systems={systems} onChoose={setThere} />
      <ProjectAndAgent there={there} />
      <Order there={there?.name ?? null} />
      {trouble && <TroubleBox trouble={trouble} />}
      <footer>
        <span class="dim small">
          <kbd>Ctrl</kbd> <kbd>Enter</kbd> starts it
        </span>
        <button type="button" onClick={closeNewTask}>
          Cancel
        </button>
        <button class="primary" disabled={busy || stale.value}>
          {busy ? 'Starting …' : 'Start task'}
        </button>
      </footer>
    </form>
  );
};

export const NewTask = () => {
  const open = newTaskOpen.value;
  useEffect(() => {
    if (open && projects.value?.length === 0) {
      closeNewTask();
      go('/projects');
    }
  }, [open, projects.value]);
  return (
    <Dialog open={open} onClose={closeNewTask} title="New task">
      <Form />
    </Dialog>
  );
};
