import type { Link } from '../../api/contract/index.ts';
import { CcmError } from '../../errors.ts';
import { browserReason, openBrowser } from '../browser.ts';
import type { Cli } from '../cli.ts';
import { awaitDaemon, runningDaemon, startDetached } from '../daemon-process.ts';
import { exits } from '../exit.ts';
import { runForeground } from '../foreground.ts';
import { installedService, sure } from '../service.ts';
import type { Run } from '../spec.ts';
import { tunnelLine } from '../ssh.ts';
import { takeOver } from '../take-over.ts';

export const run: Run = async (cli, input) => {
  const port = input.number('port', 1, 65_535);
  const wantsBrowser = input.flag('open');
  // With the door in our hands the one that answers is the one whose place we take.
  const running = cli.env.CCM_DOORS ? null : await runningDaemon(cli);
  if (input.flag('takeover')) {
    const pid = await takeOver(cli, running);
    if (pid !== null) return tellLink(cli, wantsBrowser, `The daemon that runs now is process ${pid}; agents went on.`);
  } else if (running) return tellLink(cli, wantsBrowser, `The daemon runs already (process ${running.pid}).`);
  // The service itself says `up`, and so does a start in the background: both are marked.
  const installed = cli.env.CCM_DETACHED === '1' ? null : await installedService(cli);
  if (installed) {
    sure(await installed.service.start());
    if (port !== undefined) cli.note('--port was not heeded: the service listens where `ccm service install` told it to.');
    return tellLink(cli, wantsBrowser, `The daemon runs as ${installed.facts.name}; \`ccm down\` stops it.`);
  }
  if (input.flag('detach')) {
    const started = await startDetached(cli, port);
    return tellLink(cli, wantsBrowser, `The daemon runs in the background (process ${started.pid}); \`ccm down\` stops it.`);
  }
  try {
    return await runForeground(cli, { port, wantsBrowser });
  } catch (thrown) {
    // Two starts at the same time: the other one has the home and is on its way up.
    const other = thrown instanceof CcmError && thrown.code === 'CCM_HOME_LOCKED' ? await awaitDaemon(cli) : null;
    if (!other) throw thrown;
    return tellLink(cli, wantsBrowser, `The daemon runs already (process ${other.pid}).`);
  }
};

const tellLink = async (cli: Cli, wantsBrowser: boolean, sentence: string): Promise<number> => {
  // What a start in the background says stands in a log, where no key belongs.
  if (cli.env.CCM_DETACHED === '1') {
    cli.show({ data: {} }, () => [sentence]);
    return exits.ok;
  }
  const reply = await cli.api.post<Link>('/auth/link', { body: {} });
  const { url } = reply.data;
  cli.show(reply, () => [sentence, `Open it: ${url}`]);
  const tunnel = tunnelLine(cli.env, url);
  if (tunnel) cli.note(tunnel);
  if (wantsBrowser && browserReason(cli) === null) openBrowser(cli, url);
  return exits.ok;
};
