/** A chart as one SVG that needs nothing else: the page's own layout and sizes, without what only a running actor has. */
import { kindWord, labelLines, noteGlyph, shorten, size } from '../../web/src/chart/model/measure.ts';
import type { Box, ChartLayout, ChartModel, ChartState, Route } from '../../web/src/chart/model/types.ts';
import { escaped } from './markdown.ts';

/** Light only: a picture in a page cannot know which theme the page has. */
const style = `
text{font:${size.font}px ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;fill:#1a2230;white-space:pre}
.key{font-weight:700}.small{font-size:${size.small}px;fill:#535e6d}.event{font-size:${size.small}px;text-anchor:middle}.auto{font-style:italic}
.outer{fill:#f5f6f8;stroke:#78838f}.region{stroke-dasharray:5 4}.leaf{fill:#fff;stroke:#78838f}
.line{fill:none;stroke:#78838f}.label{fill:#fff;stroke:#d6dbe2}.rule{stroke:#d6dbe2}.first{fill:#1a2230}`;

const frame = (state: ChartState, box: Box, isRegion: boolean): string => {
  const isOuter = state.children.length > 0;
  const place = `x="${box.x}" y="${box.y}" width="${box.w}" height="${box.h}"`;
  return `<rect class="${isOuter ? 'outer' : 'leaf'}${isRegion ? ' region' : ''}" ${place} rx="${isOuter ? 10 : 7}"/>`;
};

const head = (state: ChartState, { x, y, w }: Box): string[] => {
  const word = kindWord(state);
  const name = escaped(state.key) + (word ? `<tspan class="small" dx="6">${escaped(word)}</tspan>` : '');
  return [
    ...(state.initial ? [`<circle class="first" cx="${x + 10}" cy="${y + 13}" r="3.5"/>`] : []),
    ...(state.notes.length > 0 ? [`<path class="rule" d="M${x} ${y + size.head}h${w}"/>`] : []),
    `<text class="key" x="${x + (state.initial ? 20 : 10)}" y="${y + 17}">${name}</text>`,
    ...state.notes.map(({ kind, text }, index) => {
      const glyph = text.startsWith('  ') ? '  ' : noteGlyph[kind];
      return `<text class="small" x="${x + 10}" y="${y + size.head + 12 + index * size.line}">${escaped(glyph + shorten(text))}</text>`;
    }),
  ];
};

const label = ({ label: { x, y, w, h, spare = 0 }, labels }: Route): string[] => {
  const lines = labels.flatMap((each) => labelLines(each).map((words) => ({ words, isAuto: /^(after|always)/.test(each.event) })));
  return [
    `<rect class="label" x="${x}" y="${y}" width="${w}" height="${h}" rx="${Math.min(9, h / 2)}"/>`,
    ...lines.map(
      ({ words, isAuto }, index) =>
        `<text class="event${isAuto ? ' auto' : ''}" x="${x + (w - spare) / 2}" y="${y + 14 + index * (size.line - 2)}">${escaped(words)}</text>`,
    ),
  ];
};

/** @param layout of the whole chart, in CSS pixels. */
export const picture = (model: ChartModel, layout: ChartLayout): string => {
  const boxes = new Map(layout.boxes.map((box) => [box.id, box]));
  const types = new Map(model.states.map(({ id, type }) => [id, type]));
  const drawn = model.states.flatMap((state) => {
    const box = boxes.get(state.id);
    return box ? [{ state, box, isRegion: types.get(state.parent ?? '') === 'parallel' }] : [];
  });
  const frames = (isOuter: boolean) =>
    drawn.filter(({ state }) => state.children.length > 0 === isOuter).map(({ state, box, isRegion }) => frame(state, box, isRegion));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${layout.w} ${layout.h}" width="${layout.w}" height="${layout.h}">`,
    `<title>${escaped(model.id)}</title><style>${style}</style>`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto">',
    '<path d="M0 .8L7.2 4L0 7.2z" fill="#78838f"/></marker></defs>',
    `<rect width="${layout.w}" height="${layout.h}" fill="#fff"/>`,
    ...frames(true),
    ...layout.routes.map(({ d }) => `<path class="line" d="${d}" marker-end="url(#arrow)"/>`),
    ...frames(false),
    ...layout.routes.flatMap(label),
    ...drawn.flatMap(({ state, box }) => head(state, box)),
    '</svg>',
    '',
  ].join('\n');
};
