/**
 * `node web/build.ts [--verbose]`: draws the charts, bundles the page into web/dist, says how large its first load is (verbose: each file), and
 * fails when it grew too large.
 */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { kinds } from '../machines/index.ts';
import { elkEngine } from './charts/elk.ts';
import { writeCharts, writeThumbnails } from './charts/write-charts.ts';
import recording from './recording.config.ts';

/** Compressed bytes of the first load, without what is fetched on the agent view only. */
const firstLoadLimit = 60 * 1024;

const dist = join(import.meta.dirname, 'dist');
const tell = process.argv.includes('--verbose') ? console.log : () => undefined;
const kb = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KB`;

for (const chart of await writeCharts(Object.values(kinds), join(dist, 'charts'), elkEngine)) {
  const how = chart.drawn ? `${chart.variants + 1} pictures, ${kb(chart.zipped)} gz` : 'no layout: shown as a list';
  tell(`chart ${chart.kind}: ${chart.fresh ? 'drawn' : 'kept'}, ${how}`);
}

await writeThumbnails(Object.values(kinds), join(dist, 'thumbnails.json'));

await rm(join(dist, 'assets'), { recursive: true, force: true });
await build({ configFile: join(import.meta.dirname, 'vite.config.ts'), logLevel: 'warn' });
await build({ ...recording, configFile: false, logLevel: 'warn' });

const index = await readFile(join(dist, 'index.html'), 'utf8');
// The overview shows thumbnails.
let first = gzipSync(index).length + gzipSync(await readFile(join(dist, 'thumbnails.json'))).length;
for (const name of (await readdir(join(dist, 'assets'))).sort()) {
  const size = gzipSync(await readFile(join(dist, 'assets', name))).length;
  const isFirst = index.includes(`assets/${name}`);
  if (isFirst) first += size;
  tell(`${isFirst ? 'first' : 'later'} ${name}: ${kb(size)} gz`);
}
console.log(`first load: ${kb(first)} gz of ${kb(firstLoadLimit)}`);
if (first > firstLoadLimit) process.exitCode = 1;
