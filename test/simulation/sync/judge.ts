/** What must be true once everything has come to rest. */
import type { HubRow } from '../../../src/ports/hub.ts';
import type { Edit } from './watch.ts';
import type { World } from './world.ts';

const text = (value: unknown): string =>
  JSON.stringify(value ?? null, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
const over = new Set(['ended', 'cancelled', 'expired']);

/** Offered and taken by nobody; or taken, and nobody has it in a queue of theirs. */
const isOpen = ({ devices }: World, { id, state }: HubRow): boolean => {
  if (state['exec'] !== 'claimed') return state['exec'] === 'offered';
  const owner = devices.map((one) => one.life()).find((life) => life?.sync.link()?.system === state['owner']);
  const actor = owner?.runtime.state(id);
  return !actor || actor.context['system'] !== null || actor.view.ended;
};

/** The line is whole again, everybody is there, and time passes until nothing moves. */
export const rest = async (world: World): Promise<void> => {
  const { devices, net, pass, drain, boot } = world;
  world.heal();
  for (const one of devices) one.spare();
  net.fluent(true);
  // What was on its way when the line came back arrives too, whatever it is of use for now.
  for (const flight of net.flights()) await net.land(flight);
  for (const one of devices) if (!one.life()) await boot(one);
  await drain();
  for (const one of devices) {
    const life = one.life();
    const status = () => life?.runtime.state('sync-link')?.status ?? '';
    if (status() === 'paused') await Promise.all([life?.service.command('resume', { by: 'cli' } as never), drain()]);
    if (status() === 'signedOut' || status() === 'localOnly')
      await Promise.all([life?.service.login({ email: 'a@example.org', password: 'pw' }), drain()]);
  }
  let before = '';
  for (let round = 0; round < 40; round += 1) {
    await pass(round < 4 ? 5_000 : 20_000);
    const now =
      text(devices.map((one) => [one.life()?.sync.link()?.cursor, one.life()?.sync.pending()])) +
      [...(world.user()?.rows.values() ?? [])]
        .filter(({ tbl }) => tbl !== 'system')
        .map(({ seq }) => seq)
        .join();
    const taken = [...(world.user()?.rows.values() ?? [])].every((row) => !isOpen(world, row));
    const idle = devices.every(
      (one) => one.life()?.sync.pending() === 0 && ['online', 'executing'].includes(one.life()?.runtime.state('sync-link')?.status ?? ''),
    );
    // Where a ring was lost, the clock is the guarantee, and it has a minute.
    const last = Math.max(0, ...[...(world.user()?.rows.values() ?? [])].filter(({ tbl }) => tbl !== 'system').map(({ seq }) => seq));
    const read = devices.every((one) => (one.life()?.sync.link()?.cursor ?? 0) >= last);
    if (idle && taken && read && now.replace(/\[\d+/g, '') === before) return;
    before = now.replace(/\[\d+/g, '');
  }
};

export const judge = (world: World): void => {
  const { devices, say } = world;
  const user = world.user();
  if (!user) return say('there is no hub');
  const rows = [...user.rows.values()];
  const mended = new Set<string>();
  const alive = new Map<string, { state: string; hlc: string }>();
  for (const one of devices) {
    const life = one.life();
    if (!life) {
      say(`device ${one.index} is down`);
      continue;
    }
    const link = life.sync.link();
    const status = life.runtime.state('sync-link')?.status;
    if (status !== 'online' && status !== 'executing')
      say(`I9 device ${one.index} is ${status} (${String(life.runtime.state('sync-link')?.context['reason'])})`);
    const open = life.sync.ops({ open: true, limit: 1000 });
    const waiting = open.filter(({ state }) => state !== 'rejected');
    if (waiting.length > 0)
      say(
        `I9 device ${one.index} still waits with ${waiting.map(({ kind, tbl, state, error }) => `${state} ${kind} ${tbl} ${error ?? ''}`).join(', ')}`,
      );
    for (const op of life.sync.ops({ open: false, limit: 10_000 })) {
      alive.set(op.op, { state: op.state, hlc: op.hlc });
      if (op.state === 'applied' && user.ops.get(op.op)?.is !== 'ok')
        say(`I13 device ${one.index}: the hub does not know an applied ${op.kind} of ${op.tbl}`);
      // What was put aside still stands here, visibly.
      const parts = op.kind === 'del' ? ['del'] : Object.keys(op.set);
      if (op.state === 'rejected') for (const column of parts) mended.add(`${one.index} ${op.tbl} ${op.id} ${column}`);
    }
    if (link?.epoch !== user.epoch) say(`I1 device ${one.index} is in another history`);
    for (const row of rows) same(world, one.index, row, mended);
    for (const tbl of ['project', 'task', 'agent', 'ask'] as const)
      for (const row of life.sync.rows(tbl)) {
        const refused = open.some((op) => op.tbl === tbl && op.id === row.id);
        if (!user.rows.has(`${tbl} ${row.id}`) && !refused && Object.keys(row.doc).length > 0)
          say(`I2 the hub does not have a ${tbl} of device ${one.index}`);
      }
    owned(world, one.index, rows);
  }
  truth(world, alive);
  startedOnce(world);
  for (const parked of devices.flatMap((one) => one.life()?.runtime.parked() ?? [])) say(`parked: ${text(parked).slice(0, 300)}`);
};

const same = ({ devices, say }: World, index: number, row: HubRow, mended: ReadonlySet<string>): void => {
  const mine = devices[index]?.life()?.sync.row(row.tbl, row.id);
  // A machine's own last sign of life rings no bell: it is read with the next page.
  if (row.tbl === 'system') return;
  if (!mine) return say(`I1 device ${index} lacks a ${row.tbl}`);
  if (mine.del !== row.del && !mended.has(`${index} ${row.tbl} ${row.id} del`))
    say(`I1 device ${index}: a ${row.tbl} is ${mine.del ? '' : 'not '}deleted here`);
  // A lease is renewed without telling anybody.
  if (text({ ...mine.state, leaseUntil: null }) !== text({ ...row.state, leaseUntil: null }))
    say(`I1 device ${index}: the state of a ${row.tbl} is ${text(mine.state).slice(0, 200)}, not ${text(row.state).slice(0, 200)}`);
  for (const column of new Set([...Object.keys(row.doc), ...Object.keys(mine.doc)])) {
    if (mended.has(`${index} ${row.tbl} ${row.id} ${column}`)) continue;
    if (text(mine.doc[column]) !== text(row.doc[column]))
      say(`I1 device ${index}: ${row.tbl}.${column} is ${text(mine.doc[column])}, not ${text(row.doc[column])}`);
  }
};

/** The last edit of each column, of those whose operations still exist and were not refused, is what the hub has. What went with a machine's disk may be there or not. */
const truth = ({ edits, user, say }: World, alive: ReadonlyMap<string, { state: string }>): void => {
  const last = new Map<string, Edit>();
  for (const edit of edits) {
    const op = alive.get(edit.op);
    if (!op || op.state === 'rejected' || edit.unsure) continue;
    const key = `${edit.tbl} ${edit.id} ${edit.column}`;
    if ((last.get(key)?.hlc ?? '') <= edit.hlc) last.set(key, edit);
  }
  for (const { tbl, id, column, value, hlc } of last.values()) {
    const row = user()?.rows.get(`${tbl} ${id}`);
    if (!row) say(`I2 the hub does not have a ${tbl} that was edited`);
    else if ((row.clk[column] ?? '') <= hlc && text(row.doc[column]) !== text(value))
      say(`I2 ${tbl}.${column} is ${text(row.doc[column])}; the last edit said ${text(value)}`);
    else if (
      (row.clk[column] ?? '') > hlc &&
      !edits.some((edit) => edit.id === id && edit.column === column && edit.hlc === row.clk[column])
    )
      say(`I2 ${tbl}.${column} has an edit that overtook the last one: ${text(row.doc[column])}, not ${text(value)}`);
  }
};

/** Who the hub says has a task has it, and nobody else works on it. */
const owned = (world: World, index: number, rows: readonly HubRow[]): void => {
  const { devices, say, restored, seen } = world;
  const life = devices[index]?.life();
  const here = life?.sync.link()?.system;
  for (const row of rows) {
    const { tbl, id, state, doc } = row;
    if (tbl !== 'task') continue;
    const actor = life?.runtime.state(id);
    const exec = String(state['exec']);
    const mine = state['owner'] === here;
    if (mine && isOpen(world, row)) say(`P5 a task is still ${exec} (${String(doc['title'])})`);
    const runs = actor && actor.context['system'] === null && !actor.view.ended;
    if (!mine && runs) say(`P1 device ${index} works on a task of another machine (${actor.status}, hub: ${exec})`);
    if (restored.size > 0 || seen.restored()) continue;
    if (mine && exec === 'running' && !runs)
      say(`P7 a task runs by the hub's word, but on device ${index} it is ${actor?.status ?? 'unknown'}`);
    if (mine && over.has(exec) && runs) say(`P7 a task is ${exec} by the hub's word, but ${actor.status} on device ${index}`);
    if (!mine && actor && actor.context['system'] !== null && over.has(exec) !== actor.view.ended)
      say(`P7 device ${index} shows a task as ${actor.status} that is ${exec}`);
  }
};

/** A fence belongs to one machine; there, each attempt begins once (a task that was stopped and taken back begins again as the next one). */
const startedOnce = ({ starts, say, restored }: World): void => {
  for (const [key, group] of Map.groupBy(starts, ({ task, fence }) => `${task} ${fence}`))
    if (new Set(group.map(({ device }) => device)).size > 1) say(`P1 task and fence ${key} were begun on several machines`);
  for (const [key, group] of Map.groupBy(starts, ({ task, fence, attempt }) => `${task} ${fence} ${attempt}`))
    if (group.length > 1 && !restored.has(group[0]?.device ?? -1))
      say(`P1 task, fence and attempt ${key} were begun ${group.length} times`);
};
