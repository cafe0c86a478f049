/** A person's home folder with their own configuration of an agent program: a memory, a skill, a tool server. */
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Words that a model hears of only where that configuration is used. */
export const theirWords = { memory: 'the zebra of mine is blue', skill: 'a skill of mine about zebras', tool: 'my_own_tool' };

export const ownServer = { command: process.execPath, args: [new URL('own-server.ts', import.meta.url).pathname] };

export const ownSkill = `---\nname: mine\ndescription: ${theirWords.skill}\n---\nBe kind to zebras.\n`;

/** How one program is configured by its user. */
export type OwnConfiguration = {
  /** Paths below the home folder, and what they hold. */
  files: (stubUrl: string) => Readonly<Record<string, string>>;
  /** config.toml of ours, with `config = "own"`; `home` is the person's. */
  config: (stubUrl: string, home: string) => string;
  /** The program's question whether a folder is trusted, and the answer that says yes; null: it is told what the person said of the project. */
  trust: { asks: RegExp; yes: RegExp } | null;
  /** Files (below the home folder) in which the program keeps a record of its own, wherever it is started. */
  itsRecord?: RegExp;
};

export const makeHome = (files: Readonly<Record<string, string>>): string => {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'ccm-person-')));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), content);
  }
  return home;
};

/** Every file below a home folder with the hash of what it holds, but those of `besides`. */
export const picture = (home: string, besides: RegExp = /^(?!)/u): Record<string, string> =>
  Object.fromEntries(
    globSync('**/{.,}*', { cwd: home })
      .filter((path) => !besides.test(path) && statSync(join(home, path)).isFile())
      .toSorted()
      .map((path) => [
        path,
        createHash('sha256')
          .update(readFileSync(join(home, path)))
          .digest('hex'),
      ]),
  );
