/** TypeScript types of the hub as its migrated database describes itself: tables as they are read, functions as they are called. */
import type { Query } from './database.ts';

const ofType = (name: string): string => {
  if (name === 'jsonb') return 'Json';
  if (name === 'boolean') return 'boolean';
  return ['bigint', 'integer', 'smallint', 'int8', 'int4'].includes(name) ? 'number' : 'string';
};

export const hubTypes = async (query: Query): Promise<string> => {
  const columns =
    await query(`select c.relname as tbl, a.attname as col, format_type(a.atttypid, null) as type, not a.attnotnull as nullable
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname like 'ccm\\_%' and a.attnum > 0 and not a.attisdropped
    order by c.relname, a.attnum`);
  const calls = await query(`select p.proname as name, p.proargnames as names, p.pronargdefaults as optional,
      array(select format_type(t, null) from unnest(p.proargtypes) t)::text[] as types, format_type(p.prorettype, null) as result
    from pg_proc p where p.pronamespace = 'public'::regnamespace and p.proname like 'ccm\\_%' order by p.proname`);
  const lines = [
    '/** Made by `./run hub-types` from the migrated database; not written by hand. */',
    'export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };',
    '',
    'export type HubTables = {',
  ];
  for (const [table, of] of Map.groupBy(columns, ({ tbl }) => String(tbl))) {
    lines.push(`  ${table}: {`);
    for (const { col, type, nullable } of of) lines.push(`    ${String(col)}: ${ofType(String(type))}${nullable ? ' | null' : ''};`);
    lines.push('  };');
  }
  lines.push('};', '', 'export type HubCalls = {');
  for (const { name, names, types, optional, result } of calls) {
    const all = types as string[];
    const args = all.map((type, index) => {
      const left = index >= all.length - Number(optional) ? '?' : '';
      return `${(names as string[])[index] ?? ''}${left}: ${ofType(type)}${type === 'uuid' && (names as string[])[index] === 'p_epoch' ? ' | null' : ''}`;
    });
    lines.push(
      `  ${String(name)}: { args: ${args.length > 0 ? `{ ${args.join('; ')} }` : 'Record<string, never>'}; result: ${ofType(String(result))} };`,
    );
  }
  lines.push('};', '');
  return lines.join('\n');
};
