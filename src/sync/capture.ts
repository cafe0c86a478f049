/**
 * What has changed here becomes operations, in the commit of the change itself: the database marks what changed, this reads the marks.
 * Tasks of other machines are theirs to tell; of those we only say what a person here wants of them.
 */
import type { TaskContext } from '../../machines/task/schema.ts';
import type { Projects } from '../ports/records.ts';
import type { LinkFacts, SyncRow, SyncStore } from '../ports/sync-store.ts';
import type { ActorState } from '../runtime/types.ts';
import { agentDoc, askDoc, execOf, taskDoc, taskFacts } from './local-rows.ts';
import { mutate, mutateRow, type Writer } from './mutate.ts';
import { takeBack } from './take-back.ts';

export type CaptureDeps = Writer & { projects: Pick<Projects, 'get'>; state: (id: string) => ActorState | null };

/** At most so many per commit: the rest stays marked. */
const AT_ONCE = 200;

export const capture = (deps: CaptureDeps): number => {
  const { store } = deps;
  const link = store.link();
  if (!link?.enabled) return 0;
  const marked = store.dirty(AT_ONCE);
  for (const { tbl, id } of marked) {
    store.clean(tbl, id);
    if (tbl === 'project') captureProject(deps, link, id);
    else if (tbl === 'task') captureTask(deps, link, id);
    else captureOther(deps, link, tbl, id);
  }
  return marked.length;
};

const captureProject = (deps: CaptureDeps, link: LinkFacts, id: string): void => {
  const project = deps.projects.get(id);
  if (!project) return;
  if (project.removedAt !== null) {
    if (deps.store.row('project', id)?.del === false) mutate(deps, link, { tbl: 'project', id, kind: 'del' });
    return;
  }
  const { name, agent, path } = project;
  mutate(deps, link, { tbl: 'project', id, kind: 'set', set: { name, agent, path, system: link.system } });
};

const captureOther = (deps: CaptureDeps, link: LinkFacts, tbl: 'agent' | 'ask', id: string): void => {
  const state = deps.state(id);
  if (state) mutate(deps, link, { tbl, id, kind: 'set', set: tbl === 'agent' ? agentDoc(state) : askDoc(state) });
};

const openOffer = (store: SyncStore, id: string) => store.openOf('task', id).find(({ kind }) => kind === 'offer');

const captureTask = (deps: CaptureDeps, link: LinkFacts, id: string): void => {
  const state = deps.state(id);
  if (!state) return;
  const { system, project } = state.context as TaskContext;
  const row = deps.store.row('task', id);
  if (system !== null) return captureDelegated(deps, link, state, row, system);
  const owner = row?.state['owner'];
  // Somebody else has it now: what our old actor still does is not told as the task's own.
  if (typeof owner === 'string' && owner !== link.system) return undefined;
  const set = taskDoc(state, deps.projects.get(project)?.name ?? project);
  const before = row?.mine ?? { fence: 0, run: 1, ended: false };
  const ended = state.view.ended;
  // It was told as ended and goes on: that is another run.
  const again = before.ended && !ended;
  const exec = execOf(state);
  // Once it has begun under this fence, the hub hears nothing of going back.
  const begun = before.begun !== false || exec !== 'claimed';
  const mine = { ...before, run: again ? before.run + 1 : before.run, ended, begun };
  const arg = { fence: mine.fence, run: mine.run, exec: begun && exec === 'claimed' ? 'running' : exec, facts: taskFacts(state) };
  mutateRow(deps, link, { tbl: 'task', id, read: row }, [
    { kind: 'set', set },
    { kind: 'report', arg, mine },
  ]);
  return undefined;
};

const captureDelegated = (deps: CaptureDeps, link: LinkFacts, state: ActorState, row: SyncRow | null, target: string): void => {
  const { store } = deps;
  const { id } = state;
  const offer = openOffer(store, id);
  // Taken, though no page has brought it back yet, is known too: another offer of it would be heard by nobody.
  const known = row !== null && (row.seq > 0 || store.told('task', id));
  if (state.view.ended) {
    if (offer && offer.tries === 0) return takeBack(store, offer);
    const over = ['ended', 'cancelled', 'expired'].includes(String(row?.state['exec']));
    const asked = row?.state['cancel'] === true || store.openOf('task', id).some(({ kind }) => kind === 'cancel');
    if (state.status === 'cancelled' && known && !over && !asked) mutate(deps, link, { tbl: 'task', id, kind: 'cancel' });
    return undefined;
  }
  const name = store.row('project', String(state.context['project']))?.doc['name'];
  const set = taskDoc(state, typeof name === 'string' ? name : '');
  if (!known) mutate(deps, link, { tbl: 'task', id, kind: 'offer', set, arg: { target } });
  else {
    mutate(deps, link, { tbl: 'task', id, kind: 'set', set });
    const owned = (row.state['owner'] ?? link.system) === link.system;
    const moving = offer ?? store.openOf('task', id).find(({ kind, arg }) => kind === 'reassign' && arg['target'] === target);
    if (owned && !moving) mutate(deps, link, { tbl: 'task', id, kind: 'reassign', arg: { target } });
  }
  return undefined;
};
