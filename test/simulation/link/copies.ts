/** The hub, or one machine, put back to what it was some time ago. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { untilSettled } from './judge.ts';
import type { LinkWorld, Node } from './world.ts';

const tables = ['head', 'seal', 'op', 'system', 'project', 'task', 'agent', 'ask', 'order'].map((name) => `ccm_${name}`);

const named = `array[${tables.map((name) => `'${name}'`).join(', ')}]`;
/** Whoever writes takes a row of it first: meanwhile nobody does, and all tables are of one moment. */
const alone = 'lock table public.ccm_head in exclusive mode;';

const keepHub = async ({ gateway }: LinkWorld): Promise<void> => {
  await gateway.query('drop schema if exists kept cascade');
  await gateway.query('create schema kept');
  await gateway.query(`do $$
    declare name text;
    begin
      ${alone}
      foreach name in array ${named} loop execute format('create table kept.%1$I as table public.%1$I', name); end loop;
    end $$`);
};
/** As a restored database has it, in one transaction. Not by TRUNCATE: whoever reads at that moment would find every table empty. */
const putHubBack = async ({ gateway }: LinkWorld, after: string): Promise<void> => {
  await gateway.query(`do $$
    declare name text; columns text;
    begin
      ${alone}
      foreach name in array ${named} loop
        execute format('delete from public.%I', name);
        select string_agg(quote_ident(attname), ', ') into columns from pg_attribute
          where attrelid = ('public.' || name)::regclass and attnum > 0 and not attisdropped and attgenerated = '';
        execute format('insert into public.%1$I (%2$s) select %2$s from kept.%1$I', name, columns);
      end loop;
      ${after}
    end $$`);
};

const someWork = async (world: LinkWorld, each: number): Promise<void> => {
  const [a, b] = world.nodes;
  for (let n = 0; n < each; n += 1)
    for (const [at, on] of [
      [a, b],
      [b, a],
      [a, a],
      [b, b],
    ] as const)
      await world.begin(at, on);
};

/** Somebody gives a new epoch by hand right after: nobody has to, and it does no harm. Work that is open then goes on. */
export const hubRestored = async (world: LinkWorld): Promise<void> => {
  await keepHub(world);
  await someWork(world, 1);
  await untilSettled(world, 120_000);
  await someWork(world, 1);
  await putHubBack(world, 'update public.ccm_head set epoch = gen_random_uuid();');
  await someWork(world, 1);
};

/** Both machines had read more than the copy has: nobody gives a new epoch, they notice it themselves. */
export const hubRestoredSilently = async (world: LinkWorld): Promise<void> => {
  await keepHub(world);
  await someWork(world, 2);
  await untilSettled(world, 120_000);
  await putHubBack(world, '');
  await Promise.all(world.nodes.map(({ live }) => live.ccm('sync', 'now')));
  await someWork(world, 1);
};

export const machineRestored = async (world: LinkWorld, { live, up }: Node): Promise<void> => {
  const copy = join(live.home, 'backups', `before-${world.wanted.size}.db`);
  const kept = await live.ccm('backup', copy);
  assert.equal(kept.code, 0, kept.stderr);
  await someWork(world, 1);
  await untilSettled(world, 120_000);
  const down = await live.ccm('down', '--all');
  assert.equal(down.code, 0, down.stderr);
  const back = await live.ccm('restore', copy, '--yes');
  assert.equal(back.code, 0, back.stderr);
  await up();
  await someWork(world, 1);
};
