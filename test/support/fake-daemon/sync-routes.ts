/** A machine without a hub, and one machine that it knows all the same. */
import { z } from 'zod';
import * as contract from '../../../src/api/contract/index.ts';
import { noHub } from '../no-hub.ts';
import type { Route } from './call.ts';

const signedIn: contract.SignedInView = { needs: null, email: 'ada@example.org', strong: false };
const workshop: contract.System = {
  id: '0198a000-0000-7000-8000-000000000001',
  short: 'w0rk5',
  name: 'workshop',
  here: false,
  os: 'linux',
  version: '0.1.0',
  agents: ['claude'],
  load: 0.2,
  running: 1,
  lastSeen: null,
  projects: [],
};
const moved = { data: { task: 't', system: 'workshop', op: null }, schema: contract.moved };

export const syncRoutes: readonly Route[] = [
  ['GET /sync', () => ({ data: noHub, schema: contract.syncStatus })],
  ['GET /sync/outbox', () => ({ data: [], schema: z.array(contract.syncOp) })],
  ['GET /sync/systems', () => ({ data: [workshop], schema: z.array(contract.system) })],
  ['GET /sync/whoami', () => ({ data: signedIn, schema: contract.signedIn })],
  ['POST /sync/factor', () => ({ data: { factor: 'f', secret: 'S', uri: 'otpauth://totp/x' }, schema: contract.enrolment })],
  ['POST /sync/factor/confirm', () => ({ data: signedIn, schema: contract.signedIn })],
  ['POST /sync/login', () => ({ data: signedIn, schema: contract.signedIn })],
  ['POST /sync/tasks/:t/handoff', () => moved],
  ['POST /sync/tasks/:t/reassign', () => moved],
  [
    'DELETE /sync/outbox/:op',
    () => ({ data: { id: 'x', cancelled: true as const }, schema: z.object({ id: z.string(), cancelled: z.literal(true) }) }),
  ],
  ...(['now', 'pause', 'resume', 'disable', 'logout'] as const).map(
    (verb): Route => [`POST /sync/${verb}`, () => ({ data: noHub, schema: contract.syncStatus })],
  ),
];
