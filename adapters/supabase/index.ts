/** The hub of `src/ports/hub.ts` on a Supabase project. */
import { createClient } from '@supabase/supabase-js';
import type { z } from 'zod';
import type { Account, Answer, ConnectHub, Hub, HubTrouble } from '../../src/ports/hub.ts';
import { listen } from './doorbell.ts';
import { reaches } from './reach.ts';
import { beat, claimed, kept, page, proof, pushed } from './replies.ts';
import { sessionKeeper } from './session.ts';
import type { HubCalls } from './types.ts';
import { judgedFetch, troubleOf } from './wire.ts';

export { hubAddress } from './address.ts';

const PING_MS = 4_000;
const CALL_MS = 15_000;
/** A silent line is noticed within two of these; with the ping that follows, an away hub is known in less than ten seconds. */
const HEARTBEAT_MS = 2_500;

/** Names and parameters as the database has them; what is inside a jsonb is checked when it comes back. */
type Args<N extends keyof HubCalls> = { [K in keyof HubCalls[N]['args']]: unknown };

const no = (trouble: HubTrouble): { ok: false; trouble: HubTrouble } => ({ ok: false, trouble });

export const connectHub: ConnectHub = async (address, sessions): Promise<Hub & Account> => {
  const judged = judgedFetch((url) => (/ccm_ping|refresh_token/.test(url) ? PING_MS : CALL_MS));
  const keeper = await sessionKeeper(address, sessions, judged);
  const data = createClient(address.url, address.key, {
    accessToken: () => keeper.token(),
    global: { fetch: judged },
    realtime: { heartbeatIntervalMs: HEARTBEAT_MS, timeout: 5_000, reconnectAfterMs: () => 500 + Math.random() * 4_500 },
  });

  const once = async <S extends z.ZodType, N extends keyof HubCalls>(shape: S, name: N, args: Args<N>): Promise<Answer<z.output<S>>> => {
    const token = await keeper.token();
    if (token === null) return no(keeper.trouble() ?? { reason: 'signedOut', evidence: 'nobody is signed in' });
    const { data: said, error, status } = await data.rpc(name, args);
    if (error) return no(troubleOf(error, status));
    const read = shape.safeParse(said);
    if (read.success) return { ok: true, value: read.data };
    return no({ reason: 'portal', evidence: `${name} answered in no shape of ours` });
  };
  /** A token the hub does not take is refreshed once, and the call made once more. */
  const call = async <S extends z.ZodType, N extends keyof HubCalls>(shape: S, name: N, args: Args<N>): Promise<Answer<z.output<S>>> => {
    const first = await once(shape, name, args);
    if (first.ok || first.trouble.reason !== 'authExpired') return first;
    keeper.stale();
    return once(shape, name, args);
  };

  return {
    signIn: (credentials) => keeper.signIn(credentials),
    who: () => keeper.who(),
    enrol: () => keeper.enrol(),
    confirm: (factor, code) => keeper.confirm(factor, code),
    signOut: () => keeper.signOut(),
    ping: async () => {
      const answer = await call(proof, 'ccm_ping', {});
      if (!answer.ok) return answer;
      if (answer.value.uid !== keeper.who()?.uid) return no({ reason: 'portal', evidence: 'the hub answered for another user' });
      return answer;
    },
    push: (system, epoch, ops, seen = null) => call(pushed, 'ccm_push', { p_system: system, p_epoch: epoch, p_ops: ops, p_seen: seen }),
    pull: (epoch, after, limit, seen = null) => call(page, 'ccm_pull', { p_epoch: epoch, p_after: after, p_limit: limit, p_seen: seen }),
    claim: (system, limit, seen = null, key = null) =>
      call(claimed, 'ccm_claim', { p_system: system, p_limit: limit, p_seen: seen, p_key: key }),
    renew: (system, task, fence) => call(kept, 'ccm_renew', { p_system: system, p_id: task, p_fence: fence }),
    heartbeat: (system, facts) => call(beat, 'ccm_heartbeat', { p_system: system, p_facts: facts }),
    rewound: (epoch, seen) => call(beat, 'ccm_rewound', { p_epoch: epoch, p_seen: seen }),
    reach: () => reaches(address.url),
    listen: (bell) => {
      const uid = keeper.who()?.uid;
      return uid === undefined ? () => undefined : listen(data, uid, bell);
    },
    close: () => {
      keeper.close();
      void data.removeAllChannels();
      void data.realtime.disconnect();
    },
  };
};
