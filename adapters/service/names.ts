/** What the service is called: `ccm` for the home where the system puts it, with a mark for any other, so that homes do not meet. */
import { createHash } from 'node:crypto';

export const markOf = (home: string): string => createHash('sha256').update(home).digest('hex').slice(0, 12);

export const unitName = (home: string, ownHome: boolean): string => (ownHome ? `ccm-${markOf(home)}` : 'ccm');

export const launchdLabel = (home: string, ownHome: boolean): string => (ownHome ? `dev.ccm.daemon.${markOf(home)}` : 'dev.ccm.daemon');
