import { signal } from '@preact/signals';

/** The dialog for a new task is open. */
export const newTaskOpen = signal(false);
/** The agent it has chosen when it opens; empty: the project's own, or the default. */
export const newTaskAgent = signal('');

export const closeNewTask = (): void => {
  newTaskOpen.value = false;
  newTaskAgent.value = '';
};
