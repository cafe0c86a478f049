/** Dry runs of what no state chart decides: told from what can be read, without asking for anything to be done. */
import { statSync } from 'node:fs';
import type { Project, Task } from '../api/contract/index.ts';
import { type Api, pathOf } from './api.ts';
import { oneLine } from './width.ts';

export type Foreseen = { legal: boolean; consequence: string };

const can = (consequence: string): Foreseen => ({ legal: true, consequence });
const cannot = (consequence: string): Foreseen => ({ legal: false, consequence });

const named = ({ title, short }: Task): string => `"${oneLine(title)}" (${short})`;
const taskOf = async (api: Api, id: string): Promise<Task> => (await api.get<Task>(pathOf('tasks', id))).data;

export const foreseeMessage = async (api: Api, id: string): Promise<Foreseen> => {
  const task = await taskOf(api, id);
  return can(
    task.ended
      ? `A new attempt at ${named(task)} would continue its conversation with this message.`
      : `The message would be typed into the conversation of ${named(task)}, which is ${task.status}.`,
  );
};

export const foreseeMerge = async (api: Api, id: string): Promise<Foreseen> => {
  const task = await taskOf(api, id);
  if (!task.ended) return cannot(`Merging is for ended tasks; ${named(task)} is ${task.status}.`);
  if (task.branch === null) return cannot(`${named(task)} has no branch.`);
  return can(`The branch ${task.branch} would be merged into the project ${task.project.name}, if it merges cleanly.`);
};

export const foreseeRemoval = async (api: Api, id: string, discard: boolean): Promise<Foreseen> => {
  const task = await taskOf(api, id);
  if (!task.ended) return cannot(`Removing is for ended tasks; ${named(task)} is ${task.status}.`);
  return can(
    discard
      ? `${named(task)} would lose its worktrees, with work that is nowhere else.`
      : `${named(task)} would lose its worktrees, unless they hold work that is nowhere else.`,
  );
};

export const foreseeProject = async (api: Api, path: string, name: string | undefined): Promise<Foreseen> => {
  const { data } = await api.get<Project[]>('/projects');
  const known = data.find((project) => project.path === path || project.name === name);
  if (known) return cannot(`The project ${known.name} is ${known.path} already.`);
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return cannot(`${path} is not a folder.`);
  return can(`${path} would become a project${name === undefined ? '' : ` called ${name}`}.`);
};

export const foreseeForgetting = async (api: Api, project: string): Promise<Foreseen> => {
  const { data } = await api.get<Project>(pathOf('projects', project));
  const open = await api.get<Task[]>('/tasks', { project: data.id, here: true });
  if (open.data.length > 0) return cannot(`${data.name} has ${open.data.length} open tasks.`);
  return can(`The project ${data.name} would be forgotten; ${data.path} stays as it is.`);
};

export const foreseeTrust = async (api: Api, project: string, trusted: boolean): Promise<Foreseen> => {
  const { data } = await api.get<Project>(pathOf('projects', project));
  return can(
    trusted ? `Agents would use the agent settings inside ${data.path}.` : `The agent settings inside ${data.path} would be ignored.`,
  );
};

export const foreseePanic = async (api: Api): Promise<Foreseen> => {
  const { data, meta } = await api.get<Task[]>('/tasks', { limit: 500, here: true });
  const count = meta.total ?? data.length;
  if (count === 0) return can('Nothing is open: nothing would be stopped.');
  return can(`${count} open ${count === 1 ? 'task' : 'tasks'} and all agents would be ended at once.`);
};
