import { signal } from '@preact/signals';

/** The dialog for a new task is open. */
export const newTaskOpen = signal(false);
