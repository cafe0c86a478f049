/**
 * The session of this machine: signed in once, kept in its box, refreshed by us and by one request at a time. It is given up only when the
 * hub itself says that it is over; whatever else answers (a portal, a limit, a paused project), it stays.
 */
import { createClient, type Session } from '@supabase/supabase-js';
import { z } from 'zod';
import type { Account, Answer, HubAddress, HubTrouble, SessionBox, SignedIn } from '../../src/ports/hub.ts';
import { troubleOf } from './wire.ts';

const saved = z.object({
  access: z.string(),
  refresh: z.string(),
  uid: z.string(),
  email: z.string(),
  strong: z.boolean(),
  /** When it was received, by this machine's clock, and how long it is good for. */
  at: z.number(),
  ms: z.number(),
});
type Saved = z.infer<typeof saved>;
const renewed = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  expires_in: z.number(),
  user: z.object({ id: z.string(), email: z.string().optional() }),
});
const refused = z.object({
  error_code: z.string().optional(),
  code: z.unknown(),
  msg: z.string().optional(),
  message: z.string().optional(),
});
type AuthFailure = { code?: string | undefined; status?: number | undefined; message: string };

/** Refreshed when this little is left. */
const EARLY_MS = 90_000;
const OVER = /^(refresh_token_not_found|refresh_token_already_used|session_not_found|session_expired|user_not_found|user_banned)$/;

const read = async (box: SessionBox): Promise<Saved | null> => {
  const text = await box.read();
  if (text === null) return null;
  try {
    return saved.parse(JSON.parse(text));
  } catch {
    return null; // Damaged: as good as none; a person signs in again.
  }
};
const claim = (token: string, name: string): unknown => {
  const body: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString() || '{}');
  return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
};

export type SessionKeeper = Account & {
  /** A token that is good now; null when nobody is signed in or it could not be refreshed (then `trouble` says why). */
  token(): Promise<string | null>;
  trouble(): HubTrouble | null;
  /** The hub did not take the token. */
  stale(): void;
};

