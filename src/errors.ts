/**
 * The one catalogue of what can go wrong: a stable code, the HTTP status, whether trying again can help,
 * the sentence a person reads and the step to take next. Everything that fails in the open is made here.
 */

type Entry = {
  /** HTTP status of the problem document (RFC 9457). */
  status: number;
  /** `retry`: the same call may succeed later. `stop`: it will fail again until something changes. */
  kind: 'retry' | 'stop';
  /** What a person reads first: no code, no blame. */
  title: string;
  /** What to do now. A command where there is one. */
  next: string;
};

export const catalogue = {
  CCM_BAD_INPUT: { status: 400, kind: 'stop', title: 'The request is not valid', next: 'Correct the named field and send it again.' },
  CCM_TOO_LARGE: {
    status: 413,
    kind: 'stop',
    title: 'The request is too large',
    next: 'Put long text into a file in the project and refer to it.',
  },
  CCM_METHOD: { status: 405, kind: 'stop', title: 'Not this method', next: 'Use one of the methods named; /docs lists every route.' },
  CCM_MEDIA_TYPE: {
    status: 415,
    kind: 'stop',
    title: 'Not this kind of content',
    next: 'Send JSON with the header Content-Type: application/json.',
  },
  CCM_UNAUTHORIZED: { status: 401, kind: 'stop', title: 'No valid token', next: 'Run `ccm open` for a fresh link.' },
  CCM_FORBIDDEN: { status: 403, kind: 'stop', title: 'Not allowed', next: 'Use a token with the scope this needs.' },
  CCM_BAD_HOST: {
    status: 403,
    kind: 'stop',
    title: 'Request for an unknown host',
    next: 'Open http://127.0.0.1 on our port, or add the host to allowed_hosts in config.toml.',
  },
  CCM_NOT_FOUND: { status: 404, kind: 'stop', title: 'There is no such thing', next: 'See `ccm ls --all` for what there is.' },
  CCM_AMBIGUOUS: { status: 409, kind: 'stop', title: 'Several things match', next: 'Give more characters of the id.' },
  CCM_ILLEGAL_MOVE: { status: 409, kind: 'stop', title: 'Not possible in this state', next: 'Use one of the commands that are legal now.' },
  CCM_CONFLICT: { status: 409, kind: 'stop', title: 'It exists already', next: 'Use the one that exists, or another name.' },
  CCM_IDEMPOTENCY_REUSED: {
    status: 422,
    kind: 'stop',
    title: 'This Idempotency-Key was used for another request',
    next: 'Use a new key for a new request.',
  },
  CCM_RATE_LIMITED: { status: 429, kind: 'retry', title: 'Too many requests', next: 'Wait as long as Retry-After says.' },
  CCM_INTERNAL: {
    status: 500,
    kind: 'retry',
    title: 'Something broke inside',
    next: 'See `ccm logs --daemon`; nothing acknowledged is lost.',
  },
  CCM_STOPPING: { status: 503, kind: 'retry', title: 'The daemon is shutting down', next: 'Try again after `ccm up`.' },
  CCM_TAKEOVER_FAILED: {
    status: 500,
    kind: 'stop',
    title: 'No other daemon took over; this one goes on',
    next: 'See `ccm logs --daemon`.',
  },
  CCM_DAEMON_UNREACHABLE: { status: 503, kind: 'retry', title: 'The daemon is not running', next: 'Start it with `ccm up`.' },

  CCM_CONFIG_INVALID: { status: 500, kind: 'stop', title: 'config.toml is not valid', next: 'Correct the named line.' },
  CCM_HOME_LOCKED: {
    status: 409,
    kind: 'stop',
    title: 'Another daemon already runs on this home',
    next: 'Use it (`ccm open`), or stop it with `ccm down`.',
  },
  CCM_HOME_UNUSABLE: {
    status: 500,
    kind: 'stop',
    title: 'The home folder cannot be used',
    next: 'Check its owner and mode, or set CCM_HOME.',
  },
  CCM_PORT_TAKEN: {
    status: 500,
    kind: 'stop',
    title: 'The port is taken by another program',
    next: 'Stop that program, or choose a port with CCM_PORT.',
  },

  CCM_SERVICE_UNAVAILABLE: {
    status: 503,
    kind: 'stop',
    title: 'There is no service manager for this user',
    next: 'Log in as this user (not by su or sudo), or start the daemon yourself: `ccm up --detach`.',
  },
  CCM_SERVICE_FAILED: {
    status: 500,
    kind: 'stop',
    title: 'The service could not be set up',
    next: 'See the detail and `ccm service status`; `ccm service uninstall` undoes it.',
  },

  CCM_DB_CORRUPT: {
    status: 500,
    kind: 'stop',
    title: 'The database file is damaged',
    next: 'Restore a backup with `ccm restore`; the damaged file was left as it is.',
  },
  CCM_DB_NEWER: {
    status: 500,
    kind: 'stop',
    title: 'The database was written by a newer version',
    next: 'Upgrade CCM Orchestrator; nothing was changed.',
  },
  CCM_DB_READONLY: {
    status: 500,
    kind: 'stop',
    title: 'The database cannot be written',
    next: 'Make the file and its folder writable for this user.',
  },
  CCM_DB_BUSY: {
    status: 503,
    kind: 'retry',
    title: 'Another program holds the database',
    next: 'End what holds it (a `sqlite3` shell, a backup tool); `ccm doctor` names it.',
  },
  CCM_DISK_FULL: { status: 507, kind: 'retry', title: 'The disk is full', next: 'Free some space; what was acknowledged is safe.' },
  CCM_SNAPSHOT_UNREADABLE: {
    status: 500,
    kind: 'stop',
    title: 'A stored snapshot cannot be loaded',
    next: 'See `ccm verify` for the row and the reason.',
  },

  CCM_KEYCHAIN_AWAY: {
    status: 503,
    kind: 'retry',
    title: 'The keychain does not answer',
    next: 'Unlock it (a desktop login does), or begin anew in a file with `ccm secret use file --abandon`.',
  },
  CCM_SECRETS_UNSAFE: {
    status: 500,
    kind: 'stop',
    title: 'The stored secrets cannot be trusted',
    next: 'Make the files private with `ccm doctor --fix`, then `ccm secret rotate`; set again what does not open.',
  },
  CCM_SECRET_MISSING: {
    status: 409,
    kind: 'stop',
    title: 'A secret is not stored',
    next: 'Store it with `ccm secret set NAME`.',
  },

  CCM_HUB_UNREACHABLE: {
    status: 503,
    kind: 'retry',
    title: 'The hub cannot be used now',
    next: 'See the reason; `ccm sync status` tells how it stands. Local work goes on.',
  },
  CCM_HUB_REFUSED: {
    status: 403,
    kind: 'stop',
    title: 'The hub refused the sign-in',
    next: 'Correct what it names, then try again.',
  },
  CCM_HUB_SCHEMA: {
    status: 409,
    kind: 'stop',
    title: 'The hub does not have our tables, or others than this version needs',
    next: 'Apply its migrations, or upgrade this machine: docs/sync.md has the steps.',
  },
  CCM_HUB_SIGNED_OUT: { status: 403, kind: 'stop', title: 'Nobody is signed in to the hub', next: 'Sign in with `ccm login`.' },
  CCM_HUB_NONE: { status: 409, kind: 'stop', title: 'This machine is not connected to a hub', next: 'Connect it with `ccm init`.' },

  CCM_TMUX_MISSING: {
    status: 503,
    kind: 'stop',
    title: 'tmux is not installed',
    next: 'Install tmux 3.2 or newer (Debian: apt install tmux; macOS: brew install tmux).',
  },
  CCM_TMUX_OLD: { status: 503, kind: 'stop', title: 'tmux is older than 3.2', next: 'Install tmux 3.2 or newer.' },
  CCM_TMUX_LOST: { status: 503, kind: 'retry', title: 'The connection to tmux is lost', next: 'It is being restored; see `ccm doctor`.' },
  CCM_TMUX_REFUSED: { status: 500, kind: 'stop', title: 'tmux refused the command', next: 'See the detail and `ccm doctor`.' },
  CCM_PANE_GONE: { status: 410, kind: 'stop', title: 'The window of this agent is gone', next: 'Retry the task, or see `ccm why`.' },

  CCM_CONVERSATION_GONE: {
    status: 410,
    kind: 'stop',
    title: 'The conversation to continue is not there any more',
    next: 'Begin a new one with `ccm retry`.',
  },
  CCM_NOT_TAKEN: {
    status: 500,
    kind: 'stop',
    title: 'The program did not take the message',
    next: 'Look at its window with `ccm attach`, then send it again.',
  },

  CCM_GIT_MISSING: { status: 503, kind: 'stop', title: 'git is not installed', next: 'Install git 2.30 or newer.' },
  CCM_GIT_FAILED: { status: 500, kind: 'stop', title: 'git could not do this', next: "See git's own words in the detail." },
  CCM_GIT_NO_COMMIT: {
    status: 409,
    kind: 'stop',
    title: 'The repository has no commit yet',
    next: 'Make a first commit, then retry the task.',
  },
  CCM_GIT_BARE: { status: 409, kind: 'stop', title: 'The repository is bare', next: 'Add a clone of it as the project.' },
  CCM_GIT_NO_REMOTE: {
    status: 409,
    kind: 'stop',
    title: 'The repository has no remote to send the branch to',
    next: 'Add one (`git remote add origin URL`), or bring the work in with `ccm merge`.',
  },
  CCM_GIT_DETACHED: {
    status: 409,
    kind: 'stop',
    title: 'The project is not on a branch',
    next: 'Check out a branch in the project, then merge again.',
  },
  CCM_WORKTREE_DIRTY: {
    status: 409,
    kind: 'stop',
    title: 'The worktree holds work that is nowhere else',
    next: 'Merge or push it, or say --discard to lose it.',
  },
  CCM_MERGE_CONFLICT: {
    status: 409,
    kind: 'stop',
    title: 'The branch does not merge cleanly',
    next: 'Merge it by hand; nothing was changed.',
  },
  CCM_PATH_UNUSABLE: {
    status: 400,
    kind: 'stop',
    title: 'The path cannot be used as a project',
    next: 'Give an existing folder that this user can read and write.',
  },

  CCM_AGENT_UNKNOWN: {
    status: 400,
    kind: 'stop',
    title: 'There is no agent profile of this name',
    next: 'Define it in config.toml under [agents.NAME].',
  },
  CCM_AGENT_NOT_FOUND: {
    status: 409,
    kind: 'stop',
    title: 'The program of this agent is not installed',
    next: 'Install it, or correct `command` in config.toml.',
  },
  CCM_AGENT_LACKS: {
    status: 409,
    kind: 'stop',
    title: 'The agent has no way to reach its model',
    next: 'Give it an account or a key: `ccm doctor --agents` says how.',
  },
  CCM_AGENT_TOO_OLD: { status: 409, kind: 'stop', title: 'The program of this agent is too old', next: 'Update it, then retry the task.' },
  CCM_AGENT_LAUNCH: { status: 500, kind: 'retry', title: 'The agent could not be started', next: 'See the detail, then retry the task.' },
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof catalogue;

/** A plain-data error: travels through results, effect outcomes, journal rows and problem documents. */
export type Problem = {
  code: ErrorCode;
  /** The particular case, one sentence: names the file, the field or the value. */
  detail: string;
  /** Machine-readable extras (legal commands, matches, a path). JSON only. */
  extra?: Record<string, unknown> | undefined;
};

/** The thrown form of a {@link Problem}; caught and logged once, at the edge. */
export class CcmError extends Error {
  readonly code: ErrorCode;
  readonly extra: Record<string, unknown> | undefined;
  constructor(code: ErrorCode, detail: string, extra?: Record<string, unknown>, cause?: unknown) {
    super(detail, { cause });
    this.name = 'CcmError';
    this.code = code;
    this.extra = extra;
  }
  get problem(): Problem {
    return { code: this.code, detail: this.message, ...(this.extra ? { extra: this.extra } : {}) };
  }
}

/** Expected trouble is returned, not thrown: a handler that throws has a bug. */
export type Result<T> = { ok: true; value: T } | { ok: false; problem: Problem };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const fail = (code: ErrorCode, detail: string, extra?: Record<string, unknown>): { ok: false; problem: Problem } => ({
  ok: false,
  problem: { code, detail, ...(extra ? { extra } : {}) },
});

/** Makes an Error of whatever was thrown. */
export const ensureError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

/** The problem of any thrown value: ours keeps its code, everything else is CCM_INTERNAL. */
export const problemOf = (thrown: unknown): Problem =>
  thrown instanceof CcmError ? thrown.problem : { code: 'CCM_INTERNAL', detail: ensureError(thrown).message };
