/** Where the supervisor keeps what belongs to one start of one agent. Names hold ids and numbers only. */
import { join } from 'node:path';

export type Launch = { agent: string; launch: number };

/** The terminal's key of a start, and back. Null for a key that is not ours. */
export const keyOf = ({ agent, launch }: Launch): string => `${agent}:${launch}`;
export const launchOf = (key: string): Launch | null => {
  const match = /^([\w-]{1,128}):(\d{1,9})$/u.exec(key);
  return match?.[1] && match[2] ? { agent: match[1], launch: Number(match[2]) } : null;
};

export const places = (home: string) => ({
  worktrees: (project: string) => join(home, 'worktrees', project),
  bin: join(home, 'bin'),
  wrapper: join(home, 'bin', 'run-agent.sh'),
  exits: join(home, 'exits'),
  /** `{code, signal, endedAt}`, written by the wrapper when the program ended. */
  exit: ({ agent, launch }: Launch) => join(home, 'exits', `${agent}-${launch}.json`),
  screens: join(home, 'screens'),
  /** The last screen and its history, plain text. */
  screen: ({ agent, launch }: Launch) => join(home, 'screens', `${agent}-${launch}.txt`),
  /** Prompt files and the like. */
  launch: ({ agent, launch }: Launch) => join(home, 'launches', `${agent}-${launch}`),
  /** What a program keeps of a conversation: its own configuration and files, for every start that continues it. */
  conversation: (id: string) => join(home, 'conversations', id),
  spool: join(home, 'spool'),
});
export type Places = ReturnType<typeof places>;
