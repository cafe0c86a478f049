/** The calls of the hub without gateway, sign-in and client: a session is set as PostgREST sets it, and the function is called. */
import postgres from 'postgres';
import { beat, claimed, kept, page, proof, pushed } from '../../../adapters/supabase/replies.ts';
import { troubleOf } from '../../../adapters/supabase/wire.ts';
import type { Account, Answer, ConnectHub, Hub, HubTrouble, SignedIn } from '../../../src/ports/hub.ts';

type Shape<T> = { parse: (value: unknown) => T };
const no = (trouble: HubTrouble): { ok: false; trouble: HubTrouble } => ({ ok: false, trouble });

export const directHub = (url: string) => {
  const sql = postgres(url, { max: 6, onnotice: () => undefined });
  const people = new Map<string, { uid: string; password: string }>();

  type Claims = Record<string, string>;
  type Ask = (text: string, values?: readonly unknown[]) => Promise<unknown>;
  /** The first value of the first row. */
  const entered = async (role: string, claims: Claims, work: (ask: Ask) => Promise<unknown>): Promise<unknown> => {
    const box: { value?: unknown } = {};
    await sql.begin(async (open) => {
      await open`select set_config('request.jwt.claims', ${JSON.stringify({ role, ...claims })}, true)`;
      await open.unsafe(`set local role ${role}`);
      box.value = await work(async (text, values = []) => {
        const [row] = await open.unsafe(text, values as never[]);
        return row && Object.values(row)[0];
      });
    });
    return box.value;
  };
  /** As somebody, in a transaction of its own. @throws what PostgreSQL says. */
  const as = (role: string, claims: Claims, text: string, values: readonly unknown[] = []) =>
    entered(role, claims, (ask) => ask(text, values));

  const connect: ConnectHub = async (): Promise<Hub & Account> => {
    let who: SignedIn | null = null;
    const call = async <T>(shape: Shape<T>, name: string, ...args: unknown[]): Promise<Answer<T>> => {
      if (!who) return no({ reason: 'signedOut', evidence: 'nobody is signed in' });
      const places = args.map((arg, index) => (typeof arg === 'object' && arg !== null ? `$${index + 1}::text::jsonb` : `$${index + 1}`));
      const values = args.map((arg) => (typeof arg === 'object' && arg !== null ? JSON.stringify(arg) : arg));
      try {
        return {
          ok: true,
          value: shape.parse(
            await as('authenticated', { sub: who.uid, aal: 'aal1' }, `select public.${name}(${places.join(', ')})`, values),
          ),
        };
      } catch (thrown) {
        const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'none';
        return no(troubleOf({ code, message: String(thrown) }, 400));
      }
    };
    const stops: Array<() => void> = [];
    return {
      signIn: async ({ email, password }) => {
        const person = people.get(email);
        if (person?.password !== password) return no({ reason: 'refused', evidence: '400 invalid_credentials' });
        who = { uid: person.uid, email, strong: false };
        return { ok: true, value: who };
      },
      who: () => who,
      enrol: async () => no({ reason: 'refused', evidence: 'not here' }),
      confirm: async () => no({ reason: 'refused', evidence: 'not here' }),
      signOut: async () => {
        who = null;
      },
      close: () => stops.splice(0).forEach((stop) => stop()),
      reach: async () => true,
      ping: () => call(proof, 'ccm_ping'),
      push: (system, epoch, ops, seen = null) => call(pushed, 'ccm_push', system, epoch, ops, seen),
      pull: (epoch, after, limit, seen = null) => call(page, 'ccm_pull', epoch, after, limit, seen),
      claim: (system, limit, seen = null, key = null) => call(claimed, 'ccm_claim', system, limit, seen, key),
      renew: (system, task, fence) => call(kept, 'ccm_renew', system, task, fence),
      heartbeat: (system, facts) => call(beat, 'ccm_heartbeat', system, facts),
      rewound: (epoch, seen) => call(beat, 'ccm_rewound', epoch, seen),
      listen: (bell) => {
        const uid = who?.uid;
        const heard = sql.listen(
          'hub_ring',
          (text) => text.includes(`ccm:${uid}`) && bell.ring(),
          () => bell.joined(),
        );
        const stop = () => void heard.then((listening) => listening.unlisten()).catch(() => undefined);
        stops.push(stop);
        return stop;
      },
    };
  };
  return {
    connect,
    as,
    within: (claims: Claims, work: (ask: Ask) => Promise<unknown>) => entered('authenticated', claims, work),
    query: async (text: string, values: readonly unknown[] = []) =>
      [...(await sql.unsafe(text, values as never[]))] as Array<Record<string, unknown>>,
    script: (text: string) => sql.unsafe(text).simple(),
    addUser: async (email: string, password: string): Promise<void> => {
      const uid = crypto.randomUUID();
      await sql.unsafe('insert into auth.users (id, email) values ($1, $2)', [uid, email]);
      people.set(email, { uid, password });
    },
    close: () => sql.end({ timeout: 1 }),
  };
};
