/** Tokens and one-time links: made, recognised, revoked. Hashes only are kept. */
import { z } from 'zod';
import { fail, ok, type Result } from '../../errors.ts';
import { tokenHash } from '../../lib/spool-proof.ts';
import type { Token, Tokens } from '../../ports/records.ts';
import { StoreFailure } from '../../ports/store.ts';
import type { Clock, Ids } from '../../ports/system.ts';
import { type Scope, scope } from '../contract/auth.ts';
import type { Principal } from './principal.ts';
import { newSecret, type RandomBytes } from './secret.ts';

/** A link that was printed is opened at once or not at all. */
const linkLifetimeMs = 5 * 60_000;
/** A browser that is not used for this long asks for a new link. */
const browserLifetimeMs = 30 * 86_400_000;
/** Last use is noted to the minute: not a write per request. */
const noteEveryMs = 60_000;

export type Issued = { record: Token; secret: string };
type NewToken = { name: string; kind: Token['kind']; scopes: readonly Scope[]; lifetimeMs?: number | undefined };

export type TokenDesk = {
  issue(wanted: NewToken): Issued;
  /** The one token of an agent; those it had before are revoked. */
  issueForAgent(agent: string): Issued;
  revokeForAgent(agent: string): void;
  /** Of all it was given and that are still in the book, revoked ones too. */
  hashesOfAgent(agent: string): string[];
  /** The caller of a bearer token, or null: unknown, expired, revoked, or a link. */
  recognise(secret: string): Principal | null;
  /** By id of a token: still valid now. */
  isValid(id: string): boolean;
  /** A one-time key for the browser, valid for {@link linkLifetimeMs}. */
  issueLink(): Issued;
  /** `CCM_UNAUTHORIZED` for a key that is unknown, used or expired; the reasons are not told apart. */
  redeem(key: string): Result<Issued>;
  list(): Token[];
  /** `CCM_NOT_FOUND`. */
  revoke(id: string): Result<Token>;
};

const scopesOf = z.array(scope);

export const tokenDesk = ({ tokens, clock, ids, random }: { tokens: Tokens; clock: Clock; ids: Ids; random: RandomBytes }): TokenDesk => {
  const issue = ({ name, kind, scopes, lifetimeMs }: NewToken): Issued => {
    const secret = newSecret(kind === 'link' ? 'k_' : 'ccm_', random);
    const now = clock.now();
    const record: Token = {
      id: ids.next(),
      name,
      hash: tokenHash(secret),
      scopes: [...scopes],
      kind,
      createdAt: now,
      lastUsedAt: null,
      expiresAt: lifetimeMs === undefined ? null : now + lifetimeMs,
      revokedAt: null,
    };
    tokens.add(record);
    return { record, secret };
  };
  const holds = (record: Token | undefined): record is Token =>
    record !== undefined && record.revokedAt === null && (record.expiresAt === null || record.expiresAt > clock.now());
  const valid = (secret: string): Token | null => {
    const record = secret.length > 200 ? undefined : tokens.byHash(tokenHash(secret));
    return holds(record) ? record : null;
  };
  const noteUse = (id: string, now: number): void => {
    try {
      tokens.used(id, now);
    } catch (thrown) {
      // A disk that is full or held by somebody locks nobody out: the next request notes it.
      if (!(thrown instanceof StoreFailure)) throw thrown;
    }
  };
  const revokeForAgent = (agent: string): void => {
    for (const record of tokens.list()) {
      if (record.kind === 'agent' && record.name === agent && record.revokedAt === null) tokens.revoke(record.id, clock.now());
    }
  };
  return {
    issue,
    revokeForAgent,
    hashesOfAgent: (agent) => tokens.list().flatMap(({ kind, name, hash }) => (kind === 'agent' && name === agent ? [hash] : [])),
    issueForAgent: (agent) => {
      revokeForAgent(agent);
      return issue({ name: agent, kind: 'agent', scopes: ['report'] });
    },
    recognise: (secret) => {
      const record = valid(secret);
      const scopes = scopesOf.safeParse(record?.scopes);
      if (!record || record.kind === 'link' || !scopes.success) return null;
      const now = clock.now();
      if (record.lastUsedAt === null || now - record.lastUsedAt >= noteEveryMs) noteUse(record.id, now);
      return {
        token: record.id,
        name: record.name,
        kind: record.kind,
        scopes: scopes.data,
        agent: record.kind === 'agent' ? record.name : null,
      };
    },
    isValid: (id) => holds(tokens.get(id)),
    issueLink: () => issue({ name: 'link', kind: 'link', scopes: [], lifetimeMs: linkLifetimeMs }),
    redeem: (key) => {
      const record = valid(key);
      if (record?.kind !== 'link') return fail('CCM_UNAUTHORIZED', 'This link was used already, has expired, or never existed.');
      // Used up before anything is given for it: of two that come at once, the second finds it revoked.
      tokens.revoke(record.id, clock.now());
      return ok(issue({ name: 'browser', kind: 'browser', scopes: ['admin'], lifetimeMs: browserLifetimeMs }));
    },
    list: () => tokens.list(),
    revoke: (id) => {
      const record = tokens.get(id);
      if (!record || record.kind === 'link')
        return fail('CCM_NOT_FOUND', `There is no token ${id}.`, { next: '`ccm token ls` lists tokens.' });
      tokens.revoke(id, clock.now());
      return ok({ ...record, revokedAt: record.revokedAt ?? clock.now() });
    },
  };
};
