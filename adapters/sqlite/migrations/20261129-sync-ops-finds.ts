/** What was refused is found, and what is a month old forgotten, without reading every operation of that month. */
export const name = '20261129-sync-ops-finds';

export const sql = `
create index sync_ops_refused on sync_ops (lseq) where state = 'rejected';
create index sync_ops_settled on sync_ops (settled_at) where state = 'applied';
`;
