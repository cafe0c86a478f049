/** `ccm up` in the foreground: the daemon in this very process, until Ctrl-C. */
import { existsSync, fstatSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import type { Daemon } from '../daemon/daemon-options.ts';
import { browserReason, openBrowser } from './browser.ts';
import { ccmOfClone } from './ccm-of-clone.ts';
import type { Cli } from './cli.ts';
import { agentsGoOn } from './daemon-process.ts';
import { exits } from './exit.ts';
import { inheritance } from './heir.ts';
import { onKeys } from './screen.ts';
import { tunnelLine } from './ssh.ts';
import { pairs } from './table.ts';

export const runForeground = async (
  cli: Cli,
  { port, wantsBrowser }: { port: number | undefined; wantsBrowser: boolean },
): Promise<number> => {
  // From the first moment on: a Ctrl-C while it starts shall not cut it off in the middle either.
  const ending = Promise.withResolvers<void>();
  const ask = (): void => ending.resolve();
  process.once('SIGINT', ask);
  process.once('SIGTERM', ask);
  process.once('SIGHUP', ask);

  // A daemon is idle most of the time: small heap pages cost it little and keep some fifty megabytes from being held for bursts.
  // They must be set before its code is loaded.
  for (const flag of ['--optimize-for-size', '--max-semi-space-size=1']) setFlagsFromString(flag);
  // Only here is the daemon's code loaded: every other command does without it.
  const { startDaemon } = await import('../daemon.ts');
  const journal = isJournal(cli);
  const daemon = await startDaemon({
    home: cli.home.root,
    port,
    foreground: true,
    log: cli.home.daemonLog,
    journal,
    ...inheritance(process.env, process),
  });
  // Written at a good end by itself. A daemon that is killed has none, and the next start, the one that is waited for, would compile it all again.
  flushCompileCache();
  const quiet = cli.env.CCM_DETACHED === '1' || journal;
  if (!quiet) await greet(cli, daemon, wantsBrowser);

  const keys = quiet ? null : onKeys(cli, (key) => pressed(key));
  // Somebody else may end it: `ccm down`, `ccm up --takeover`, or whoever takes the whole home away.
  void daemon.left.then(ask);
  const watch = setInterval(() => {
    if (!existsSync(cli.home.run)) ask();
  }, 500);
  const leaving = new AbortController();
  if (daemon.firstRun && !quiet) void showFirstTask(cli, leaving.signal);
  await ending.promise;
  leaving.abort();
  clearInterval(watch);
  keys?.stop();
  // A second Ctrl-C does not wait.
  process.once('SIGINT', () => process.exit(130));
  await daemon.stop();
  const heir = await daemon.left;
  if (!quiet) for (const line of heir ? [`Process ${heir} took over.`] : ['Stopped the daemon.', ...agentsGoOn]) cli.say(line);
  // Everything is written. What a library left running (the hub's client waits ten seconds after it hung up) must not keep the process.
  setTimeout(() => process.exit(), 100).unref();
  return exits.ok;

  function pressed(key: string): void {
    if (key === 'q' || key === '\u0003') return ask();
    if (key !== 'o') return;
    daemon.link().then(
      (url) => openBrowser(cli, url),
      () => cli.note('No link could be made; see `ccm logs --daemon`.'),
    );
  }
};

/** systemd keeps what we write: the link holds a key, and no secret goes into a log. */
const isJournal = ({ env }: Cli): boolean => {
  if (!env.JOURNAL_STREAM) return false;
  const { dev, ino } = fstatSync(2);
  return env.JOURNAL_STREAM === `${dev}:${ino}`;
};

const greet = async (cli: Cli, daemon: Daemon, wantsBrowser: boolean): Promise<void> => {
  const url = await daemon.link();
  const reason = wantsBrowser ? browserReason(cli) : 'not asked for';
  const clone = ccmOfClone(cli.env);
  cli.show({ data: { url, home: cli.home.root, pid: process.pid } }, () => [
    cli.paint.bold('CCM Orchestrator runs.'),
    ...pairs(
      [
        ['  open', { text: url, paint: cli.paint.cyan }],
        ['  home', cli.home.root],
        ['  ccm', clone && `here it is \`${clone}\``],
        ['  keys', cli.live && process.stdin.isTTY ? 'o opens the browser, q or Ctrl-C quits (agents go on)' : null],
      ],
      // The link must stay one line to be clicked and copied.
      Math.max(cli.columns(), 200),
      cli.paint.dim,
    ),
  ]);
  const tunnel = tunnelLine(cli.env, url);
  if (tunnel) cli.note(tunnel);
  if (reason === null) openBrowser(cli, url);
};

/** In a new home the daemon has made a demo task: its result is shown once, here. */
const showFirstTask = async (cli: Cli, signal: AbortSignal): Promise<void> => {
  const { followFirstTask } = await import('./first-task.ts');
  await followFirstTask(cli, signal).catch(() => cli.note('The demo task could not be followed; `ccm ls` shows it.'));
};
