import type { Link } from '../../api/contract/index.ts';
import { browserReason, openBrowser } from '../browser.ts';
import { exits } from '../exit.ts';
import type { Run } from '../spec.ts';
import { tunnelLine } from '../ssh.ts';

export const run: Run = async (cli, input) => {
  const reply = await cli.api.post<Link>('/auth/link', { body: {} });
  cli.show(reply, () => [reply.data.url]);
  const tunnel = tunnelLine(cli.env, reply.data.url);
  if (tunnel) cli.note(tunnel);
  if (input.flag('open') && browserReason(cli) === null) openBrowser(cli, reply.data.url);
  return exits.ok;
};
