/** All migrations, oldest first. A released one is never changed, renamed or removed. */
import * as first from './20261122-first.ts';
import * as usage from './20261123-usage.ts';
import * as watchBook from './20261123-watch-book.ts';
import * as sync from './20261124-sync.ts';
import * as syncFinds from './20261125-sync-finds.ts';
import * as syncSeal from './20261126-sync-seal.ts';
import * as usageSums from './20261127-usage-sums.ts';
import * as syncClaim from './20261128-sync-claim.ts';
import * as syncOpsFinds from './20261129-sync-ops-finds.ts';
import * as outboxFinds from './20261130-outbox-finds.ts';

export type Migration = { name: string; sql: string };

export const migrations: readonly Migration[] = [
  first,
  usage,
  watchBook,
  sync,
  syncFinds,
  syncSeal,
  usageSums,
  syncClaim,
  syncOpsFinds,
  outboxFinds,
];
