/** The key of a claim whose answer was not heard, so that the next one can repeat it. */
export const name = '20261128-sync-claim';

export const sql = `
alter table sync_link add column claim text;
`;
