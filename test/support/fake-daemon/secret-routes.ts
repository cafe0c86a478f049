/** Secrets of the played house: two are stored, one of them is used, a third is missing. */
import { z } from 'zod';
import * as contract from '../../../src/api/contract/index.ts';
import type { Route } from './call.ts';
import { anId, noon } from './samples.ts';

const auditRow = { id: 3, at: noon, by: 'cli', channel: 'cli', what: 'POST /tasks', outcome: 'ok', inside: null, count: 1 };

export const secretRoutes: readonly Route[] = [
  [
    'GET /audit',
    () => ({
      data: [
        auditRow,
        { ...auditRow, id: 2, what: 'POST /approvals/0195a000/approve', outcome: 'CCM_FORBIDDEN', inside: anId() },
        { ...auditRow, id: 1, by: 'nobody', channel: 'none', what: 'GET /tasks', outcome: 'CCM_UNAUTHORIZED', count: 214 },
      ],
      schema: z.array(contract.auditRow),
    }),
  ],
  [
    'GET /secrets',
    () => ({
      data: {
        place: 'file',
        settled: true,
        where: '/home/me/.ccm/secrets/vault.json',
        problem: null,
        passedOver: 'The keychain could not be used: Cannot autolaunch D-Bus without X11 $DISPLAY.',
        secrets: [
          { name: 'anthropic', usedBy: ['claude', 'reviewer'], missing: false },
          { name: 'hub.session', usedBy: [], missing: false },
          { name: 'openai', usedBy: ['codex'], missing: true },
        ],
      },
      schema: contract.secretList,
    }),
  ],
  [
    'POST /secrets',
    ({ body }) => ({ data: { name: contract.setSecret.parse(body).name, stored: true, place: 'file' }, schema: contract.secretStored }),
  ],
  ['DELETE /secrets/:secret', (_call, name = '') => ({ data: { name, removed: true }, schema: contract.secretRemoved })],
  ['POST /secrets/rotate', () => ({ data: { rekeyed: true, entries: 2, cli: true }, schema: contract.rotated })],
  ['POST /secrets/place', ({ body }) => ({ data: { place: contract.movePlace.parse(body).place, moved: 2 }, schema: contract.placeMoved })],
];
