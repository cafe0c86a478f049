/** What was seen of the hub, as events for the link's chart. */
import type { HandlerResult } from '../../machines/effects.ts';
import type { HubTrouble } from '../ports/hub.ts';

export const LINK_ID = 'sync-link';
export type LinkEvent = { type: string; [field: string]: unknown };

export const outcome = (event: LinkEvent): HandlerResult => ({ outcomes: [{ event }] });

export const eventOf = ({ reason, retryAfterMs }: HubTrouble, round: number): LinkEvent => {
  if (reason === 'signedOut') return { type: 'SESSION_REFUSED' };
  const known = reason === 'tooLarge' || reason === 'refused' ? 'hubDown' : reason;
  return { type: 'PROOF_FAILED', round, reason: known, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
};

/** The shape of the hub this version speaks with. */
export const ourSchema = 1;
export const schemaTrouble = ({ schema, oldest }: { schema: number; oldest: number }): HubTrouble | null => {
  if (oldest > ourSchema) return { reason: 'schemaMismatch', evidence: `the hub wants version ${oldest} or newer, this is ${ourSchema}` };
  return schema < ourSchema ? { reason: 'schemaMismatch', evidence: `the hub is of version ${schema}, this wants ${ourSchema}` } : null;
};
