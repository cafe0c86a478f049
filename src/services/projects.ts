/** Projects: folders of this system that tasks work in. */
import { relative, sep } from 'node:path';
import type { CreateProject, Project as ProjectView } from '../api/contract/project.ts';
import { fail, ok, problemOf, type Result } from '../errors.ts';
import { trustWords } from '../lib/trust-words.ts';
import type { Project } from '../ports/records.ts';
import type { ServiceDeps } from './deps.ts';
import { type Folders, folderNotes } from './folders.ts';
import type { Profiles } from './profiles.ts';
import { inside, nameFor, pathTrouble, placeTrouble } from './project-rules.ts';

export type ProjectService = {
  list(): Promise<ProjectView[]>;
  /** By id, short or name. `CCM_NOT_FOUND`. */
  find(text: string): Result<Project>;
  get(text: string): Promise<Result<ProjectView>>;
  /** `CCM_PATH_UNUSABLE`, `CCM_CONFLICT` (names the one that exists), `CCM_GIT_BARE`, `CCM_AGENT_UNKNOWN`. */
  add(wanted: CreateProject): Promise<Result<ProjectView>>;
  /** The project a folder belongs to; null when it is in none. A worktree of ours belongs to its project. */
  containing(path: string): Project | null;
  /** Refused while it has tasks that are not ended. The folder stays as it is. */
  remove(text: string): Result<Project>;
  trust(text: string, trusted: boolean): Promise<Result<ProjectView>>;
};

type Deps = Pick<ServiceDeps, 'store' | 'runtime' | 'config' | 'clock'> & { folders: Folders; profiles: Pick<Profiles, 'known'> };

export const projectService = ({ store, runtime, config, clock, folders, profiles }: Deps): ProjectService => {
  const { projects } = store;

  const find = (text: string): Result<Project> => {
    const byId = projects.get(text);
    const found = (byId?.removedAt === null ? byId : undefined) ?? projects.byName(text);
    if (found) return ok(found);
    const close = projects.list().filter(({ name }) => name.toLowerCase() === text.toLowerCase());
    const [only] = close;
    if (only && close.length === 1) return ok(only);
    const next = text.includes('/')
      ? 'A folder becomes a project with `ccm project add`; `ccm project ls` lists their names.'
      : '`ccm project ls` lists projects, `ccm project add` makes a folder one.';
    return fail('CCM_NOT_FOUND', `There is no project "${text.slice(0, 80)}".`, { next });
  };

  const present = async (project: Project): Promise<ProjectView> => {
    const facts = await folders.inspect(project.path);
    const { id, name, path, agent, trusted, createdAt } = project;
    const base = { id, name, path, agent, trusted, trustMeans: trustWords(path, trusted), createdAt };
    if (!facts.ok) return { ...base, kind: 'plain', branch: null, head: null, notes: [facts.problem.detail] };
    const { kind, branch, head } = facts.value;
    return { ...base, kind, branch, head, notes: folderNotes(facts.value) };
  };

  const add = async ({ path, name, agent }: CreateProject): Promise<Result<ProjectView>> => {
    const early = pathTrouble(path);
    if (early) return { ok: false, problem: early };
    if (agent !== undefined) {
      const known = profiles.known(agent);
      if (!known.ok) return known;
    }
    folders.forget(path);
    const facts = await folders.inspect(path);
    if (!facts.ok) return facts;
    const all = projects.list();
    const place = placeTrouble(facts.value.path, all, config.home.root);
    if (place) return { ok: false, problem: place };
    const free = nameFor(name, facts.value.path, all);
    if (!free.ok) return free;
    const project: Project = {
      id: runtime.newId(),
      name: free.value,
      path: facts.value.path,
      agent: agent ?? null,
      trusted: false,
      createdAt: clock.now(),
      removedAt: null,
    };
    try {
      projects.add(project);
    } catch (thrown) {
      // Another request was faster while the folder was looked at.
      return { ok: false, problem: problemOf(thrown) };
    }
    return ok(await present(project));
  };

  const containing = (path: string): Project | null => {
    const { worktrees } = config.home;
    if (inside(path, worktrees) && path !== worktrees) {
      const owner = projects.get(relative(worktrees, path).split(sep)[0] ?? '');
      return owner?.removedAt === null ? owner : null;
    }
    return projects.list().find((project) => inside(path, project.path)) ?? null;
  };

  return {
    find,
    add,
    containing,
    list: () => Promise.all(projects.list().map(present)),
    get: async (text) => {
      const found = find(text);
      return found.ok ? ok(await present(found.value)) : found;
    },
    remove: (text) => {
      const found = find(text);
      if (!found.ok) return found;
      const open = runtime.list({ kind: 'task', project: found.value.id, ended: false, limit: 20 });
      if (open.length > 0) {
        const tasks = open.map(({ id, short, title, status }) => ({ id, short, title, status }));
        return fail(
          'CCM_ILLEGAL_MOVE',
          `The project "${found.value.name}" has ${open.length === 20 ? '20 or more tasks' : open.length === 1 ? 'a task' : `${open.length} tasks`} that ${open.length === 1 ? 'has' : 'have'} not ended.`,
          { tasks, next: '`ccm ls` lists them; `ccm stop` ends one in good order.' },
        );
      }
      projects.update(found.value.id, { removedAt: clock.now() });
      return ok({ ...found.value, removedAt: clock.now() });
    },
    trust: async (text, trusted) => {
      const found = find(text);
      if (!found.ok) return found;
      projects.update(found.value.id, { trusted });
      return ok(await present({ ...found.value, trusted }));
    },
  };
};
