/** Goes through places of the page without loading it anew, and notes what may be pressed there and what each button says of itself. */
import type { Page } from 'playwright-core';

export type Place = {
  path: string;
  heading: string;
  /** Labels of the buttons to rest on. */
  rest: readonly string[];
  /** Ends of addresses whose answers belong to the picture. */
  asks: readonly string[];
  /** Where the buttons are; its fields are filled in. */
  group: string;
  /** Where a button's consequence is told. */
  sentence: string;
};
export type Told = { label: string; words: string; transitions: string[]; lit: string[] };
/** `buttons`: labels of those that can be pressed, sorted. */
export type Seen = { buttons: string[]; told: Told[] };

/** Not commands of a chart: what is done with the work, and the way to the rest. */
const deeds = ['Fork', 'Merge', 'Open pull request', 'Remove worktree', 'More ▾'];

/** Runs before the page: notes answers, and makes resting on a button long enough at once. */
const spy = (token: string): string => `
  localStorage.setItem('ccm.token', ${JSON.stringify(token)});
  globalThis.later = globalThis.setTimeout;
  globalThis.setTimeout = (work, ms, ...rest) => later(work, ms === 120 ? 0 : ms, ...rest);
  const ask = globalThis.fetch;
  globalThis.answers = [];
  globalThis.fetch = async (url, ...rest) => {
    const reply = await ask(url, ...rest);
    const body = await reply.clone().text();
    globalThis.answers.push({ url: String(url), body });
    // Nothing more to wait for: whoever asked goes on before the next frame.
    return new Response(reply.status === 204 ? null : body, { status: reply.status, headers: reply.headers });
  };
`;

/** In the page. */
const walk = `async ({ places, deeds }) => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const soon = () => new Promise((done) => later(done, 3));
  const until = async (what, find) => {
    for (const end = Date.now() + 20000; Date.now() < end; await soon()) {
      const found = find();
      if (found) return found;
    }
    throw new Error('waited in vain for ' + what);
  };
  const seen = [];
  for (const { path, heading, rest, asks, group, sentence } of places) {
    answers.length = 0;
    history.pushState(null, '', path);
    dispatchEvent(new PopStateEvent('popstate'));
    await until(heading, () => document.querySelector('h1')?.textContent === heading);
    for (const end of asks) await until(end, () => answers.some(({ url }) => url.endsWith(end)));
    // An answer is drawn by the second frame after it.
    await frame();
    await frame();
    const buttons = () => [...document.querySelectorAll(group + ' button')].filter((one) => !one.disabled && !deeds.includes(one.textContent.trim()));
    for (const field of document.querySelectorAll(group + ' input')) {
      field.value = 'yes';
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }
    await frame();
    const told = [];
    for (const label of rest) {
      await until(label + ' on ' + path, () => buttons().some((one) => one.textContent.trim() === label));
      const find = () => buttons().find((one) => one.textContent.trim() === label);
      if (find().offsetParent === null) document.querySelector('[aria-controls="more-list"]').click();
      await until(label + ' to be seen', () => find().offsetParent !== null);
      answers.length = 0;
      find().focus();
      const reply = await until('an answer to ' + label, () => answers.find(({ url }) => url.includes('dry_run')));
      const { data } = JSON.parse(reply.body);
      const place = () => document.querySelector(sentence)?.textContent ?? '';
      await until(data.consequence + ' on ' + path, () => place().includes(data.consequence));
      const lit = [...document.querySelectorAll('.sc [data-edges].ghost')].map((one) => one.getAttribute('data-edges'));
      told.push({ label, words: place(), transitions: data.transitions, lit });
      document.activeElement.blur();
    }
    seen.push({ buttons: buttons().map((one) => one.textContent.trim()).sort(), told });
  }
  return seen;
}`;

/** Opens the page. @returns what goes through places, again and again. */
export const beginWalk = async (page: Page, url: string, token: string): Promise<(places: readonly Place[]) => Promise<Seen[]>> => {
  await page.addInitScript(spy(token));
  await page.goto(url);
  await page.getByText('live', { exact: true }).waitFor();
  return (places) => page.evaluate(`(${walk})(${JSON.stringify({ places, deeds })})`);
};

export const walkPages = async (page: Page, url: string, token: string, places: readonly Place[]): Promise<Seen[]> =>
  (await beginWalk(page, url, token))(places);
