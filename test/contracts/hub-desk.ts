/** Users of the hub's SQL, who push, read and ask by plain calls: what the matrix and the refusals below are written with. */
import { expect } from 'vitest';
import type { directHub } from '../support/hub/direct.ts';

export type Raw = { tbl?: unknown; id?: unknown; kind?: unknown; set?: unknown; arg?: unknown; op?: string };
export type User = { id: string; system: string };
export type Row = { tbl: string; id: string; doc: Record<string, unknown>; state: Record<string, unknown> };

let count = 0;
const stamp = () => {
  count += 1;
  return `${String(Date.now()).padStart(15, '0')}-${count.toString(16).padStart(6, '0')}-11111111`;
};
export const uuid = () => crypto.randomUUID();
export const codeOf = (thrown: unknown) => (thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown));

export const hubDesk = (hub: ReturnType<typeof directHub>) => {
  const claims = (who: User, aal = 'aal1') => ({ sub: who.id, aal });
  const code = (role: string, claimed: Record<string, string>, text: string): Promise<string> =>
    hub.as(role, claimed, text).then(() => 'ok', codeOf);
  const said = (who: User, text: string, values: unknown[] = []) => hub.as('authenticated', claims(who), text, values);
  const push = async (who: User, ...ops: Raw[]): Promise<string[]> => {
    const all = ops.map((op) => ({ op: uuid(), id: uuid(), hlc: stamp(), ...op }));
    const told = (await said(who, `select public.ccm_push($1, null, $2::text::jsonb)`, [who.system, JSON.stringify(all)])) as {
      verdicts: Array<{ is: string }>;
    };
    return told.verdicts.map(({ is }) => is);
  };
  const rows = async (who: User): Promise<Row[]> => ((await said(who, 'select public.ccm_pull(null, 0, 1000)')) as { rows: Row[] }).rows;
  const row = async (who: User, id: string) => (await rows(who)).find((each) => each.id === id);
  const newcomer = async (): Promise<User> => {
    const who = { id: uuid(), system: uuid() };
    await hub.query('insert into auth.users (id, email) values ($1, $2)', [who.id, `${who.id}@example.org`]);
    expect(await push(who, { tbl: 'system', id: who.system, kind: 'set', set: { name: 'machine' } })).toEqual(['ok']);
    return who;
  };
  const offered = async (who: User): Promise<string> => {
    const id = uuid();
    expect(await push(who, { tbl: 'task', id, kind: 'offer', set: { title: 'x' }, arg: { target: who.system } })).toEqual(['ok']);
    return id;
  };
  return { claims, code, said, push, rows, row, newcomer, offered };
};

export const report = (id: string, fence: number, run: number, exec: string): Raw => ({
  tbl: 'task',
  id,
  kind: 'report',
  arg: { fence, run, exec, facts: {} },
});