export const sessionKeeper = async (address: HubAddress, box: SessionBox, fetchJudged: typeof fetch): Promise<SessionKeeper> => {
  const client = createClient(address.url, address.key, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    global: { fetch: fetchJudged },
  });
  const { auth } = client;
  let now: Saved | null = null;
  let trouble: HubTrouble | null = null;
  /** The box did not open: what is in it is not known, and certainly not over. */
  let closed = true;
  let refreshing: Promise<void> | null = null;
  // Within one run the time since receipt is measured by a clock nobody sets; over restarts there is only the wall.
  let good = 0;
  let since = performance.now();
  const open = async (): Promise<void> => {
    try {
      now = await read(box);
      good = now === null ? 0 : leftOf(now);
      since = performance.now();
      trouble = null;
      closed = false;
    } catch (error) {
      trouble = {
        reason: 'authExpired',
        evidence: `the session cannot be read: ${error instanceof Error ? error.message : 'no reason given'}`,
      };
    }
  };
  await open();

  const keep = async (session: z.infer<typeof renewed>, strong?: boolean): Promise<SignedIn> => {
    const fresh: Saved = {
      access: session.access_token,
      refresh: session.refresh_token,
      uid: session.user.id,
      email: session.user.email ?? '',
      strong: strong ?? claim(session.access_token, 'aal') === 'aal2',
      at: Date.now(),
      ms: session.expires_in * 1000,
    };
    // A refresh token is good once: the next one is on disk before it is used.
    await box.write(JSON.stringify(fresh));
    now = fresh;
    closed = false;
    good = fresh.ms - EARLY_MS;
    since = performance.now();
    trouble = null;
    return { uid: fresh.uid, email: fresh.email, strong: fresh.strong };
  };
  const who = (): SignedIn | null => (now === null ? null : { uid: now.uid, email: now.email, strong: now.strong });
  const failed = (error: AuthFailure): { ok: false; trouble: HubTrouble } => ({ ok: false, trouble: ofAuth(error) });

  /** Asked by ourselves: the library answers for a minute what it was answered last, also when the network is back by then. */
  const renew = async (token: string): Promise<AuthFailure | null> => {
    const response = await fetchJudged(`${address.url}/auth/v1/token?grant_type=refresh_token`, {
      method: 'POST',
      headers: { apikey: address.key, 'content-type': 'application/json' },
      body: JSON.stringify({ refresh_token: token }),
    });
    const said: unknown = await response.json().catch(() => null);
    const session = response.ok ? renewed.safeParse(said) : null;
    if (session?.success) {
      await keep(session.data);
      return null;
    }
    const { error_code, code, msg, message } = refused.safeParse(said).data ?? {};
    return {
      code: error_code ?? (typeof code === 'string' ? code : undefined),
      status: response.status,
      message: msg ?? message ?? 'an answer without a session',
    };
  };
  const refresh = async (): Promise<void> => {
    const held = now;
    if (held === null) return;
    const problem = await renew(held.refresh);
    if (problem === null) return undefined;
    if (OVER.test(problem.code ?? '')) {
      trouble = { reason: 'signedOut', evidence: `the hub says ${problem.code}` };
      now = null;
      await box.remove();
      return undefined;
    }
    const found = ofAuth(problem);
    // A refusal of another kind is no proof that the session is over.
    trouble = found.reason === 'refused' ? { ...found, reason: 'authExpired' } : found;
    return undefined;
  };

  const second = async (session: Session, code: string): Promise<Answer<SignedIn>> => {
    const factor = (session.user.factors ?? []).find((one) => one.status === 'verified' && one.factor_type === 'totp');
    if (!factor) return { ok: true, value: await keep(session) };
    const proved = await auth.mfa.challengeAndVerify({ factorId: factor.id, code });
    if (proved.error) return failed(proved.error);
    const { data } = await auth.getSession();
    return data.session ? { ok: true, value: await keep(data.session) } : failed({ message: 'no session after the second factor' });
  };

  return {
    who,
    trouble: () => trouble,
    stale: () => {
      good = 0;
    },
    token: async () => {
      if (closed) await open();
      if (closed) return null;
      if (now !== null && performance.now() - since > good) {
        refreshing ??= refresh().finally(() => {
          refreshing = null;
        });
        await refreshing;
        // Not refreshed: the old one may still be taken, and if not, that is told.
        if (trouble !== null) return null;
      }
      return now?.access ?? null;
    },
    signIn: async ({ email, password, code }) => {
      const { data, error } = await auth.signInWithPassword({ email, password });
      if (error) return failed(error);
      if (!data.session) return failed({ message: 'an answer without a session' });
      const factors = (data.user?.factors ?? []).filter((one) => one.status === 'verified');
      if (factors.length === 0) return { ok: true, value: await keep(data.session, false) };
      if (code === undefined) {
        await auth.signOut({ scope: 'local' });
        return { ok: true, value: { needs: 'code' } };
      }
      return second(data.session, code);
    },
    enrol: async () => {
      const held = now;
      if (held === null) return failed({ message: 'nobody is signed in' });
      const set = await auth.setSession({ access_token: held.access, refresh_token: held.refresh });
      if (set.error) return failed(set.error);
      if (set.data.session) await keep(set.data.session);
      const { data, error } = await auth.mfa.enroll({ factorType: 'totp', friendlyName: `ccm ${new Date().toISOString()}` });
      return error ? failed(error) : { ok: true, value: { factor: data.id, secret: data.totp.secret, uri: data.totp.uri } };
    },
    confirm: async (factor, code) => {
      const proved = await auth.mfa.challengeAndVerify({ factorId: factor, code });
      if (proved.error) return failed(proved.error);
      const { data } = await auth.getSession();
      return data.session ? { ok: true, value: await keep(data.session, true) } : failed({ message: 'no session after the second factor' });
    },
    signOut: async () => {
      const held = now;
      now = null;
      await box.remove();
      // Elsewhere it ends by itself when the hub cannot be reached now.
      if (held) await auth.admin.signOut(held.access, 'local').catch(() => undefined);
    },
    close: () => void client.removeAllChannels(),
  };
};

const leftOf = ({ at, ms }: Saved): number => {
  const age = Date.now() - at;
  return age < 0 ? 0 : Math.max(0, ms - age - EARLY_MS);
};

const ofAuth = ({ code, status = 0, message }: AuthFailure): HubTrouble => {
  try {
    const said = JSON.parse(message) as HubTrouble;
    if (said.reason) return said;
  } catch {
    // The hub's own words, then: not one of our troubles on its way through the library.
  }
  // Sign-in speaks without codes too; what it refuses costs no operation.
  return troubleOf({ code: code ?? 'no code', message }, status === 401 || status === 403 ? 400 : status);
};
