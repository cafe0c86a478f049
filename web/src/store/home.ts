/** What this page knows of the daemon: read once, then kept true by the steps that follow. */
import { computed, signal } from '@preact/signals';
import { type Answer, get, type Trouble } from '../api/http.ts';
import type { FeedRow, InboxItem, ProfileView, Project, Status, Task } from '../api/types.ts';
import { coalescer } from './coalesce.ts';
import type { LinkState } from './link.ts';
import { recorded } from './recorded.ts';

export const link = signal<LinkState>({ phase: 'connecting', since: Date.now(), attempt: 0, retryAt: null });
export const tasks = signal<ReadonlyMap<string, Task> | null>(null);
export const moreTasks = signal<string | null>(null);
export const inbox = signal<readonly InboxItem[] | null>(null);
export const status = signal<Status | null>(null);
export const projects = signal<readonly Project[] | null>(null);
export const profiles = signal<readonly ProfileView[] | null>(null);
/** State values by actor, as the newest step told them. */
export const values = signal<ReadonlyMap<string, unknown>>(new Map());
/** Why the lists could not be read, when they could not. */
export const trouble = signal<Trouble | null>(null);
/** Up to when what is shown was true. */
export const trueAt = signal(Date.now());
/** What is shown may be out of date, or is a recording: nothing can be done. */
export const stale = computed(() => link.value.phase === 'gone' || recorded.value !== null);

const once = coalescer();
const listeners = new Set<(row: FeedRow) => void>();
/** Hears every step, after the lists have taken it. Returns what ends it. */
export const onStep = (listener: (row: FeedRow) => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

const waiting = new Set(['queued', 'blocked', 'scheduled', 'paused']);
/** Attention first; then what works, what waits, what has ended; each the newest first. */
export const taskOrder = (a: Task, b: Task): number => {
  const rank = (t: Task): number => (t.ended ? 2 : waiting.has(t.status) ? 1 : 0);
  return (a.ended || b.ended ? 0 : b.attention - a.attention) || rank(a) - rank(b) || b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1);
};

const take = <T>(answer: Answer<T>, use: (data: T) => void): void => {
  if (answer.ok) {
    trouble.value = null;
    use(answer.data);
  } else if (answer.trouble.status !== 404) trouble.value = answer.trouble;
};

const putTask = (task: Task): void => {
  tasks.value = new Map(tasks.value).set(task.id, task);
};

const reader =
  <T>(path: string, use: (data: T) => void) =>
  (): Promise<void> =>
    once(path, async () => take(await get<T>(path), use));

export const readInbox = reader<InboxItem[]>('/inbox', (data) => (inbox.value = data));
const readStatus = reader<Status>('/status', (data) => (status.value = data));
export const readProjects = reader<Project[]>('/projects', (data) => (projects.value = data));
const readProfiles = reader<ProfileView[]>('/profiles', (data) => (profiles.value = data));

export const readTask = (id: string): Promise<void> =>
  once(`task ${id}`, async () => {
    const answer = await get<Task>(`/tasks/${encodeURIComponent(id)}`);
    if (answer.ok) putTask(answer.data);
    else if (answer.trouble.status === 404 && tasks.value?.has(id)) {
      const rest = new Map(tasks.value);
      rest.delete(id);
      tasks.value = rest;
    }
  });

/** @param cursor of the page to add; without one the list is read anew. */
export const readTasks = (cursor: string | null = null): Promise<void> =>
  once('tasks', async () => {
    const answer = await get<Task[]>(`/tasks?all=true&limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    take(answer, (list) => {
      tasks.value = new Map([...(cursor ? (tasks.value ?? []) : []), ...list.map((task): [string, Task] => [task.id, task])]);
    });
    if (answer.ok) moreTasks.value = answer.meta.next ?? null;
  });

export const reload = async (): Promise<void> => {
  await Promise.all([readTasks(), readInbox(), readStatus(), readProjects(), readProfiles()]);
};

/** What the row itself says is shown at once; the rest is asked for. */
const patchTask = (row: FeedRow): void => {
  const known = tasks.value?.get(row.actor);
  if (!known || row.seq <= known.seq) return;
  const attention = row.attention === 2 ? 2 : row.attention === 1 ? 1 : 0;
  putTask({ ...known, status: row.status, attention, seq: row.seq, updatedAt: row.at, title: row.title });
};

export const applyRows = (rows: readonly FeedRow[]): void => {
  const touched = new Set<string>();
  const next = new Map(values.value);
  let asks = false;
  for (const row of rows) {
    next.set(row.actor, row.value);
    if (row.kind === 'task') {
      patchTask(row);
      touched.add(row.actor);
    } else {
      const task = row.task === undefined ? null : findTask(row.task);
      if (task) touched.add(task.id);
    }
    if (row.kind === 'task' || row.kind === 'approval') asks = true;
  }
  values.value = next;
  trueAt.value = Date.now();
  for (const row of rows) for (const listener of listeners) listener(row);
  for (const id of touched) void readTask(id);
  if (asks) void readInbox();
  void readStatus();
};

/** The task an address names: by id, short id, or the agent that works on it. */
export const findTask = (id: string): Task | null => {
  for (const task of tasks.value?.values() ?? []) if (task.id === id || task.short === id || task.agents.includes(id)) return task;
  return null;
};
