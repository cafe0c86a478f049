/** What differs between two values of JSON, as paths. Pure. */
export type JsonChange = { path: string; before: unknown; after: unknown };

const isNode = (value: unknown): value is object => value !== null && typeof value === 'object';
export const entriesOf = (value: object): [string, unknown][] =>
  Array.isArray(value) ? value.map((one, i) => [String(i), one]) : Object.entries(value);

/** Keys joined by dots, the way a person reads them. Absent on one side is `undefined` there. */
export const jsonChanges = (before: unknown, after: unknown, path = ''): JsonChange[] => {
  if (before === after) return [];
  if (!isNode(before) || !isNode(after) || Array.isArray(before) !== Array.isArray(after)) return [{ path, before, after }];
  const [old, fresh] = [new Map(entriesOf(before)), new Map(entriesOf(after))];
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((key) =>
    jsonChanges(old.get(key), fresh.get(key), path === '' ? key : `${path}.${key}`),
  );
};
