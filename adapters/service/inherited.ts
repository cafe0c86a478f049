/** Listening sockets handed over at our start (sd_listen_fds(3)): numbers from 3 on, meant for this very process and no child of it. */

const FIRST = 3;
const MOST = 8;

export const inheritedSockets = (env: Readonly<Record<string, string | undefined>>, pid: number): number[] => {
  const count = Number(env['LISTEN_FDS']);
  if (env['LISTEN_PID'] !== String(pid) || !Number.isInteger(count) || count < 1 || count > MOST) return [];
  return Array.from({ length: count }, (_, i) => FIRST + i);
};
