/** Exit codes are a contract: scripts decide by them. */
import { CcmError, catalogue, type ErrorCode } from '../errors.ts';

export const exits = { ok: 0, failed: 1, usage: 2, notFound: 3, unreachable: 4, notAllowed: 5, notLegal: 6, interrupted: 130 } as const;

const byCode: Partial<Record<ErrorCode, number>> = {
  CCM_DAEMON_UNREACHABLE: exits.unreachable,
  CCM_STOPPING: exits.unreachable,
  CCM_AMBIGUOUS: exits.usage,
  CCM_ILLEGAL_MOVE: exits.notLegal,
  CCM_WORKTREE_DIRTY: exits.notLegal,
  CCM_GIT_NO_COMMIT: exits.notLegal,
};

const byStatus: Readonly<Record<number, number>> = {
  400: exits.usage,
  413: exits.usage,
  422: exits.usage,
  401: exits.notAllowed,
  403: exits.notAllowed,
  404: exits.notFound,
  410: exits.notFound,
};

/** Code first, then the HTTP status its catalogue entry has; everything else failed. */
export const exitOf = (code: ErrorCode): number => byCode[code] ?? byStatus[catalogue[code].status] ?? exits.failed;

/** A mistake in what was typed. `next` is the sentence after it; default: the command's help. */
export const usageError = (detail: string, next?: string): CcmError => new CcmError('CCM_BAD_INPUT', detail, next ? { next } : {});
