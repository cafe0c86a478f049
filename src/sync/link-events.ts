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

/** The shape of the hub this version speaks with: as `ccm_ping` says it. The first one, of which no hub was ever released, had no seals. */
export const ourSchema = 2;
export const schemaTrouble = ({ schema, oldest }: { schema: number; oldest: number }): HubTrouble | null => {
  const no = (evidence: string): HubTrouble => ({ reason: 'schemaMismatch', evidence });
  if (oldest > ourSchema) return no(`the hub serves version ${oldest} and newer, this machine speaks ${ourSchema}: upgrade this machine`);
  if (schema < ourSchema)
    return no(`the hub is of version ${schema}, this machine speaks ${ourSchema}: apply the newer migrations to the hub`);
  return null;
};
