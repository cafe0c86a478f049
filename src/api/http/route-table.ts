/** Every route there is, kept as it is added: for "which methods does this path take", and for tests that must forget none. */
import type { FastifyInstance } from 'fastify';
import type { Access } from '../auth/principal.ts';

export type RouteRow = { method: string; url: string; access: Access | null; hidden: boolean };

declare module 'fastify' {
  interface FastifyInstance {
    routeTable: RouteRow[];
  }
}

export const routeTable = (app: FastifyInstance): void => {
  const rows: { methods: string[]; route: { url: string; config?: { access?: Access }; schema?: { hide?: boolean } } }[] = [];
  app.addHook('onRoute', (route) => {
    // Kept by reference: plugins' routes get their access from a hook that runs after this one.
    rows.push({ methods: [route.method].flat(), route });
  });
  app.decorate('routeTable', {
    getter: () =>
      rows.flatMap(({ methods, route }) =>
        methods.map((method) => ({ method, url: route.url, access: route.config?.access ?? null, hidden: route.schema?.hide === true })),
      ),
  });
  app.addHook('onReady', async () => {
    const silent = app.routeTable.find(({ access }) => access === null);
    if (silent) throw new Error(`${silent.method} ${silent.url} does not say what access it asks for`);
  });
};

/** `/tasks/:task` answers `/tasks/abc`. The catch-all of the pages is nobody's path. */
export const methodsAt = (rows: readonly RouteRow[], path: string): string[] => {
  const segments = path.split('/');
  const fits = (url: string): boolean => {
    const wanted = url.split('/');
    return (
      !url.includes('*') &&
      wanted.length === segments.length &&
      wanted.every((part, i) => (part.startsWith(':') ? segments[i] !== '' : part === segments[i]))
    );
  };
  return [...new Set(rows.filter(({ url }) => fits(url)).map(({ method }) => method))].toSorted();
};
