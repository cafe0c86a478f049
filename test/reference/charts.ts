/** Each machine: what it is for, its picture, what every state means and how it is left, and what a person may do. */
import type { MachineKind } from '../../machines/kind.ts';
import { elkEngine } from '../../web/charts/elk.ts';
import { chartOf } from '../../web/charts/from-machine.ts';
import { layout } from '../../web/charts/layout.ts';
import { compose } from '../../web/src/chart/model/compose.ts';
import { statesById } from '../../web/src/chart/model/tree.ts';
import type { ChartModel } from '../../web/src/chart/model/types.ts';
import { machineWords } from '../../web/src/pages/machine-words.ts';
import { stateWords } from '../../web/src/pages/state-words.ts';
import { code, made, table } from './markdown.ts';
import { picture } from './picture.ts';

/** Wide enough that regions stand side by side. */
const width = 1600;

const nameOf = (id: string, root: string): string => (id === root ? id : id.slice(root.length + 1));

const statesTable = ({ root, states, edges }: ChartModel): string[] =>
  table(
    ['state', 'what it means', 'ways out'],
    states
      .filter(({ id }) => id !== root)
      .map(({ id }) => {
        const ways = edges.filter(({ source, targets }) => source === id && targets.some((target) => target !== id));
        const told = ways.map(({ label, targets }) => `${code(label)} → ${targets.map((target) => nameOf(target, root)).join(' + ')}`);
        return [code(nameOf(id, root)), stateWords[id] ?? '', told.join('<br>')];
      }),
  );

const commandsTable = ({ commands }: MachineKind): string[] =>
  table(
    ['command', 'event', 'needs', ''],
    Object.entries(commands).map(([type, { verb, needs, danger }]) => [
      code(verb),
      code(type),
      (needs ?? []).map(code).join(', '),
      danger ? 'ends or loses something' : '',
    ]),
  );

const page = (kind: MachineKind, model: ChartModel): string => {
  const about = machineWords[kind.kind];
  const everywhere = model.edges.filter(({ source, targets }) => source === model.root && targets.some((target) => target !== model.root));
  return [
    `# ${about?.title ?? kind.kind}`,
    '',
    `${made} Version ${kind.version} of the machine \`${kind.kind}\`.`,
    '',
    about?.about ?? '',
    '',
    `![The chart](${kind.kind}.svg)`,
    '',
    'A dot marks where a state begins; `→` is done on entering, `↻` is heard without leaving, `↳` leads to a state inside.',
    '',
    ...(everywhere.length === 0
      ? []
      : [
          `From every state: ${everywhere
            .map(({ label, targets }) => `${code(label)} → ${targets.map((target) => nameOf(target, model.root)).join(' + ')}`)
            .join(', ')}.`,
          '',
        ]),
    ...statesTable(model),
    '',
    ...(Object.keys(kind.commands).length === 0 ? [] : ['## What a person may do', '', ...commandsTable(kind), '']),
  ].join('\n');
};

/** File name → text. Fails where the layout engine does. */
export const chartPages = async (kinds: readonly MachineKind[]): Promise<Map<string, string>> => {
  const files = new Map<string, string>();
  const engine = await elkEngine();
  for (const kind of kinds) {
    const model = chartOf(kind.machine);
    const root = statesById(model).get(model.root);
    const blocks = await layout(model, engine);
    if (!root || !blocks) throw new Error(`the chart of ${kind.kind} could not be laid out`);
    files.set(`charts/${kind.kind}.md`, page(kind, model));
    files.set(`charts/${kind.kind}.svg`, picture(model, compose(root, blocks, width)));
  }
  return files;
};
