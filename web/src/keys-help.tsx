import { helpOpen, keyTable } from './keys.ts';
import { Dialog } from './parts/dialog.tsx';

export const KeyHelp = () => (
  <Dialog open={helpOpen.value} onClose={() => (helpOpen.value = false)} title="Keys">
    <dl class="keys">
      {keyTable.map(([keys, meaning]) => (
        <div key={keys}>
          <dt>
            <kbd>{keys}</kbd>
          </dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  </Dialog>
);
