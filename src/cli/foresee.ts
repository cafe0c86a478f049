/** Dry runs of what no state chart decides: told from what can be read, without asking for anything to be done. */
import type { Project, Task } from '../api/contract/index.ts';
import { trustWords } from '../lib/trust-words.ts';
import { type Api, pathOf } from './api.ts';

export type Foreseen = { legal: boolean; consequence: string };

const can = (consequence: string): Foreseen => ({ legal: true, consequence });

export const foreseeTrust = async (api: Api, project: string, trusted: boolean): Promise<Foreseen> => {
  const { data } = await api.get<Project>(pathOf('projects', project));
  return can(`From the next start of an agent on. ${trustWords(data.path, trusted)}`);
};

export const foreseePanic = async (api: Api): Promise<Foreseen> => {
  const { data, meta } = await api.get<Task[]>('/tasks', { limit: 500, here: true });
  const count = meta.total ?? data.length;
  if (count === 0) return can('Nothing is open: nothing would be stopped.');
  return can(`${count} open ${count === 1 ? 'task' : 'tasks'} and all agents would be ended at once.`);
};
