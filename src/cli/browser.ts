/** Opens the browser, where there is one to open. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Cli } from './cli.ts';

/** Why the browser is not opened by itself, or null when it is. */
export const browserReason = ({ env, platform, json, stdout }: Cli): string | null => {
  if (json || !stdout.isTTY) return 'no terminal';
  if (env.SSH_CONNECTION || env.SSH_TTY) return 'over SSH';
  if (env.CI) return 'in CI';
  if (env.BROWSER === 'none') return 'BROWSER=none';
  if (platform !== 'darwin' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return 'no display';
  return null;
};

/** The link carries a key, and every user of the machine can read command lines: so the browser gets a private file that leads on. */
export const openBrowser = (cli: Cli, url: string): void => {
  const page = join(cli.home.root, 'open.html');
  writeFileSync(
    page,
    `<!doctype html><meta charset="utf-8"><title>CCM</title><script>location.replace(${JSON.stringify(url)})</script>\n`,
    { mode: 0o600 },
  );
  const child = spawn(cli.platform === 'darwin' ? 'open' : 'xdg-open', [pathToFileURL(page).href], { detached: true, stdio: 'ignore' });
  child.on('error', () => cli.note('The browser could not be opened; open the link yourself.'));
  child.unref();
};
