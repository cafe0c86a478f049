/** `./run reference`: writes docs/reference/ anew. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { folder, referencePages } from './pages.ts';

const pages = await referencePages();
rmSync(folder, { recursive: true, force: true });
mkdirSync(new URL('charts/', folder), { recursive: true });
for (const [name, text] of pages) writeFileSync(new URL(name, folder), text);
console.log(`written: ${pages.size} files in docs/reference`);
