/** `./run bench [name…]`: every benchmark in one run, written to docs/benchmarks.md with the machine's description. Ratios are comparable; seconds are this machine's. */
import { writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { benchAgents } from './agents.bench.ts';
import { benchApi } from './api.bench.ts';
import { benchCli } from './cli.bench.ts';
import { benchFleet } from './fleet.bench.ts';
import { type Figure, table } from './measure.ts';
import { benchRuntime } from './runtime.bench.ts';
import { benchScale } from './scale.bench.ts';
import { runSoak } from './soak.ts';
import { runSyncSoak } from './soak-sync.ts';
import { benchSync } from './sync.bench.ts';
import { benchTmux } from './tmux.bench.ts';
import { benchWeb } from './web.bench.ts';

const suites: Record<string, { title: string; run: () => Promise<Figure[]> }> = {
  runtime: { title: 'Durable steps', run: benchRuntime },
  tmux: { title: 'Terminal operations', run: benchTmux },
  fleet: { title: 'A fleet of agents', run: benchFleet },
  agents: { title: 'Hearing agents, and answering them', run: benchAgents },
  api: { title: 'HTTP interface', run: benchApi },
  sync: { title: 'The link to a hub', run: benchSync },
  scale: { title: 'What one hub bears', run: benchScale },
  web: { title: 'The page, in Chromium', run: benchWeb },
  cli: { title: 'Command line, whole processes', run: benchCli },
};

const [tier, ...asked] = process.argv.slice(2);
if (tier === 'soak') {
  const [what = 'daemon'] = asked;
  if (what !== 'daemon' && what !== 'sync') throw new Error(`no soak "${what}"; there are daemon and sync`);
  await (what === 'sync' ? runSyncSoak() : runSoak());
  process.exit();
}
if (tier !== 'bench') throw new Error(`There is no "${tier}" here; ./run bench and ./run soak are.`);
const names = asked.length > 0 ? asked : Object.keys(suites);
const parts: string[] = [];
for (const name of names) {
  const suite = suites[name];
  if (!suite) throw new Error(`no benchmark "${name}"; there are ${Object.keys(suites).join(', ')}`);
  process.stderr.write(`${suite.title} …\n`);
  const figures = await suite.run();
  const part = `## ${suite.title}\n\n${table(figures)}\n`;
  parts.push(part);
  process.stdout.write(`\n${part}`);
}

const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release()}, Node ${process.versions.node}`;
const page = `# Benchmarks

Measured by \`./run bench\` in one run on: ${machine}. A shared virtual machine: trust the ratios, not the digits. A missed goal is printed as missed.

${parts.join('\n')}`;
if (asked.length === 0) writeFileSync(new URL('../../docs/benchmarks.md', import.meta.url), page);
