/** From what a person asks for to the input of a task actor; every refusal says what is wrong and where. */

import type { Profile } from '../../machines/effects.ts';
import type { TaskInput } from '../../machines/task/schema.ts';
import type { CreateTask } from '../api/contract/task.ts';
import { fail, ok, type Result } from '../errors.ts';
import { shortText } from '../lib/short-text.ts';
import type { Project } from '../ports/records.ts';
import type { ServiceDeps } from './deps.ts';
import { inputThere } from './elsewhere.ts';
import type { Folders } from './folders.ts';
import { argumentLimit, type Profiles } from './profiles.ts';
import { pathTrouble } from './project-rules.ts';
import type { ProjectService } from './projects.ts';
import type { Resolver } from './resolve.ts';
import { cleanText } from './text.ts';

/** Graphemes of a title made from the prompt. */
const titleLength = 80;
/** A schedule farther away than this is a slip of the finger. */
const farthestMs = 5 * 366 * 86_400_000;

export type TaskPlan = { input: Omit<TaskInput, 'id' | 'at' | 'by'>; notes: string[]; project: Pick<Project, 'name'> };
export type PlanTask = (wanted: CreateTask) => Promise<Result<TaskPlan>>;

type Deps = Pick<ServiceDeps, 'clock' | 'elsewhere'> & {
  projects: ProjectService;
  profiles: Profiles;
  resolve: Resolver;
  folders: Folders;
};

