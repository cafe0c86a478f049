/** An agent's environment: from nothing, plus what it needs to be a program of this user, plus what makes it an agent of ours. */
import { delimiter } from 'node:path';

const allowed = new Set(['HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'TZ', 'SSH_AUTH_SOCK', 'TMPDIR']);
const isAllowed = (name: string): boolean => allowed.has(name) || name.startsWith('LC_') || name.startsWith('XDG_');

const fallbackPath = '/usr/local/bin:/usr/bin:/bin';

type Parts = {
  /** What may be inherited from; `PATH` is the login PATH. */
  from: Readonly<Record<string, string | undefined>>;
  /** Folder of our shims, first in PATH. */
  bin: string;
  driver: Readonly<Record<string, string>>;
  profile: Readonly<Record<string, string>>;
  agent: string;
  task: string;
  hookUrl: string;
  token: string;
};

/** Later groups win: inherited, driver, profile, ours. A profile may lengthen PATH, but our shims stay first. */
export const agentEnvironment = ({ from, bin, driver, profile, agent, task, hookUrl, token }: Parts): Record<string, string> => {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(from)) {
    if (value !== undefined && isAllowed(name)) env[name] = value;
  }
  const path = profile['PATH'] ?? driver['PATH'] ?? from['PATH'] ?? fallbackPath;
  return {
    ...env,
    ...driver,
    ...profile,
    PATH: [bin, ...path.split(delimiter).filter((folder) => folder !== '' && folder !== bin)].join(delimiter),
    CCM_AGENT_ID: agent,
    CCM_TASK_ID: task,
    CCM_HOOK_URL: hookUrl,
    CCM_HOOK_TOKEN: token,
    ...(from['CCM_HOME'] ? { CCM_HOME: from['CCM_HOME'] } : {}),
  };
};
