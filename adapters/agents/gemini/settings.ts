/** What Gemini CLI must find in the home it is given, so that no first-run question is shown and every hook points at us. */
import { join } from 'node:path';
import type { Json, LaunchRequest, PlanFile } from '../../../src/ports/agents.ts';
import type { AuthType } from './access.ts';

/** Milliseconds: each is answered at once, or spooled by the command itself. */
const PATIENCE_MS = 20_000;

/** SessionEnd comes up to three times and says nothing that its exit does not. */
const events = ['SessionStart', 'BeforeAgent', 'BeforeTool', 'AfterTool', 'Notification', 'AfterAgent'];

type Settings = { readonly [key: string]: Json };

/** What holds whoever's settings are used. A null `auth` leaves the way to sign in to those, `telemetry` what is told to its maker. */
export const forcedSettings = (auth: AuthType | null, telemetry: boolean): Settings => ({
  security: { ...(auth === null ? {} : { auth: { selectedType: auth } }), folderTrust: { enabled: true } },
  general: {
    ...(telemetry ? {} : { enableAutoUpdate: false, enableAutoUpdateNotification: false }),
    // A conversation may be continued after any time.
    sessionRetention: { enabled: false },
  },
  ...(telemetry ? {} : { privacy: { usageStatisticsEnabled: false }, telemetry: { enabled: false } }),
  ide: { enabled: false },
  ui: {
    hideTips: true,
    hideBanner: true,
    dynamicWindowTitle: true,
    // Else it goes on trying for ever behind a spinner, and says nothing of limits and outages.
    errorVerbosity: 'full',
  },
});

/**
 * Said to it in every case. Its own question would come after it has drawn an empty prompt, and a message that is on its way then would be the answer.
 */
export const trustFile = ({ trusted, realDir, workspace }: LaunchRequest): Settings => {
  const trust = trusted ? 'TRUST_FOLDER' : 'DO_NOT_TRUST';
  return { [workspace.dir]: trust, [realDir]: trust };
};

export const hookFiles = (home: string, { hooks }: LaunchRequest): PlanFile[] => {
  const inside = (...path: string[]): string => join(home, '.gemini/extensions/ccm', ...path);
  const call = { type: 'command', command: `${hooks.command} gemini`, timeout: PATIENCE_MS };
  const hookFile = { hooks: Object.fromEntries(events.map((name) => [name, [{ hooks: [{ name: `ccm-${name}`, ...call }] }]])) };
  return [
    { path: inside('gemini-extension.json'), content: `${JSON.stringify({ name: 'ccm', version: '1.0.0' })}\n` },
    { path: inside('hooks', 'hooks.json'), content: `${JSON.stringify(hookFile, null, 1)}\n` },
  ];
};

export const privateFiles = (home: string, auth: AuthType | null, request: LaunchRequest): PlanFile[] => [
  { path: join(home, '.gemini/settings.json'), merge: forcedSettings(auth, request.telemetry) },
  { path: join(home, '.gemini/trustedFolders.json'), merge: trustFile(request) },
  ...hookFiles(home, request),
];
