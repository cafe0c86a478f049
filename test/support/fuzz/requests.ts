/** A request made of an operation: mostly right, often wrong in one place, sometimes wild. */
import fc from 'fast-check';
import type { Operation, Part } from './operations.ts';
import { broken, hostile, type Pool, type Schema, valueOf } from './schema.ts';

export type Wish = { method: string; url: string; payload: string | null; headers: Record<string, string> };
type Making = { resolve: (ref: string) => Schema; pool: Pool };

const asText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
/** A lone surrogate cannot be written in a URL. */
const encoded = (value: unknown): string => encodeURIComponent(asText(value).toWellFormed().slice(0, 2_000));

const partOf = ({ schema, name }: Part, making: Making): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 9, arbitrary: valueOf(schema, making, name) }, { weight: 1, arbitrary: hostile });

const headers = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Record<string, string>>({}) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Record<string, string>>(
      { 'idempotency-key': 'same' },
      { 'idempotency-key': 'x'.repeat(500) },
      { 'idempotency-key': '' },
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/json; charset=utf-16' },
      { 'content-type': 'multipart/form-data' },
      { accept: 'text/html' },
      { 'last-event-id': '1e99' },
      { 'ccm-agent': '../..' },
      { expect: '100-continue' },
    ),
  },
);

const bodyOf = (schema: Schema | null, making: Making): fc.Arbitrary<string | null> => {
  if (schema === null) return fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: hostile.map(asJson) });
  const right = valueOf(schema, making);
  return fc.oneof(
    { weight: 6, arbitrary: right.map(asJson) },
    { weight: 4, arbitrary: broken(right).map(asJson) },
    { weight: 1, arbitrary: right.map((value) => asJson(value).slice(0, -1)) },
    { weight: 1, arbitrary: fc.constant(null) },
  );
};
const asJson = (value: unknown): string => JSON.stringify(value) ?? 'null';

export const wishOf = (operation: Operation, making: Making): fc.Arbitrary<Wish> => {
  const inPath = operation.parts.filter((part) => part.in === 'path');
  const inQuery = operation.parts.filter((part) => part.in === 'query');
  const path = fc
    .tuple(...inPath.map((part) => partOf(part, making)))
    .map((values) => inPath.reduce((so, { name }, at) => so.replace(`{${name}}`, encoded(values[at]) || '%20'), operation.path));
  const query = fc
    .tuple(
      ...inQuery.map((part) => fc.option(partOf(part, making), { nil: undefined, freq: 2 })),
      fc.oneof({ weight: 12, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: hostile }),
    )
    .map((values) => {
      const said = inQuery.flatMap(({ name }, at) => (values[at] === undefined ? [] : [`${name}=${encoded(values[at])}`]));
      const unknown = values[inQuery.length];
      if (unknown !== undefined) said.push(`nobody=${encoded(unknown)}`);
      return said.length === 0 ? '' : `?${said.join('&')}`;
    });
  return fc.tuple(path, query, bodyOf(operation.body, making), headers).map(([at, asked, payload, more]) => ({
    method: operation.method,
    url: `${at}${asked}`,
    payload,
    headers: more,
  }));
};
