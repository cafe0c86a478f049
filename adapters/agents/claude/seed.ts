/**
 * What Claude Code must find in its private `.claude.json` so that none of its first-run questions is shown: each would wait for ever, and the
 * default answer of most is to leave. The program rewrites the file; ours is laid over what it holds.
 */
import type { Json, LaunchRequest } from '../../../src/ports/agents.ts';

export const seed = ({ realDir, workspace, env }: LaunchRequest): { readonly [key: string]: Json } => {
  const key = env['ANTHROPIC_API_KEY'];
  const trusted = { hasTrustDialogAccepted: true };
  return {
    // Theme and login, and a probe of the vendor's host that ends the program where there is no network.
    hasCompletedOnboarding: true,
    // The dialog asks for the folder; whether the project's own settings count is decided by --setting-sources.
    projects: { [workspace.dir]: trusted, [realDir]: trusted },
    // It recognises a key by its end.
    ...(key ? { customApiKeyResponses: { approved: [key.slice(-20)], rejected: [] } } : {}),
  };
};
