/**
 * `node --import` this file with CCM_MUTANT: the shipped code is loaded with one bug in it. The variable is JSON, a list of { file, from, to }; a
 * text that is not there exactly once ends the process, so that no mutant is ever a mutant of nothing.
 */
import { registerHooks } from 'node:module';

export type Patch = { /** End of the path. */ file: string; from: string; to: string };

const patches = JSON.parse(process.env['CCM_MUTANT'] ?? '[]') as Patch[];
if (patches.length > 0) {
  registerHooks({
    load: (url, context, next) => {
      const loaded = next(url, context);
      const mine = patches.filter(({ file }) => url.endsWith(`/${file}`));
      if (mine.length === 0) return loaded;
      const given = loaded.source;
      let source = typeof given === 'string' ? given : Buffer.from(given as Uint8Array).toString('utf8');
      for (const { file, from, to } of mine) {
        if (source.split(from).length !== 2) {
          process.stderr.write(`mutant: ${file} does not have exactly one "${from}"\n`);
          process.exit(70);
        }
        source = source.replace(from, () => to);
      }
      return { ...loaded, source };
    },
  });
}
