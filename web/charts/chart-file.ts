/** Everything the browser needs to draw one kind of actor, made once per definition and kept by its hash. */
import { createHash } from 'node:crypto';
import { compose } from '../src/chart/model/compose.ts';
import { fold, openSets, variantKey } from '../src/chart/model/fold.ts';
import { statesById } from '../src/chart/model/tree.ts';
import type { ChartFile, ChartModel } from '../src/chart/model/types.ts';
import { type Engine, layout } from './layout.ts';
import { mapLayout } from './map-layout.ts';

/** More variants than this and only the whole chart is kept: the file would outgrow its use. */
const variantLimit = 40;
/** Width the put-together layout is made for. */
const wholeWidth = 1200;

/** @param code anything that changes when the drawing code does. */
export const chartHash = (model: ChartModel, version: number, code: string): string =>
  createHash('sha256')
    .update(JSON.stringify([model, version, code]))
    .digest('hex')
    .slice(0, 16);

export const chartFile = async (
  kind: string,
  version: number,
  definition: ChartModel,
  hash: string,
  engine: Engine,
): Promise<ChartFile> => {
  const wholeBlocks = await layout(definition, engine);
  const root = statesById(definition).get(definition.root);
  const empty = { w: 0, h: 0, boxes: [], routes: [] };
  const file: ChartFile = {
    kind,
    version,
    hash,
    definition,
    layout: wholeBlocks && root ? compose(root, wholeBlocks, wholeWidth) : empty,
    whole: wholeBlocks && { open: definition.states.filter((s) => s.children.length > 0).map((s) => s.id), blocks: wholeBlocks },
    folded: {},
  };
  const sets = openSets(definition);
  if (sets.length > variantLimit) return file;
  for (const open of sets) {
    const map = await mapLayout(fold(definition, open), engine);
    if (map) file.folded[variantKey(definition, open)] = map;
  }
  return file;
};
