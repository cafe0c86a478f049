/** `/openapi.json` and `/docs`: the interface describing itself. Open: it tells nothing about this home. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { Access } from '../auth/principal.ts';

const needs: Readonly<Record<Access, string>> = {
  open: 'Needs no token.',
  read: 'Needs the scope `read`.',
  act: 'Needs the scope `act`.',
  admin: 'Needs the scope `admin`.',
  report: 'Needs the token of an agent.',
};

/** Before the routes: it hears of each as it is added. */
export const describeApi = async (app: FastifyInstance, version: string): Promise<void> => {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'CCM Orchestrator',
        version,
        description:
          'Supervises AI coding agents on this machine. Success is `{data, meta}`, trouble an RFC 9457 document with a `CCM_…` code. Times are milliseconds since 1970. Every POST and DELETE takes an `Idempotency-Key`; with `?dry_run=true`, where it is offered, a command tells its consequence and does nothing.',
        license: { name: 'MIT' },
      },
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'A token: `ccm token add`, or `<home>/token`.' } },
      },
      security: [{ bearer: [] }],
    },
    transform: (route) => {
      const told = jsonSchemaTransform(route);
      const access = route.route.config?.access;
      if (told.schema && access) told.schema = { ...told.schema, description: needs[access] };
      return told;
    },
    transformObject: jsonSchemaTransformObject,
  });
};

/** After the routes. */
export const serveDocs = async (app: FastifyInstance): Promise<void> => {
  app.get('/openapi.json', { config: { access: 'open' }, schema: { hide: true } }, () => app.swagger());
  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'open' };
    });
    await scope.register(swaggerUi, { routePrefix: '/docs', uiConfig: { docExpansion: 'none', deepLinking: true } });
  });
};
