/** What the link looks for in every round is found without reading every row: tasks by where they stand, rows that the hub does not have. */
export const name = '20261125-sync-finds';

export const sql = `
create index sync_rows_exec on sync_rows (json_extract(state, '$.exec')) where tbl = 'task' and del = 0;
create index sync_rows_unseen on sync_rows (tbl, id) where seq = 0;
`;
