import type { SyncStatus } from '../../src/api/contract/index.ts';

/** A home that was never connected. */
export const noHub = {
  state: 'localOnly',
  reason: null,
  evidence: null,
  pending: 0,
  inFlight: 0,
  provenAt: null,
  nextAt: null,
  url: null,
  email: null,
  strong: false,
  system: null,
  conflicts: 0,
  rejected: 0,
  commands: [],
} satisfies SyncStatus;
