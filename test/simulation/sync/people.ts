/** What people and programs do on a machine. Each takes its chances from the step it belongs to, and says in a few words what it did. */
import type { Incoming } from '../../../src/runtime/types.ts';
import { mutate } from '../../../src/sync/mutate.ts';
import { type Device, profile } from './device.ts';

export type Chance = { next: () => number; pick: <T>(from: readonly T[]) => T | undefined; id: () => string };
type Life = NonNullable<ReturnType<Device['life']>>;
type Act = (life: Life, chance: Chance, device: Device) => Promise<unknown> | null;

export const projectOf = (index: number): string => `00000000-0000-7000-8000-0000000000${index.toString().padStart(2, '0')}`;
const caller = { by: 'cli', token: null, requestId: null } as never;

const tasks = ({ runtime }: Life) => runtime.list({ kind: 'task', limit: 100 });
const ofStatus = (life: Life, ...status: string[]) => tasks(life).filter((row) => status.includes(row.status));
const send = ({ runtime }: Life, to: string, event: Incoming) => runtime.send(to, event);

const newTask =
  (far: boolean): Act =>
  ({ runtime, store }, chance, { index, clock }) => {
    const here = store.sync.link()?.system;
    const system = far ? chance.pick(store.sync.rows('system').filter(({ id }) => id !== here)) : null;
    if (system === undefined) return null;
    const other = system === null ? index : Number(String(system.doc['name']).split(' ')[1] ?? index);
    const title = chance.next() < 0.08 ? 'impossible' : `task ${chance.id().slice(-4)}`;
    const input = {
      id: chance.id(),
      at: clock.now(),
      by: 'cli',
      title,
      prompt: 'do it',
      project: projectOf(other),
      profile,
      isolated: false,
    };
    return runtime.create('task', { ...input, system: system?.id ?? null }, 'cli');
  };
const grant: Act = (life, chance) => {
  const row = chance.pick(ofStatus(life, 'queued'));
  return row ? send(life, row.id, { type: 'GRANTED', agent: chance.id(), message: chance.id(), conversation: chance.id() }) : null;
};
const finish: Act = (life, chance) => {
  const row = chance.pick(life.runtime.list({ kind: 'agent', ended: false, limit: 50 }));
  return row ? send(life, row.id, { type: chance.next() < 0.8 ? 'FINISH' : 'FAIL' }) : null;
};
const priority: Act = (life, chance) => {
  const row = chance.pick(tasks(life));
  return row ? send(life, row.id, { type: 'SET_PRIORITY', priority: Math.floor(chance.next() * 21) - 10 }) : null;
};
const stop: Act = (life, chance) => {
  const row = chance.pick(tasks(life).filter(({ ended }) => !ended));
  return row ? life.runtime.command(row.id, { type: 'STOP', by: 'cli' }) : null;
};
const ask: Act = (life, chance, { clock }) => {
  const agent = chance.pick(life.runtime.list({ kind: 'agent', ended: false, limit: 50 }));
  if (!agent) return null;
  const input = {
    agent: agent.id,
    task: agent.parent ?? '',
    project: projectOf(0),
    kind: 'approval',
    text: 'may I?',
    tool: null,
    choices: [],
  };
  return life.runtime.create('approval', { ...input, id: chance.id(), at: clock.now(), expiresAt: null }, 'agent');
};
const decideHere: Act = (life, chance) => {
  const row = chance.pick(life.runtime.list({ kind: 'approval', ended: false, limit: 50 }));
  return row ? send(life, row.id, { type: chance.next() < 0.5 ? 'ALLOW' : 'DENY', by: 'cli' }) : null;
};
const decideThere: Act = ({ service }, chance) => {
  const one = chance.pick(service.remote.asks());
  return one ? service.remote.decide(one.id, { verb: chance.next() < 0.5 ? 'approve' : 'deny' }, caller) : null;
};
const cancelThere: Act = ({ service }, chance) => {
  const one = chance.pick(service.remote.tasks().filter(({ ended }) => !ended));
  return one ? service.remote.cancel(one.id) : null;
};
const move =
  (verb: 'handoff' | 'reassign'): Act =>
  ({ service, store }, chance) => {
    const row = chance.pick(store.sync.rows('task'));
    const to = chance.pick(store.sync.rows('system'));
    return row && to ? service.remote[verb](row.id, to.id, caller) : null;
  };
const plan = { project: projectOf(0), profile, isolated: false };
const runHere: Act = (life, chance) => {
  const row = chance.pick(ofStatus(life, 'held', 'offered', 'claimed', 'remote'));
  return row ? life.service.remote.wantHere(row.id, plan, caller) : null;
};
const takeBack: Act = ({ service, store }, chance) => {
  const op = chance.pick(store.sync.ops({ open: true, limit: 100 }).filter(({ kind }) => kind !== 'set' && kind !== 'report'));
  return op ? service.remote.cancelOp(op.op) : null;
};
const edit: Act = (life, chance, { clock }) => {
  const { sync } = life;
  const row = chance.pick(sync.rows('project'));
  const link = sync.link();
  if (!row || !link?.enabled) return null;
  const set = chance.next() < 0.5 ? { name: `p${Math.floor(chance.next() * 1000)}` } : { agent: `a${Math.floor(chance.next() * 1000)}` };
  const kind = chance.next() < 0.06 ? 'del' : 'set';
  const own = life.store.projects.get(row.id);
  if (own && kind === 'set') return life.runtime.transaction(() => life.store.projects.update(row.id, set));
  const writer = { store: sync, newOp: () => life.runtime.newId(), now: () => clock.now() };
  return life.runtime.transaction(() =>
    mutate(writer, sync.link() ?? link, { tbl: 'project', id: row.id, kind, ...(kind === 'set' ? { set } : {}) }),
  );
};
const newProject: Act = ({ runtime, store }, chance, { clock }) => {
  const id = chance.id();
  const project = { id, name: id, path: `/p/${id}`, agent: null, trusted: false, createdAt: clock.now(), removedAt: null };
  return runtime.transaction(() => store.projects.add(project));
};
const link =
  (verb: string): Act =>
  ({ service }) =>
    service.command(verb, caller);
export const credentials = { email: 'a@example.org', password: 'pw' };
const login: Act = ({ service, runtime }) =>
  ['signedOut', 'localOnly'].includes(runtime.state('sync-link')?.status ?? '') && service.memory() ? service.login(credentials) : null;

/** Name, how often, what. */
export const acts: ReadonlyArray<readonly [name: string, weight: number, act: Act]> = [
  ['new task', 8, newTask(false)],
  ['new task for another machine', 12, newTask(true)],
  ['grant', 14, grant],
  ['finish', 12, finish],
  ['set priority', 8, priority],
  ['stop', 5, stop],
  ['ask', 6, ask],
  ['decide', 4, decideHere],
  ['decide there', 6, decideThere],
  ['cancel there', 4, cancelThere],
  ['handoff', 5, move('handoff')],
  ['reassign', 3, move('reassign')],
  ['run here', 4, runHere],
  ['take back', 2, takeBack],
  ['edit', 14, edit],
  ['new project', 3, newProject],
  ['sync now', 2, link('now')],
  ['pause', 1, link('pause')],
  ['resume', 3, link('resume')],
  ['sign out', 1, link('logout')],
  ['disable', 1, link('disable')],
  ['sign in', 5, login],
];
