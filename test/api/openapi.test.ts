/** The description of the interface is complete: no route without words, no shape without a name, examples where something is sent. */
import { describe, expect, it } from 'vitest';
import { openApiHouse } from '../support/api-house.ts';

type Operation = {
  summary?: string;
  description?: string;
  tags?: string[];
  security?: unknown[];
  requestBody?: { content: Record<string, { schema: { $ref?: string; examples?: unknown[]; anyOf?: { $ref?: string }[] } }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
};
type Document = {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { examples?: unknown[] }> };
};

describe('openapi.json', () => {
  let document: Document;
  let rows: { method: string; url: string; hidden: boolean }[] = [];
  let operations: [string, Operation][] = [];
  const setUp = async () => {
    const { app } = await openApiHouse();
    const reply = await app.inject({ url: '/openapi.json', headers: { host: '127.0.0.1:8765' } });
    document = reply.json();
    rows = app.routeTable;
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method.toUpperCase()} ${path}`, operation]),
    );
  };

  it('names every route', async () => {
    await setUp();
    const described = operations.map(([name]) => name.replaceAll(/\{(\w+)\}/g, ':$1'));
    const there = rows.filter(({ hidden }) => !hidden).map(({ method, url }) => `${method} ${url}`);
    expect(described.toSorted()).toEqual(there.toSorted());
    expect(document.openapi).toBe('3.1.0');
  });

  it('says for each what it does, what it needs, and how success and trouble look', async () => {
    await setUp();
    for (const [name, operation] of operations) {
      expect(operation.summary, name).toMatch(/^[A-Z].{8,}/);
      expect(operation.description, name).toMatch(/^Needs /);
      expect(operation.tags?.length, name).toBe(1);
      expect(operation.responses['200']?.content, name).toBeDefined();
      if (!name.endsWith('z') && !name.endsWith('/events'))
        expect(operation.responses['default']?.content?.['application/problem+json'], name).toBeDefined();
    }
  });

  it('shows an example of everything that is sent', async () => {
    await setUp();
    for (const [name, operation] of operations) {
      const schema = operation.requestBody?.content['application/json']?.schema;
      if (!schema) continue;
      const ref = schema.$ref ?? schema.anyOf?.find(({ $ref }) => $ref)?.$ref;
      const named = ref ? document.components.schemas[ref.split('/').at(-1) ?? ''] : undefined;
      expect((schema.examples ?? named?.examples ?? []).length, `${name}: ${JSON.stringify(schema)}`).toBeGreaterThan(0);
    }
  });

  it('has only references that lead somewhere', async () => {
    await setUp();
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(refs.length).toBeGreaterThan(20);
    for (const ref of refs) expect(Object.keys(document.components.schemas)).toContain(ref);
  });
});
