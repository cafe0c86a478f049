/** Work for other machines: which one is meant, which of its projects, and what the task looks like here until it is told how it goes. */
import type { Profile } from '../../machines/effects.ts';
import type { CreateTask, Task } from '../api/contract/task.ts';
import { fail, ok, type Result } from '../errors.ts';
import { shortText } from '../lib/short-text.ts';
import type { SyncRow, SyncStore } from '../ports/sync-store.ts';
import type { ActorState } from '../runtime/types.ts';
import type { HerePlan } from '../sync/claim.ts';
import { systemNames } from '../sync/systems.ts';
import type { Caller } from './caller.ts';
import type { FarDesk } from './sync/far-desk.ts';

export type Elsewhere = {
  /** This machine; null while there is no hub. */
  here(): string | null;
  system(name: string): Result<string>;
  /** A project of another machine by id or name; null when there is none. CCM_AMBIGUOUS names the machines that have one. */
  project(text: string, system: string | null): Result<FarProject | null>;
  /** How a task that was handed over fares; null when this machine does it. */
  faring(id: string): Task | null;
  /** Where a task of ours is meant to be done, in names; null: here. */
  meant(state: ActorState): { system: string; project: string } | null;
  /** Why a task of ours that another machine shall do, or does, is where it is: one sentence; null where its status says it all. */
  standing(state: ActorState): string | null;
  /** The hub answers, and that machine has not been there for a while; or this one does not reach the hub. */
  away(system: string): boolean;
  runHere(id: string, plan: HerePlan, caller: Caller): Promise<Result<boolean>>;
  /** The row of a task that another machine carries out, whether or not it has an actor here (`found`); null: it is a matter of this one. */
  has(found: Result<ActorState>, text: string): Result<SyncRow> | null;
  /** What other machines have. */
  far: FarDesk;
};
export type FarProject = { id: string; name: string; system: string; agent: string | null };

export const farProjects = (store: SyncStore): Pick<Elsewhere, 'here' | 'system' | 'project'> => {
  const names = systemNames(store);
  const here = () => {
    const link = store.link();
    return link?.enabled ? link.system : null;
  };
  return {
    here,
    system: names.find,
    project: (text, system) => {
      const wanted = text.toLowerCase();
      const found = store.rows('project').flatMap(({ id, doc, state }): FarProject[] => {
        const home = typeof doc['system'] === 'string' ? doc['system'] : state['system'];
        const name = typeof doc['name'] === 'string' ? doc['name'] : '';
        if (typeof home !== 'string' || home === here() || (system !== null && home !== system)) return [];
        if (id !== text && name.toLowerCase() !== wanted) return [];
        return [{ id, name, system: home, agent: typeof doc['agent'] === 'string' ? doc['agent'] : null }];
      });
      const [only] = found;
      if (found.length < 2) return ok(only ?? null);
      const where = found.map((one) => names.of(one.system)).join(', ');
      return fail('CCM_AMBIGUOUS', `Several systems have a project "${text.slice(0, 80)}": ${where}. Say which with --on.`, {
        field: 'project',
      });
    },
  };
};

/** The program is chosen and started over there; here it only has a name. */
const profileThere = (name: string): Profile => ({
  name,
  kind: 'custom',
  command: ['elsewhere'],
  envNames: [],
  mode: 'oneshot',
  prompt: 'argument',
  ready: null,
  busy: null,
  ask: null,
  restart: 'never',
  maxRestarts: 0,
  resumable: false,
  autoResume: false,
  bootMs: 60_000,
  idleMs: 600_000,
  settleMs: 0,
  concurrency: 0,
  timeoutMs: 0,
});

export const inputThere = (wanted: CreateTask, prompt: string, project: FarProject) => ({
  project: project.id,
  title: shortText(wanted.title ?? prompt.split('\n').find((line) => line.trim() !== '') ?? '', 80) || 'Untitled',
  prompt,
  profile: profileThere(wanted.agent ?? project.agent ?? ''),
  priority: wanted.priority ?? 0,
  after: [],
  startAt: null,
  system: project.system,
  isolated: false,
  budget: wanted.budget ?? null,
  from: null,
});
