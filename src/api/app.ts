/** Builds the HTTP interface from its parts. Never listens: `src/daemon.ts` does, tests use `inject`. */
import { type FastifyInstance, fastify } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Idempotency } from '../ports/records.ts';
import type { Log } from '../ports/system.ts';
import { gate } from './auth/gate.ts';
import { agentBehind, refuseAgents } from './auth/own-window.ts';
import { type AuditDeps, audit } from './http/audit.ts';
import { badConnection } from './http/bad-connection.ts';
import { describeApi, serveDocs } from './http/docs.ts';
import { hangUp } from './http/hang-up.ts';
import { idempotency } from './http/idempotency.ts';
import { bodyLimit, jsonBody } from './http/json-body.ts';
import { defaultLimits, type Limits, rateLimits } from './http/limits.ts';
import { noRoute } from './http/no-route.ts';
import { pages } from './http/pages.ts';
import { handleErrors, sendProblem } from './http/problem.ts';
import { routeTable } from './http/route-table.ts';
import { securityHeaders } from './http/security-headers.ts';
import { slowReaders } from './http/slow-readers.ts';
import { refuseWhileHeld } from './http/while-held.ts';
import { actorRoutes } from './routes/actors.ts';
import { agentRoutes } from './routes/agents.ts';
import { auditRoutes } from './routes/audit.ts';
import { authRoutes } from './routes/auth.ts';
import { chartRoutes } from './routes/charts.ts';
import type { RouteDeps } from './routes/deps.ts';
import { healthRoutes } from './routes/health.ts';
import { hookRoutes } from './routes/hooks.ts';
import { inboxRoutes } from './routes/inbox.ts';
import { projectRoutes } from './routes/projects.ts';
import { recordingRoutes } from './routes/recordings.ts';
import { reportRoutes } from './routes/report.ts';
import { secretRoutes } from './routes/secrets.ts';
import { syncRoutes } from './routes/sync.ts';
import { systemRoutes } from './routes/system.ts';
import { taskWorkRoutes } from './routes/task-work.ts';
import { taskRoutes } from './routes/tasks.ts';
import { usageRoutes } from './routes/usage.ts';
import { eventRoutes } from './streams/events.ts';
import { openStreams } from './streams/open-streams.ts';
import { acceptSockets, socketRoute } from './streams/socket.ts';

export type AppOptions = Omit<RouteDeps, 'origin'> & {
  idempotency: Idempotency;
  audit: Pick<AuditDeps, 'book' | 'commit'>;
  log: Pick<Log, 'error'>;
  /** The port we listen on, once we do; it is part of what Host and Origin are checked against. */
  port: () => number;
  limits?: Partial<Limits> | undefined;
  /** Until this resolves, requests wait: what happened while we were away is heard before anything new. */
  opened?: Promise<void> | undefined;
};

/** Streams (WebSocket and SSE together) open at once. */
const maxStreams = 256;
const sweepMs = 15_000;

export const createApp = async (options: AppOptions): Promise<FastifyInstance> => {
  const { config, clock, desk, port, webRoot } = options;
  const app = fastify({
    // What must be said goes to our own log, once; Fastify's would write every request, with its query.
    logger: false,
    bodyLimit,
    requestTimeout: 30_000,
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 5_000, maxHeaderSize: 16 * 1024 },
    keepAliveTimeout: 30_000,
    forceCloseConnections: 'idle',
    // Whoever still comes in over an open connection is answered, and told that it ends with the answer.
    return503OnClosing: false,
    exposeHeadRoutes: false,
    clientErrorHandler: badConnection,
    frameworkErrors: (error, request, reply) => void sendProblem(request, reply, { code: 'CCM_BAD_INPUT', detail: `${error.message}.` }),
    routerOptions: { maxParamLength: 300 },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);

  // The order is the order in which a request meets them.
  routeTable(app);
  handleErrors(app, options.log);
  hangUp(app, clock);
  await acceptSockets(app, clock);
  await securityHeaders(app);
  gate(app, { desk, rules: () => ({ port: port(), allowedHosts: config.allowedHosts }) });
  await rateLimits(app, { ...defaultLimits, ...options.limits });
  app.addHook('onRequest', async ({ url }) => (['/healthz', '/readyz'].includes(url) ? undefined : options.opened));
  const behind = agentBehind(options);
  const book = audit(app, { ...options.audit, clock, log: options.log });
  refuseAgents(app, behind);
  slowReaders(app, clock);
  refuseWhileHeld(app, clock, options.runtime);
  jsonBody(app);
  idempotency(app, { store: options.idempotency, clock, log: options.log });
  await describeApi(app, options.version);

  const streams = openStreams(maxStreams);
  const deps: RouteDeps = { ...options, origin: () => `http://127.0.0.1:${port()}` };
  healthRoutes(app, deps);
  await app.register(
    async (scope) => {
      const api = scope.withTypeProvider<ZodTypeProvider>();
      scope.addHook('onSend', async (_request, reply) => void reply.header('cache-control', 'no-store'));
      authRoutes(api, deps);
      secretRoutes(api, deps);
      auditRoutes(api, { book: options.audit.book });
      systemRoutes(api, deps);
      projectRoutes(api, deps);
      taskRoutes(api, deps);
      taskWorkRoutes(api, deps);
      agentRoutes(api, deps);
      inboxRoutes(api, deps);
      usageRoutes(api, deps);
      actorRoutes(api, deps);
      chartRoutes(api, deps);
      recordingRoutes(api, deps);
      reportRoutes(api, deps);
      syncRoutes(api, deps);
      hookRoutes(api, deps);
      eventRoutes(api, { ...deps, streams });
    },
    { prefix: '/api/v1' },
  );
  socketRoute(app, { ...deps, streams, behind, refused: book.refused });
  await serveDocs(app);
  noRoute(app, await pages(app, webRoot));

  let cancel = (): void => undefined;
  const sweep = (): void => {
    streams.sweep((token) => desk.isValid(token));
    cancel = clock.after(sweepMs, sweep);
  };
  cancel = clock.after(sweepMs, sweep);
  app.addHook('preClose', async () => {
    cancel();
    streams.endAll();
  });
  return app;
};
