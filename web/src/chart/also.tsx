/** Ways out of where it is whose labels found no room in the map: told below it, so that nothing is only to be guessed. */
import { statesById } from './model/tree.ts';
import type { Picture } from './view.ts';

export const Also = ({ picture, active }: { picture: Picture; active: ReadonlySet<string> }) => {
  const { shown, layout, model } = picture;
  if (shown === null) return null;
  const states = statesById(model);
  const left = layout.routes.filter((route) => active.has(route.source) && !shown.has(route.id));
  if (left.length === 0) return null;
  return (
    <p class="chart-also">
      Also{' '}
      {left.map((route, i) => (
        <span key={route.id}>
          {i > 0 && ' · '}
          <code>
            {states.get(route.source)?.key} → {states.get(route.target)?.key}
          </code>{' '}
          by <code>{route.labels.map((label) => label.event).join(', ')}</code>
        </span>
      ))}
    </p>
  );
};
