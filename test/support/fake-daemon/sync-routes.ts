/** A machine without a hub, and one machine that it knows all the same. */
import { z } from 'zod';
import * as contract from '../../../src/api/contract/index.ts';
import { noHub } from '../no-hub.ts';
import type { Route } from './call.ts';

const signedIn: contract.SignedInView = { needs: null, email: 'ada@example.org', strong: false };
const moved = { data: { task: 't', system: 'workshop', op: null }, schema: contract.moved };

export const syncRoutes: readonly Route[] = [
  ['GET /sync', () => ({ data: noHub, schema: contract.syncStatus })],
  ['GET /sync/outbox', () => ({ data: [], schema: z.array(contract.syncOp) })],
  ['GET /sync/systems', () => ({ data: [], schema: z.array(contract.system) })],
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
