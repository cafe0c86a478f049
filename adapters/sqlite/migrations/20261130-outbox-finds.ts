/** What went wrong with effects is found without reading every effect that went well. */
export const name = '20261130-outbox-finds';

export const sql = `
create index outbox_trouble on outbox (state, id) where state in ('failed', 'unsure');
`;
