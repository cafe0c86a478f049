/** The dialog for a new task. */
import { useEffect, useState } from 'preact/hooks';
import { post, type Trouble } from '../api/http.ts';
import type { CreateTask, Task } from '../api/types.ts';
import { Dialog } from '../parts/dialog.tsx';
import { TroubleBox } from '../parts/notice.tsx';
import { go, query } from '../router.ts';
import { profiles, projects, stale, taskOrder, tasks } from '../store/home.ts';
import { microOf } from '../task/command-fields.tsx';
import { closeNewTask, newTaskAgent, newTaskOpen } from './new-task-open.ts';

const text = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
};

/** Empty fields are left out: the daemon's defaults are the truth. */
const requestOf = (form: FormData): CreateTask => {
  const request: CreateTask = { prompt: text(form, 'prompt') };
  if (text(form, 'project')) request.project = text(form, 'project');
  if (text(form, 'agent')) request.agent = text(form, 'agent');
  if (Number(text(form, 'priority')) !== 0) request.priority = Number(text(form, 'priority'));
  const budget = microOf(text(form, 'budget'));
  if (budget !== null) request.budget = budget;
  if (text(form, 'at')) request.at = new Date(text(form, 'at')).getTime();
  const after = form.getAll('after').filter((id): id is string => typeof id === 'string' && id !== '');
  if (after.length > 0) request.after = after;
  return request;
};

const Form = () => {
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  const chosen = query.value.get('project') ?? '';
  const own = projects.value?.find((p) => p.name === chosen) ?? projects.value?.[0];
  const submit = async (event: SubmitEvent & { currentTarget: HTMLFormElement }): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const made = await post<Task>('/tasks', requestOf(new FormData(event.currentTarget)));
    setBusy(false);
    if (!made.ok) return setTrouble(made.trouble);
    closeNewTask();
    go(`/tasks/${made.data.short}`);
  };
  const others = [...(tasks.value?.values() ?? [])].filter((t) => !t.ended).sort(taskOrder);
  return (
    <form class="form" onSubmit={(event) => void submit(event)}>
      <label>
        What shall be done?
        <textarea
          name="prompt"
          rows={6}
          required
          autofocus
          placeholder="Fix the failing test in cart.test.ts and say why it failed"
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
          }}
        />
      </label>
      <div class="form-pair">
        <label>
          Project
          <select name="project" required>
            {projects.value?.map((p) => (
              <option key={p.id} value={p.id} selected={p.id === own?.id}>
                {p.name}
              </option>
            ))}
          </select>
        </label>
        <label>
          Agent
          <select name="agent">
            <option value="">{own?.agent ? `As the project says (${own.agent})` : 'Default'}</option>
            {profiles.value?.map((p) => (
              <option key={p.name} value={p.name} disabled={!p.available} selected={p.name === newTaskAgent.value}>
                {p.name}
                {p.available ? '' : ' (not installed)'}
              </option>
            ))}
          </select>
        </label>
      </div>
      <details>
        <summary>Priority, budget, order and time</summary>
        <div class="form-pair">
          <label>
            Priority
            <input type="number" name="priority" min={-10} max={10} defaultValue="0" />
          </label>
          <label>
            Budget in dollars
            <input type="number" name="budget" min={0.01} step={0.01} placeholder="as config.toml says" />
          </label>
          <label>
            Not before
            <input type="datetime-local" name="at" />
          </label>
        </div>
        {others.length > 0 && (
          <label>
            Only after these have succeeded
            <select name="after" multiple size={Math.min(5, others.length)}>
              {others.map((t) => (
                <option key={t.id} value={t.id}>
                  {t.short} {t.title}
                </option>
              ))}
            </select>
          </label>
        )}
      </details>
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
