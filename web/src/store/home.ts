/** What this page knows of the daemon: read once, then kept true by the steps that follow. */
import { batch, computed, signal } from '@preact/signals';
import { type Answer, get, type Trouble } from '../api/http.ts';
import type { FeedRow, InboxItem, ProfileView, Project, Status, Task } from '../api/types.ts';
import { coalescer } from './coalesce.ts';
import type { LinkState } from './link.ts';
import { perFrame } from './per-frame.ts';
import { recorded } from './recorded.ts';
import { sparing } from './sparing.ts';
import { changeTasks, putTask, takeSteps, tasks } from './task-list.ts';
import { setValue } from './values.ts';

export { tasks } from './task-list.ts';

export const link = signal<LinkState>({ phase: 'connecting', since: Date.now(), attempt: 0, retryAt: null });
export const moreTasks = signal<string | null>(null);
export const inbox = signal<readonly InboxItem[] | null>(null);
export const status = signal<Status | null>(null);
export const projects = signal<readonly Project[] | null>(null);
export const profiles = signal<readonly ProfileView[] | null>(null);
/** By what was asked for. */
const troubles = signal<ReadonlyMap<string, Trouble>>(new Map());
/** Why the lists could not be read, when they could not. */
export const trouble = computed<Trouble | null>(() => troubles.value.values().next().value ?? null);
/** Up to when what is shown was true. */
export const trueAt = signal(Date.now());
/** What is shown may be out of date, or is a recording: nothing can be done. */
export const stale = computed(() => link.value.phase === 'gone' || recorded.value !== null);

/** How many tasks there are, read or not; null before anything is known. */
export const taskCount = computed<number | null>(() => {
  const counted = Object.values(status.value?.counts.tasks ?? {}).reduce((sum, n) => sum + n, 0);
  return tasks.value === null ? null : Math.max(counted, tasks.value.size);
});

const once = coalescer();
const listeners = new Set<(row: FeedRow) => void>();
/** Hears every step, after the lists have taken it. Returns what ends it. */
export const onStep = (listener: (row: FeedRow) => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

const take = <T>(what: string, answer: Answer<T>, use: (data: T) => void): void => {
  if (answer.ok) use(answer.data);
  else if (answer.trouble.status === 404) return;
  const bad = answer.ok ? null : answer.trouble;
  if (bad === null && !troubles.value.has(what)) return;
  const rest = [...troubles.value].filter(([other]) => other !== what);
  troubles.value = new Map(bad === null ? rest : [...rest, [what, bad]]);
};

const reader =
  <T>(path: string, use: (data: T) => void) =>
  (): Promise<void> =>
    once(path, async () => take(path, await get<T>(path), use));

export const readInbox = reader<InboxItem[]>('/inbox', (data) => (inbox.value = data));
export const readStatus = reader<Status>('/status', (data) => (status.value = data));
export const readProjects = reader<Project[]>('/projects', (data) => (projects.value = data));
const readProfiles = reader<ProfileView[]>('/profiles', (data) => (profiles.value = data));

export const readTask = (id: string): Promise<void> =>
  once(`task ${id}`, async () => {
    const answer = await get<Task>(`/tasks/${encodeURIComponent(id)}`);
    if (answer.ok) changeTasks(putTask(answer.data));
    else if (answer.trouble.status === 404 && tasks.value?.has(id)) changeTasks((known) => known.delete(id));
  });

const pageOf = (wanted: Readonly<Record<string, string>>): Promise<Answer<Task[]>> =>
  get<Task[]>(`/tasks?${new URLSearchParams({ all: 'true', limit: '200', ...wanted }).toString()}`);

/** @param cursor of the page to add; without one the list is read anew. */
export const readTasks = (cursor: string | null = null): Promise<void> =>
  once(`tasks ${cursor ?? ''}`, async () => {
    const answer = await pageOf(cursor ? { cursor } : {});
    take('tasks', answer, (list) => {
      tasks.value = new Map([...(cursor ? (tasks.value ?? []) : []), ...list.map((task): [string, Task] => [task.id, task])]);
    });
    if (answer.ok) moreTasks.value = answer.meta.next ?? null;
  });

/** Of the tasks that were not read yet: those whose title holds `q`, of one project when it is named. They join the list. */
export const readMatching = (wanted: { q?: string; project?: string }): Promise<void> =>
  once(`tasks ${JSON.stringify(wanted)}`, async () => {
    const answer = await pageOf(wanted);
    if (answer.ok) for (const task of answer.data) changeTasks(putTask(task));
  });

/** What tells nobody when it changes: programs that are installed, folders, tmux. */
export const readBasics = async (): Promise<void> => {
  await Promise.all([readStatus(), readProjects(), readProfiles()]);
};

export const reload = async (): Promise<void> => {
  await Promise.all([readTasks(), readInbox(), readBasics()]);
};

/** Figures, and what a step of an agent does not say of its task, need not be newer than this. */
const seldom = sparing(2000);

/** The steps since the last picture. A state that was left again before it could be seen is heard, and never drawn. */
const show = (rows: readonly FeedRow[]): void => {
  const touched = new Set<string>();
  const newest = new Map(rows.map((row) => [row.actor, row]));
  batch(() => {
    for (const { actor, value } of newest.values()) setValue(actor, value);
    trueAt.value = Date.now();
    for (const row of rows) for (const listener of listeners) listener(row);
  });
  for (const { actor, kind, task } of newest.values()) {
    if (kind === 'task') touched.add(actor);
    else if (task !== undefined && tasks.value?.has(task)) seldom(task, () => void readTask(task));
  }
  for (const id of touched) void readTask(id);
  if (rows.some((row) => row.kind === 'task' || row.kind === 'approval')) void readInbox();
  seldom('status', () => void readStatus());
};

const steps = perFrame<FeedRow>(show);

export const applyRows = (rows: readonly FeedRow[]): void => {
  // The list follows in the same picture.
  changeTasks(takeSteps(rows));
  for (const row of rows) steps(row);
};

/** The task an address names: by id, short id, or the agent that works on it. */
export const findTask = (id: string): Task | null => {
  for (const task of tasks.value?.values() ?? []) if (task.id === id || task.short === id || task.agents.includes(id)) return task;
  return null;
};
