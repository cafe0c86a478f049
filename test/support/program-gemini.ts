/** The real Gemini CLI of test/clis, pointed at a stub of its model API. */
import { existsSync } from 'node:fs';
import { type OwnConfiguration, ownServer, ownSkill, theirWords } from './own-configuration.ts';
import type { Program } from './program-world.ts';
import { stubGemini } from './stub-gemini.ts';

const installed = new URL('../clis/node_modules/@google/gemini-cli/bundle/gemini.js', import.meta.url).pathname;

const geminiProgram = (): string => {
  const found = [process.env['CCM_TEST_GEMINI'], installed].find((path) => path !== undefined && existsSync(path));
  if (found === undefined) throw new Error(`Gemini CLI is not installed at ${installed}: \`./run campaign\` installs it.`);
  return found;
};

export const realGemini: Program = {
  agent: 'gemini',
  stub: stubGemini,
  config: (stubUrl) =>
    [
      '[agents.gemini]',
      // A model of one's own choice spares the requests by which the program would choose one.
      `command = [${JSON.stringify(process.execPath)}, ${JSON.stringify(geminiProgram())}, "-m", "gemini-2.5-flash"]`,
      `env = { GEMINI_API_KEY = "a-dummy-key", GOOGLE_GEMINI_BASE_URL = "${stubUrl}" }`,
    ].join('\n'),
  // Errors come soon, and the words of the script may repeat themselves: settings of a project, which count where it is trusted.
  files: { '.gemini/settings.json': '{ "general": { "maxAttempts": 1 }, "model": { "disableLoopDetection": true } }' },
  dialog: { shows: /Allow execution/u, allow: ['1'] },
  answers: /^\s*✦ word word/mu,
  interruptedBy: 'transcript',
  asks: true,
  hearsWhy: false,
  errorWords: (status) => new RegExp(String(status), 'u'),
};

/** As a person has it who signs in with a key and calls one server of their own. */
export const ownGemini: OwnConfiguration = {
  files: () => ({
    '.gemini/settings.json': `{
      // Theirs, with a comment.
      "security": { "auth": { "selectedType": "gemini-api-key" } },
      "model": { "disableLoopDetection": true },
      "mcpServers": { "mine": ${JSON.stringify(ownServer)} }
    }`,
    '.gemini/GEMINI.md': `${theirWords.memory}\n`,
    '.gemini/skills/mine/SKILL.md': ownSkill,
  }),
  config: (stubUrl, home) => realGemini.config(stubUrl).replace('env = {', `config = "own"\nenv = { HOME = "${home}",`),
  trust: null,
};
