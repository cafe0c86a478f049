/** Over SSH the daemon's address means another machine: how to bring it here. */
import type { Env } from './env.ts';

/** The line to run on the person's own machine, or null without SSH. */
export const tunnelLine = (env: Env, url: string): string | null => {
  if (!env.SSH_CONNECTION) return null;
  const [, , host = 'HOST', sshPort = '22'] = env.SSH_CONNECTION.split(' ');
  const { port } = new URL(url);
  const target = `${env.USER ?? env.LOGNAME ?? 'USER'}@${host}`;
  return `Over SSH: run \`ssh -N -L ${port}:127.0.0.1:${port}${sshPort === '22' ? '' : ` -p ${sshPort}`} ${target}\` on your machine, then open the link there.`;
};
