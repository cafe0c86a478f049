/** Which commit of the hub was seen last: a hub that does not know it was put back to an older copy. */
export const name = '20261126-sync-seal';

export const sql = `
alter table sync_link add column seen integer;
alter table sync_link add column seal text;
`;