export const taskPlanner = ({ clock, elsewhere, projects, profiles, resolve, folders }: Deps): PlanTask => {
  const projectFor = async ({ project, path }: CreateTask): Promise<Result<Project>> => {
    if (project !== undefined) return projects.find(project);
    if (path === undefined) return fail('CCM_BAD_INPUT', 'The body needs "project" or "path".', { field: 'project' });
    const early = pathTrouble(path);
    if (early) return { ok: false, problem: early };
    const facts = await folders.inspect(path);
    if (!facts.ok) return facts;
    const known = projects.containing(facts.value.path);
    if (known) return ok(known);
    // A folder deep inside a repository means the repository.
    const added = await projects.add({ path: facts.value.root ?? facts.value.path });
    if (!added.ok && added.problem.code === 'CCM_CONFLICT') {
      // Added by another request meanwhile: that one is meant.
      const other = projects.containing(facts.value.path);
      if (other) return ok(other);
    }
    return added.ok ? projects.find(added.value.id) : added;
  };

  const dependencies = (texts: readonly string[]): Result<{ after: string[]; notes: string[] }> => {
    const after: string[] = [];
    const notes: string[] = [];
    for (const text of texts) {
      const found = resolve.task(text);
      if (!found.ok) return { ok: false, problem: { ...found.problem, extra: { ...found.problem.extra, field: 'after' } } };
      const { id, status, view } = found.value;
      if (after.includes(id)) continue;
      after.push(id);
      if (view.ended && status !== 'succeeded')
        notes.push(`It waits for "${view.title}", which ended ${status}: retry that one, or start this one by hand.`);
    }
    return ok({ after, notes });
  };

  const startOf = (at: CreateTask['at']): Result<number | null> => {
    if (at === undefined) return ok(null);
    const time = typeof at === 'number' ? at : Date.parse(at);
    const now = clock.now();
    if (!Number.isFinite(time)) return fail('CCM_BAD_INPUT', '"at" is not an instant.', { field: 'at' });
    if (time <= now) return fail('CCM_BAD_INPUT', `"at" is ${new Date(time).toISOString()}, which is past.`, { field: 'at' });
    if (time - now > farthestMs) return fail('CCM_BAD_INPUT', '"at" is more than five years away.', { field: 'at' });
    return ok(time);
  };

  const systemFor = (name: string | undefined): Result<string | null> => {
    if (name === undefined) return ok(null);
    const here = elsewhere?.here() ?? null;
    if (!elsewhere || here === null)
      return fail('CCM_NOT_FOUND', `There is no system "${name.slice(0, 80)}": this one is not connected to a hub.`, { field: 'system' });
    const found = elsewhere.system(name);
    return found.ok ? ok(found.value === here ? null : found.value) : found;
  };

  /** For a project of another machine: it is planned there. Null: it is a matter of this one. */
  const planThere = (wanted: CreateTask, system: string | null, prompt: string): Result<TaskPlan | null> => {
    const { project, path } = wanted;
    const local = project === undefined ? (path === undefined ? null : projects.containing(path)) : null;
    if (!elsewhere || elsewhere.here() === null || (system === null && (project === undefined || projects.find(project).ok)))
      return ok(null);
    const text = project ?? local?.name ?? '';
    const found = elsewhere.project(text, system);
    if (!found.ok) return found;
    if (found.value) {
      if (wanted.at !== undefined || (wanted.after ?? []).length > 0)
        return fail('CCM_BAD_INPUT', 'A task for another system cannot wait for a time or for other tasks yet.', { field: 'system' });
      return ok({ project: { name: found.value.name }, notes: [], input: inputThere(wanted, prompt, found.value) });
    }
    return system === null ? ok(null) : fail('CCM_NOT_FOUND', `That system has no project "${text.slice(0, 80)}".`, { field: 'project' });
  };

  return async (wanted) => {
    const prompt = cleanText(wanted.prompt, 'prompt');
    if (!prompt.ok) return prompt;
    const startAt = startOf(wanted.at);
    if (!startAt.ok) return startAt;
    const after = dependencies(wanted.after ?? []);
    if (!after.ok) return after;
    const target = systemFor(wanted.system);
    if (!target.ok) return target;
    const there = planThere(wanted, target.value, prompt.value.text);
    if (!there.ok) return there;
    if (there.value) return ok(there.value);
    if (wanted.agent !== undefined) {
      // Before a project is added for its sake.
      const known = profiles.known(wanted.agent);
      if (!known.ok) return known;
    }
    const project = await projectFor(wanted);
    if (!project.ok) return project;
    const facts = await folders.inspect(project.value.path);
    if (!facts.ok) return facts;
    const now = startAt.value === null && after.value.after.length === 0;
    if (facts.value.kind === 'git' && facts.value.head === null && now) {
      return fail('CCM_GIT_NO_COMMIT', `The repository at ${project.value.path} has no commit to start from.`, {
        path: project.value.path,
      });
    }
    const chosen = await profiles.choose(wanted.agent, project.value.agent);
    if (!chosen.ok) return chosen;
    const profile = fitting(chosen.value, prompt.value.text);
    if (!profile.ok) return profile;
    const title = shortText(wanted.title ?? prompt.value.text, wanted.title === undefined ? titleLength : 200) || 'Untitled';
    return ok({
      project: project.value,
      notes: [...(prompt.value.note === null ? [] : [prompt.value.note]), ...after.value.notes],
      input: {
        project: project.value.id,
        title: wanted.title === undefined ? firstLine(prompt.value.text) || title : title,
        prompt: prompt.value.text,
        profile: profile.value,
        priority: wanted.priority ?? 0,
        after: after.value.after,
        startAt: startAt.value,
        system: null,
        isolated: facts.value.kind === 'git',
        budget: wanted.budget ?? null,
        from: null,
      },
    });
  };
};

const firstLine = (text: string): string => {
  const line = text.split('\n').find((one) => one.trim() !== '') ?? '';
  return shortText(line, titleLength);
};

/** A prompt too long for a command line is pasted; a program that cannot be pasted into has to refuse it. */
const fitting = (profile: Readonly<Profile>, prompt: string): Result<Profile> => {
  const copy: Profile = { ...profile, command: [...profile.command], envNames: [...profile.envNames] };
  if (profile.prompt !== 'argument' || Buffer.byteLength(prompt) <= argumentLimit) return ok(copy);
  if (profile.mode === 'interactive') return ok({ ...copy, prompt: 'paste' });
  return fail('CCM_TOO_LARGE', `Agent "${profile.name}" takes its prompt on the command line, where at most ${argumentLimit} bytes fit.`, {
    field: 'prompt',
  });
};
