/** Connecting this machine to a hub, and signing in. The password passes through and is kept nowhere. */

import type { EnableSync, SignedInView, SignInBody } from '../../api/contract/sync.ts';
import { fail, ok, type Problem, type Result } from '../../errors.ts';
import type { Account, Answer, ConnectHub, Doc, Hub, HubAddress, HubTrouble, SessionBox } from '../../ports/hub.ts';
import type { Store } from '../../ports/store.ts';
import type { Runtime } from '../../runtime/types.ts';
import type { Engine } from '../../sync/engine.ts';
import { LINK_ID, schemaTrouble } from '../../sync/link-events.ts';
import { mutate } from '../../sync/mutate.ts';
import { noStamp } from '../../sync/stamp.ts';

export type AccountDeps = {
  runtime: Runtime;
  store: Pick<Store, 'sync' | 'kv'>;
  engine: Engine;
  connect: ConnectHub;
  address: (given: HubAddress) => Result<HubAddress>;
  box: SessionBox;
  now: () => number;
  /** Name, operating system, versions, agents. */
  describe: () => Doc;
};
export const HUB_KEY = 'sync.hub';
export type HubMemory = HubAddress & { email: string };

/** With the field that a person may correct. */
const sentences: readonly (readonly [RegExp, string, string])[] = [
  [/invalid_credentials|Invalid login/i, 'password', 'The hub does not know this email and password.'],
  [/mfa_verification|mfa_challenge|mfa_/i, 'code', 'The code is not right, or was used already. Wait for the next one.'],
  [/api key/i, 'key', 'The hub does not take this key. Copy the publishable key of the project.'],
  [/email_not_confirmed/i, 'email', 'The email of this account is not confirmed yet.'],
];
const reasons: Readonly<Record<string, string>> = {
  networkLost: 'Nobody answers at this address.',
  portal: 'What answers there is not a hub: a sign-in page of the network, or another site.',
  hubPaused: 'The project is paused; wake it in its dashboard.',
  throttled: 'The hub asks to wait.',
  hubDown: 'The hub has trouble of its own.',
};

export const problemOfHub = ({ reason, evidence }: HubTrouble): { ok: false; problem: Problem } => {
  const said = sentences.find(([pattern]) => pattern.test(evidence));
  if (said) return fail('CCM_HUB_REFUSED', said[2], { field: said[1] });
  if (reason === 'schemaMismatch') return fail('CCM_HUB_SCHEMA', `The hub answers, but not as ours: ${evidence}.`);
  if (reason === 'signedOut' || reason === 'refused') return fail('CCM_HUB_REFUSED', `The hub says no: ${evidence}.`);
  return fail('CCM_HUB_UNREACHABLE', `${reasons[reason] ?? 'The hub cannot be used.'} (${evidence})`);
};

/** Keeps a session in memory until the sign-in is known to be good. */
const staging = () => {
  let text: string | null = null;
  const box: SessionBox = {
    read: async () => text,
    write: async (given) => {
      text = given;
    },
    remove: async () => {
      text = null;
    },
  };
  return { box, text: () => text };
};

