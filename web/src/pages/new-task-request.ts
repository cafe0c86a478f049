/** What the form of a new task asks the daemon for. Pure. Empty fields are left out: the daemon's defaults are the truth. */
import type { CreateTask } from '../api/types.ts';
import { microOf } from '../task/command-fields.tsx';

const text = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
};

export const requestOf = (form: FormData): CreateTask => {
  const request: CreateTask = { prompt: text(form, 'prompt') };
  for (const name of ['project', 'agent', 'system'] as const) if (text(form, name)) request[name] = text(form, name);
  if (Number(text(form, 'priority')) !== 0) request.priority = Number(text(form, 'priority'));
  const budget = microOf(text(form, 'budget'));
  if (budget !== null) request.budget = budget;
  if (text(form, 'at')) request.at = new Date(text(form, 'at')).getTime();
  const after = form.getAll('after').filter((id): id is string => typeof id === 'string' && id !== '');
  if (after.length > 0) request.after = after;
  return request;
};
