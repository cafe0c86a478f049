/** The still part of a chart: one SVG per layout. What is lit is put on it afterwards (light.ts), so that a step flips a few classes. */
import { kindWord, labelLines, noteGlyph, shorten, size } from './model/measure.ts';
import type { Box, ChartModel, ChartState, Route } from './model/types.ts';
import type { Picture } from './view.ts';

const describe = (model: ChartModel, state: ChartState): string => {
  const ways = model.edges.filter((e) => e.source === state.id && e.target !== state.id).map((e) => e.label);
  const inside = state.inside || state.children.length;
  const parts = [state.key];
  if (inside > 0) parts.push(`${state.type === 'parallel' ? 'parallel, ' : ''}${inside} states inside`);
  if (ways.length > 0) parts.push(`leaves by ${[...new Set(ways)].slice(0, 6).join(', ')}`);
  return parts.join('; ');
};

type StateProps = { model: ChartModel; state: ChartState; box: Box; region: boolean };

const Head = ({ state, box }: { state: ChartState; box: Box }) => {
  const word = kindWord(state);
  return (
    <>
      {state.initial && <circle class="init" cx={10} cy={13} r={3.5} />}
      {state.notes.length > 0 && <path class="rule" d={`M0 ${size.head}H${box.w}`} />}
      <text class="key" x={state.initial ? 20 : 10} y={17}>
        {state.key}
        {word && (
          <tspan class="kind" dx={6}>
            {word}
          </tspan>
        )}
      </text>
      {state.notes.map((note, i) => (
        <text key={note.text} class={`note ${note.kind}`} data-edges={note.edges.join(' ')} x={10} y={size.head + 12 + i * size.line}>
          {note.text.startsWith('  ') ? '  ' : noteGlyph[note.kind]}
          {shorten(note.text)}
          {note.text !== shorten(note.text) && <title>{note.text}</title>}
        </text>
      ))}
    </>
  );
};

const StateBox = ({ model, state, box, region }: StateProps) => {
  const outer = state.children.length > 0;
  return (
    <g
      class={`st ${outer ? 'outer' : 'leaf'}${region ? ' region' : ''}${state.type === 'final' ? ' final' : ''}`}
      data-state={state.id}
      role="treeitem"
      aria-level={state.depth + 1}
      aria-selected={false}
      aria-label={describe(model, state)}
      style={{ transform: `translate(${box.x}px, ${box.y}px)` }}
    >
      <rect width={box.w} height={box.h} rx={outer ? 10 : 7} />
    </g>
  );
};

const Label = ({ route }: { route: Route }) => {
  const { x, y, w, h, spare = 0 } = route.label;
  let line = 0;
  return (
    <g class="lb" data-route={route.id}>
      <rect x={x} y={y} width={w} height={h} rx={Math.min(9, h / 2)} />
      {route.labels.map((label) => (
        <text key={label.event} class={/^(after|always)/.test(label.event) ? 'auto' : ''} data-edges={label.edges.join(' ')}>
          <title>{`${label.event} ${label.hint ?? label.guards.join(', ')}`}</title>
          {labelLines(label).map((words, i) => (
            <tspan key={words} class={i > 0 ? 'guard' : ''} x={x + (w - spare) / 2} y={y + 14 + line++ * (size.line - 2)}>
              {words}
            </tspan>
          ))}
        </text>
      ))}
    </g>
  );
};

export const drawing = ({ model, layout, shown }: Picture, uid: string, name: string) => {
  const boxes = new Map(layout.boxes.map((b) => [b.id, b]));
  const states = new Map(model.states.map((s) => [s.id, s]));
  const draw = (pick: (s: ChartState) => boolean) =>
    model.states.filter(pick).map((state) => {
      const box = boxes.get(state.id);
      const region = states.get(state.parent ?? '')?.type === 'parallel';
      return box && <StateBox key={state.id} model={model} state={state} box={box} region={region} />;
    });
  return (
    <svg class={shown ? 'sc map' : 'sc'} viewBox={`0 0 ${layout.w} ${layout.h}`} role="tree" aria-label={name}>
      <defs>
        <marker
          id={`${uid}-arrow`}
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="7"
          markerHeight="7"
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path d="M0 .8L7.2 4L0 7.2z" fill="context-stroke" />
        </marker>
      </defs>
      <g role="none">{draw((s) => s.children.length > 0)}</g>
      <g aria-hidden="true">
        {layout.routes.map((route) => (
          <path key={route.id} class="ed" data-route={route.id} d={route.d} marker-end={`url(#${uid}-arrow)`} />
        ))}
      </g>
      {/* Behind boxes and words: where it passes one, the word is read and not the line. */}
      <path class="ed jump" aria-hidden="true" marker-end={`url(#${uid}-arrow)`} />
      <g role="none">{draw((s) => s.children.length === 0)}</g>
      <g aria-hidden="true">{layout.routes.map((route) => shown?.has(route.id) !== false && <Label key={route.id} route={route} />)}</g>
      {/* Apart from the boxes: a reader hears the label of a box, not also its lines. Above the lines, which may cross the head of a compound. */}
      <g class="heads" aria-hidden="true">
        {model.states.map((state) => {
          const box = boxes.get(state.id);
          return (
            box && (
              <g
                key={state.id}
                class={state.children.length > 0 ? 'head over' : 'head'}
                data-head={state.id}
                style={{ transform: `translate(${box.x}px, ${box.y}px)` }}
              >
                <Head state={state} box={box} />
              </g>
            )
          );
        })}
      </g>
      <circle class="tok" r="5" aria-hidden="true" />
    </svg>
  );
};
