/** What `/openapi.json` says can be asked for. */
import type { Schema } from './schema.ts';

export type Part = { name: string; in: 'path' | 'query'; required: boolean; schema: Schema };
export type Operation = {
  method: string;
  /** With `{name}` for each part of the path. */
  path: string;
  parts: Part[];
  body: Schema | null;
  /** Of an agent, else of a person. */
  agent: boolean;
};
type Described = {
  parameters?: Part[];
  requestBody?: { content: Record<string, { schema: Schema } | undefined> };
  description?: string;
};
export type ApiDocument = { paths: Record<string, Record<string, Described>>; components: { schemas: Record<string, Schema> } };

export const operationsOf = ({ paths }: ApiDocument): Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody, description }]) => ({
      method: method.toUpperCase(),
      path,
      parts: parameters,
      body: requestBody?.content['application/json']?.schema ?? null,
      agent: description === 'Needs the token of an agent.',
    })),
  );

/** @throws Error for a reference that leads nowhere. */
export const resolver =
  ({ components }: ApiDocument) =>
  (ref: string): Schema => {
    const found = components.schemas[ref.replace('#/components/schemas/', '')];
    if (!found) throw new Error(`${ref} leads nowhere`);
    return found;
  };
