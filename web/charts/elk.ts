/** ELK, loaded when a chart has to be drawn (1.6 MB of compiled Java: not for a build that changes nothing). */
import { createRequire } from 'node:module';
import type { ElkNode } from './elk-graph.ts';
import type { Engine } from './layout.ts';

export const elkEngine = async (): Promise<Engine> => {
  // CommonJS without a usable type for nodenext: its one method is named here.
  const Elk: new () => { layout(graph: ElkNode): Promise<ElkNode> } = createRequire(import.meta.url)('elkjs/lib/elk.bundled.js');
  return new Elk();
};
