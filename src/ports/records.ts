/** Plain tables of the domain. Writes made inside `runtime.transaction` are part of its commit; others commit by themselves. */

export type Project = {
  id: string;
  /** Unique among those not removed, like `path`. */
  name: string;
  /** Absolute. */
  path: string;
  /** Default agent profile, or null. */
  agent: string | null;
  /** The user allowed agents to run what the folder's own settings ask for. */
  trusted: boolean;
  createdAt: number;
  removedAt: number | null;
};

export interface Projects {
  /** @throws CcmError CCM_CONFLICT when name or path is taken. */
  add(project: Project): void;
  get(id: string): Project | undefined;
  byName(name: string): Project | undefined;
  byPath(path: string): Project | undefined;
  list(options?: { removed?: boolean }): Project[];
  /** @throws CcmError CCM_CONFLICT when the new name or path is taken. */
  update(id: string, change: Partial<Pick<Project, 'name' | 'path' | 'agent' | 'trusted' | 'removedAt'>>): void;
}

export type TokenKind = 'cli' | 'browser' | 'api' | 'agent' | 'link';
export type Token = {
  id: string;
  name: string;
  /** Of the secret; the secret itself is never stored. */
  hash: string;
  scopes: string[];
  kind: TokenKind;
  createdAt: number;
  lastUsedAt: number | null;
  expiresAt: number | null;
  revokedAt: number | null;
};

export interface Tokens {
  add(token: Token): void;
  get(id: string): Token | undefined;
  byHash(hash: string): Token | undefined;
  list(): Token[];
  used(id: string, at: number): void;
  revoke(id: string, at: number): void;
  /** Removes those that ended before this time; returns how many. */
  prune(before: number): number;
}

export type IdempotentReply = {
  key: string;
  token: string;
  /** Method and path. */
  request: string;
  bodyHash: string;
  status: number;
  reply: string;
  at: number;
};

export interface Idempotency {
  get(key: string, token: string): IdempotentReply | undefined;
  put(reply: IdempotentReply): void;
  prune(before: number): number;
}

/** Small facts that need no table: offsets, marks. Values are JSON. */
export interface KeyValue {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  remove(key: string): void;
  /** Pairs whose key begins with `prefix`. */
  list(prefix: string): Array<{ key: string; value: unknown }>;
}

/** One request that would have changed something, or one that was refused. */
export type AuditRow = {
  id: number;
  at: number;
  /** As in the journal: `cli`, `web`, `api:grafana`, `agent:ID`; `nobody` where no valid token came. */
  by: string;
  /** Kind of the token: `cli`, `browser`, `api`, `agent`; `none`. */
  channel: string;
  /** Method and path below `/api/v1`, without the query. */
  what: string;
  /** `ok`, or the code of the problem. */
  outcome: string;
  /** The agent in whose window the caller runs, as far as that was told or traced. */
  inside: string | null;
  /** The same again within a minute is counted, not repeated. */
  count: number;
};

export interface AuditBook {
  add(row: Omit<AuditRow, 'id'>): void;
  /** Newest first. */
  list(query: { limit: number; before?: number | undefined; refused?: boolean | undefined }): AuditRow[];
  /** Removes what is older, and the oldest of too many; returns how many. */
  prune(before: number): number;
}
