/** One Chromium for a test file, and pages in it that fail the test on a script error or a refused style. */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const places = [
  process.env['CCM_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Null when there is none on this machine. */
const chromiumPath = (): string | null => places.find((place): place is string => place !== undefined && existsSync(place)) ?? null;

export const launchChromium = async (): Promise<Browser> => {
  const path = chromiumPath();
  if (path === null) throw new Error('No Chromium found: install it (Debian: apt install chromium) or name it in CCM_CHROMIUM');
  return chromium.launch({ executablePath: path, args });
};

export type Watched = {
  page: Page /** Errors of scripts and of the content policy so far. */;
  errors: string[];
  close: () => Promise<void>;
};

export const openPage = async (browser: Browser, options: BrowserContextOptions = {}): Promise<Watched> => {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    // A daemon that is away makes the browser itself write such lines.
    if (message.type() === 'error' && !/ERR_CONNECTION|Failed to load resource|WebSocket connection/.test(message.text()))
      errors.push(message.text());
  });
  return { page, errors, close: () => context.close() };
};
