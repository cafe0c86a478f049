/** A live state chart: pan, zoom, fit, walk by keys, fold; lit by the steps of one actor. */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Also } from './also.tsx';
import { drawing } from './drawing.tsx';
import { type Lights, light } from './light.ts';
import { Minimap } from './minimap.tsx';
import { activeStates } from './model/tree.ts';
import type { ChartFile } from './model/types.ts';
import { usePan } from './pan.ts';
import { StateList } from './state-list.tsx';
import { type Timer, TimerBadges, timedRoutes } from './timers.tsx';
import { fitScale, labelled, pictureOf, shownActive } from './view.ts';
import { walk } from './walk.ts';

export type ChartProps = {
  file: ChartFile;
  name: string;
  value: unknown;
  /** Edges of the last step, and its number: a new number moves the token. */
  taken: readonly string[];
  seq: number;
  /** State value before that step; undefined when it was the first. */
  before: unknown;
  ghost: readonly string[];
  timers: readonly Timer[];
  /** Looking at the past: nothing moves. */
  still: boolean;
  /** Stands before the buttons. */
  head?: ComponentChildren;
};

let count = 0;

export const Chart = ({ file, name, value, taken, seq, before, ghost, timers, still, head }: ChartProps) => {
  const [whole, setWhole] = useState(false);
  const [asList, setAsList] = useState(false);
  const [zoom, setZoom] = useState<number | null>(null);
  const [focus, setFocus] = useState<string | null>(null);
  const [uid] = useState(() => `chart${++count}`);
  const pane = useRef<HTMLDivElement>(null);
  const { room, grab } = usePan(pane, (factor) => setZoom((scale) => Math.min(3, Math.max(0.25, (scale ?? shown) * factor))));
  const moved = useRef(seq);

  const active = useMemo(() => activeStates(file.definition, value), [file, JSON.stringify(value)]);
  const bare = useMemo(() => pictureOf(file, active, whole, room), [file, active.join(' '), whole, room]);
  const litNow = [...ghost, ...taken].join(' ');
  const timed = bare ? timedRoutes(bare.model, bare.layout, timers).map(({ route }) => route.id) : [];
  const picture = useMemo(
    () => bare && labelled(bare, litNow.split(' '), shownActive(file, bare, active), new Set(timed)),
    [bare, litNow, timed.join(' ')],
  );
  const art = useMemo(() => picture && drawing(picture, uid, name), [picture, name]);
  const shown = picture ? (zoom ?? fitScale(picture, room)) : 1;

  const ghostStates = new Set(file.definition.edges.filter((e) => ghost.includes(e.id)).flatMap((e) => e.targets));
  const shownNow = (ids: readonly string[]): Set<string> => (picture ? shownActive(file, picture, ids) : new Set(ids));
  const was = before === undefined ? [] : activeStates(file.definition, before);
  const lights: Lights = { active: shownNow(active), before: [...shownNow(was)], taken, ghostEdges: ghost, ghostStates };

  const parents = new Set(picture?.model.states.filter((s) => s.children.length > 0).map((s) => s.id));
  const leaves = new Set([...lights.active].filter((id) => !parents.has(id)));

  useLayoutEffect(() => {
    const svg = pane.current?.querySelector<SVGSVGElement>('svg.sc');
    if (!svg || !picture) return;
    svg.setAttribute('width', String(picture.layout.w * shown));
    svg.setAttribute('height', String(picture.layout.h * shown));
    light(svg, picture.layout, lights, !still && moved.current !== seq);
    moved.current = seq;
  });
  // The innermost active state is brought into view when the picture changes, without moving the page.
  useEffect(() => {
    const box = pane.current?.querySelector(
      [...lights.active]
        .slice(-1)
        .map((id) => `[data-state="${CSS.escape(id)}"]`)
        .join() || '.none',
    );
    if (!box || !pane.current) return;
    const seen = pane.current.getBoundingClientRect();
    const at = box.getBoundingClientRect();
    if (at.left < seen.left || at.right > seen.right) pane.current.scrollLeft += at.left - seen.left - (seen.width - at.width) / 2;
    if (at.top < seen.top || at.bottom > seen.bottom) pane.current.scrollTop += at.top - seen.top - (seen.height - at.height) / 2;
  }, [picture, shown, active.join(' ')]);
  // One state at a time can be reached by Tab.
  useLayoutEffect(() => {
    const reach = focus ?? [...lights.active].at(-1) ?? picture?.model.root;
    for (const box of pane.current?.querySelectorAll('[data-state]') ?? []) {
      box.setAttribute('tabindex', box.getAttribute('data-state') === reach ? '0' : '-1');
    }
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    const from = event.target instanceof Element ? event.target.getAttribute('data-state') : null;
    if (from === null || !picture || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = walk(picture.model, from, event.key);
    if (to === null) return;
    event.preventDefault();
    setFocus(to);
    pane.current?.querySelector<SVGGElement>(`[data-state="${CSS.escape(to)}"]`)?.focus();
  };

  const list = asList || !picture;
  return (
    <div class="chart">
      <div class="chart-tools" role="toolbar" aria-label={`${name}: view`}>
        {head}
        <button
          type="button"
          aria-pressed={whole}
          disabled={list}
          onClick={() => setWhole(!whole)}
          data-key="f"
          title="Everything the machine can do (f)"
        >
          Whole
        </button>
        <button type="button" disabled={list} onClick={() => setZoom(shown / 1.25)} aria-label="Smaller">
          −
        </button>
        <button type="button" disabled={list} onClick={() => setZoom(null)} aria-pressed={zoom === null}>
          Fit
        </button>
        <button type="button" disabled={list} onClick={() => setZoom(shown * 1.25)} aria-label="Larger">
          +
        </button>
        {picture && (
          <button type="button" aria-pressed={asList} onClick={() => setAsList(!asList)}>
            List
          </button>
        )}
      </div>
      <div class="chart-view">
        {!list && <Minimap pane={pane} layout={picture.layout} active={leaves} scale={shown} />}
        <div
          class="chart-pane"
          ref={pane}
          // A list has nothing in it that takes the focus: the keys scroll it.
          {...(list ? { tabIndex: 0, role: 'region', 'aria-label': `${name}: states` } : {})}
          onKeyDown={onKeyDown}
          onPointerDown={grab}
        >
          {list ? (
            <StateList model={file.definition} lights={{ ...lights, active: new Set(active) }} name={name} />
          ) : (
            <div class="chart-sheet">
              {art}
              <TimerBadges model={picture.model} layout={picture.layout} shown={picture.shown} timers={timers} scale={shown} />
            </div>
          )}
        </div>
      </div>
      {!list && <Also picture={picture} active={lights.active} />}
    </div>
  );
};
