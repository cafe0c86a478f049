/** What Gemini CLI must find in its private home, so that no first-run question is shown and every hook points at us. The program rewrites some of it. */
import { join } from 'node:path';
import type { Json, LaunchRequest, PlanFile } from '../../../src/ports/agents.ts';
import type { AuthType } from './access.ts';

/** Milliseconds: each is answered at once, or spooled by the command itself. */
const PATIENCE_MS = 20_000;

/** SessionEnd comes up to three times and says nothing that its exit does not. */
const events = ['SessionStart', 'BeforeAgent', 'BeforeTool', 'AfterTool', 'Notification', 'AfterAgent'];

const settings = (auth: AuthType): { readonly [key: string]: Json } => ({
  security: { auth: { selectedType: auth }, folderTrust: { enabled: true } },
  general: {
    enableAutoUpdate: false,
    enableAutoUpdateNotification: false,
    // A conversation may be continued after any time.
    sessionRetention: { enabled: false },
  },
  privacy: { usageStatisticsEnabled: false },
  telemetry: { enabled: false },
  ide: { enabled: false },
  ui: {
    hideTips: true,
    hideBanner: true,
    dynamicWindowTitle: true,
    // Else it goes on trying for ever behind a spinner, and says nothing of limits and outages.
    errorVerbosity: 'full',
  },
});

export const privateFiles = (home: string, auth: AuthType, { hooks, trusted, realDir, workspace }: LaunchRequest): PlanFile[] => {
  const inside = (...path: string[]): string => join(home, '.gemini', ...path);
  const trust = trusted ? 'TRUST_FOLDER' : 'DO_NOT_TRUST';
  const call = { type: 'command', command: `${hooks.command} gemini`, timeout: PATIENCE_MS };
  const hookFile = { hooks: Object.fromEntries(events.map((name) => [name, [{ hooks: [{ name: `ccm-${name}`, ...call }] }]])) };
  return [
    { path: inside('settings.json'), merge: settings(auth) },
    { path: inside('trustedFolders.json'), merge: { [workspace.dir]: trust, [realDir]: trust } },
    { path: inside('extensions', 'ccm', 'gemini-extension.json'), content: `${JSON.stringify({ name: 'ccm', version: '1.0.0' })}\n` },
    { path: inside('extensions', 'ccm', 'hooks', 'hooks.json'), content: `${JSON.stringify(hookFile, null, 1)}\n` },
  ];
};
