/** Values from a JSON Schema (draft 2020-12, as far as ours go): right ones, and ones that break something somewhere. */
import fc from 'fast-check';

export type Schema = {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: readonly unknown[];
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  allOf?: readonly Schema[];
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  additionalProperties?: boolean | Schema;
  propertyNames?: Schema;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
  contentEncoding?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
};
export type Pool = Readonly<Record<string, readonly unknown[]>>;
type Making = {
  resolve: (ref: string) => Schema;
  /** Values that exist in the house, by the name of the field: ids, names, verbs. */
  pool: Pool;
};

/** What no schema of ours means. */
export const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>('', ' ', '../..', '%00', '\u0000', '\u001b[31m', '\ud800', '-rf', "'; drop table actors; --", '#{pid}', '$(id)'),
  fc.constantFrom<unknown>('😀'.repeat(300), 'a'.repeat(30_000), 0, -1, 1.5, 1e308, Number.MAX_SAFE_INTEGER + 1, true, null, [], {}),
  fc.constantFrom<unknown>({ __proto__: null, constructor: { prototype: {} } }, [[[[[[]]]]]], { a: { b: { c: {} } } }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.anything({ maxDepth: 2, withNullPrototype: false }).map((value) => plain(value)),
);
/** As JSON carries it: undefined and functions do not arrive. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? 'null');

const text = ({ minLength = 0, maxLength = 200, pattern, format, contentEncoding }: Schema): fc.Arbitrary<unknown> => {
  if (format === 'date-time')
    return fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) => date.toISOString());
  if (format === 'uri') return fc.webUrl();
  if (format === 'email') return fc.emailAddress();
  if (format === 'base64' || contentEncoding === 'base64') return fc.base64String({ maxLength: 200 });
  if (pattern !== undefined) {
    // Look-around is beyond the generator; then anything is tried.
    if (!/\(\?[=!<]/.test(pattern)) return fc.stringMatching(new RegExp(pattern));
  }
  const longest = Math.min(maxLength, 400);
  return fc.oneof(
    { weight: 4, arbitrary: fc.string({ unit: 'grapheme', minLength, maxLength: Math.max(minLength, Math.min(longest, 40)) }) },
    { weight: 2, arbitrary: fc.string({ unit: 'binary', minLength, maxLength: Math.max(minLength, longest) }) },
    { weight: 1, arbitrary: fc.constantFrom('a'.repeat(maxLength > 50_000 ? longest : maxLength), 'b'.repeat(Math.max(minLength, 1))) },
  );
};
const number = ({ type, minimum, maximum, exclusiveMinimum }: Schema): fc.Arbitrary<unknown> => {
  const min = minimum ?? (exclusiveMinimum === undefined ? -1e6 : exclusiveMinimum + 1);
  const max = Math.min(maximum ?? 1e12, Number.MAX_SAFE_INTEGER);
  const edges = fc.constantFrom(min, max);
  if (type === 'integer') return fc.oneof(edges, fc.integer({ min: Math.max(min, -0x8000_0000), max: Math.min(max, 0x7fff_ffff) }));
  return fc.oneof(edges, fc.double({ min, max, noNaN: true }));
};
const object = (schema: Schema, making: Making): fc.Arbitrary<unknown> => {
  const { properties = {}, required = [], additionalProperties } = schema;
  const known = fc.record(Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, valueOf(one, making, name)])), {
    requiredKeys: required.filter((name) => name in properties),
  });
  if (additionalProperties === undefined || additionalProperties === false) return known;
  const free = additionalProperties === true ? hostile : valueOf(additionalProperties, making);
  const more = fc.dictionary(fc.string({ minLength: 1, maxLength: 20 }), free, { maxKeys: 4 });
  return fc.tuple(known, more).map(([a, b]) => ({ ...b, ...a }));
};

/** A value the schema accepts, as far as the generator understands it. */
export const valueOf = (schema: Schema, making: Making, name?: string): fc.Arbitrary<unknown> => {
  const made = made1(schema, making, name);
  const there = name === undefined ? undefined : making.pool[name];
  return there && there.length > 0 ? fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...there) }, { weight: 1, arbitrary: made }) : made;
};
const made1 = (schema: Schema, making: Making, name?: string): fc.Arbitrary<unknown> => {
  if (schema.$ref !== undefined) return valueOf(making.resolve(schema.$ref), making, name);
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return fc.oneof(...either.map((one) => valueOf(one, making, name)));
  if (schema.allOf)
    return fc.tuple(...schema.allOf.map((one) => valueOf(one, making))).map((parts) => Object.assign({}, ...parts) as unknown);
  const [type] = [schema.type].flat();
  switch (type) {
    case 'string':
      return text(schema);
    case 'integer':
    case 'number':
      return number({ ...schema, type });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(valueOf(schema.items ?? {}, making, name), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 5, 5),
      });
    case 'object':
      return object(schema, making);
    default:
      return hostile;
  }
};

/** One thing of it is made wrong: a member taken out, put in, or replaced; or all of it. */
export const broken = (right: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.tuple(right, hostile, fc.nat(), fc.constantFrom('replace', 'remove', 'add', 'all')).map(([value, wrong, which, how]) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || how === 'all') return wrong;
    const copy: Record<string, unknown> = { ...value };
    const names = Object.keys(copy);
    const name = names[which % Math.max(1, names.length)];
    if (how === 'add' || name === undefined) copy[['__proto__x', 'constructor', 'toString', 'extra'][which % 4] ?? 'extra'] = wrong;
    else if (how === 'remove') delete copy[name];
    else copy[name] = wrong;
    return copy;
  });