export const accountService = (deps: AccountDeps) => {
  const { runtime, store, engine, connect, box } = deps;
  const { sync, kv } = store;
  const memory = () => kv.get(HUB_KEY) as HubMemory | undefined;

  const tryOut = async (address: HubAddress, { email, password, code }: SignInBody) => {
    const stage = staging();
    const hub = await connect(address, stage.box);
    try {
      return await proven(hub, { email, password, code }, stage.text);
    } finally {
      hub.close();
    }
  };
  const proven = async (
    hub: Hub & Account,
    credentials: { email: string; password: string; code: string | undefined },
    session: () => string | null,
  ): Promise<Result<{ view: SignedInView; uid: string; session: string | null }>> => {
    const answer: Answer<unknown> & Awaited<ReturnType<Account['signIn']>> = await hub.signIn(credentials);
    if (!answer.ok) return problemOfHub(answer.trouble);
    if ('needs' in answer.value) return ok({ view: { needs: 'code', email: null, strong: false }, uid: '', session: null });
    const { uid, email, strong } = answer.value;
    const ping = await hub.ping();
    if (!ping.ok) return problemOfHub(ping.trouble);
    const wrong = schemaTrouble(ping.value);
    if (wrong) return problemOfHub(wrong);
    return ok({ view: { needs: null, email, strong }, uid, session: session() });
  };

  const signIn = async (address: HubAddress, body: SignInBody & { name?: string | undefined }): Promise<Result<SignedInView>> => {
    const tried = await tryOut(address, body);
    if (!tried.ok) return tried;
    const { view, uid, session } = tried.value;
    if (session === null) return ok(view);
    const before = sync.link();
    if (before?.uid && before.uid !== uid && sync.pending() > 0) {
      return fail(
        'CCM_CONFLICT',
        `${sync.pending()} changes wait for another account. Sign in with that one, or cancel them with \`ccm outbox cancel\`.`,
      );
    }
    await engine.inTurn(() => join(address, session, uid, view, body.name));
    return ok(view);
  };

  const join = async (address: HubAddress, session: string, uid: string, view: SignedInView, name: string | undefined): Promise<void> => {
    await box.write(session);
    engine.use(await connect(address, box));
    await runtime.transaction(() => {
      // As it is now: edits and pages went on while the session was kept.
      const present = sync.link();
      const same = present?.uid === uid;
      if (present?.uid && !same) sync.forget();
      const link = {
        enabled: true,
        system: present?.system ?? runtime.newId(),
        uid,
        epoch: same ? present.epoch : null,
        cursor: same ? present.cursor : 0,
        seen: same ? present.seen : null,
        stamp: present?.stamp ?? noStamp,
        claim: same ? present.claim : null,
      };
      sync.setLink(link);
      kv.set(HUB_KEY, { ...address, email: view.email ?? '' } satisfies HubMemory);
      // A name that was once given stays, also when nobody repeats it at the next sign-in.
      const named = name ?? (same ? sync.row('system', link.system)?.doc['name'] : undefined);
      const set = { ...deps.describe(), ...(named === undefined ? {} : { name: named }) };
      mutate({ store: sync, newOp: () => runtime.newId(), now: deps.now }, link, { tbl: 'system', id: link.system, kind: 'set', set });
      sync.allDirty();
    });
    const status = runtime.state(LINK_ID)?.status;
    const type = status === 'localOnly' ? 'ENABLE' : status === 'signedOut' ? 'SIGN_IN' : 'SYNC_NOW';
    await runtime.send(LINK_ID, { type, by: 'cli' });
  };

  return {
    enable: async (body: EnableSync): Promise<Result<SignedInView>> => {
      const address = deps.address({ url: body.url, key: body.key });
      return address.ok ? signIn(address.value, body) : address;
    },
    login: async (body: SignInBody): Promise<Result<SignedInView>> => {
      const known = memory();
      return known ? signIn({ url: known.url, key: known.key }, body) : fail('CCM_HUB_NONE', 'There is no hub to sign in to yet.');
    },
    whoami: (): Result<SignedInView> => {
      // The client may still carry a session that the hub has ended.
      const who = runtime.state(LINK_ID)?.status === 'signedOut' ? null : engine.hub()?.who();
      if (who) return ok({ needs: null, email: who.email, strong: who.strong });
      return memory() && sync.link()?.enabled
        ? fail('CCM_HUB_SIGNED_OUT', 'Nobody is signed in on this machine.')
        : fail('CCM_HUB_NONE', 'This machine is not connected to a hub.');
    },
    enrol: async () => {
      const answer = await engine.hub()?.enrol();
      if (!answer) return fail('CCM_HUB_NONE', 'Sign in first.');
      return answer.ok ? ok(answer.value) : problemOfHub(answer.trouble);
    },
    confirm: async (factor: string, code: string): Promise<Result<SignedInView>> => {
      const answer = await engine.hub()?.confirm(factor, code);
      if (!answer) return fail('CCM_HUB_NONE', 'Sign in first.');
      return answer.ok ? ok({ needs: null, email: answer.value.email, strong: answer.value.strong }) : problemOfHub(answer.trouble);
    },
    /** At a start: the hub of before, with the session of before. */
    resume: async (): Promise<void> => {
      const known = memory();
      if (known && sync.link()?.enabled) engine.use(await connect({ url: known.url, key: known.key }, box));
    },
    memory,
  };
};
