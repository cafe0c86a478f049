/** One HTML file: the viewer, the charts and the recording. Its policy lets nothing in and nothing out but its own script and style. */
import { hash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CcmError } from '../../errors.ts';
import type { Recording, RecordingPage } from '../contract/recording.ts';

const sha = (text: string): string => `'sha256-${hash('sha256', text, 'base64')}'`;
/** Inside a script element only `<` can begin anything else. */
const data = (id: string, value: unknown): string =>
  `<script type="application/json" id="${id}">${JSON.stringify(value).replaceAll('<', String.raw`\u003c`)}</script>`;
const text = (raw: string): string => raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const viewerOf = async (webRoot: string): Promise<{ script: string; style: string; charts: Record<string, unknown> }> => {
  try {
    const folder = join(webRoot, 'recording');
    const names = (await readdir(join(webRoot, 'charts'))).filter((name) => name.endsWith('.json'));
    const charts = await Promise.all(
      names.map(
        async (name): Promise<[string, unknown]> => [name.slice(0, -5), JSON.parse(await readFile(join(webRoot, 'charts', name), 'utf8'))],
      ),
    );
    return {
      script: (await readFile(join(folder, 'viewer.js'), 'utf8')).replaceAll(/<\/(?=script)/gi, String.raw`<\/`),
      style: await readFile(join(folder, 'viewer.css'), 'utf8'),
      charts: Object.fromEntries(charts),
    };
  } catch (thrown) {
    throw new CcmError('CCM_NOT_FOUND', 'The viewer was not built.', { next: 'Build it: node web/build.ts' }, thrown);
  }
};

export const recordingHtml = async (recording: Recording, webRoot: string): Promise<RecordingPage> => {
  const { script, style, charts } = await viewerOf(webRoot);
  const used = new Set(recording.rows.map((row) => row.kind));
  const policy = `default-src 'none'; script-src ${sha(script)}; style-src ${sha(style)}; base-uri 'none'; form-action 'none'`;
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Recording: ${text(recording.title)}</title>
<style>${style}</style>
</head>
<body>
<div id="root"><noscript>This recording is read with its own script, which the browser does not run.</noscript></div>
${data('ccm-charts', Object.fromEntries(Object.entries(charts).filter(([kind]) => used.has(kind))))}
${data('ccm-recording', recording)}
<script>${script}</script>
</body>
</html>
`;
  const slug = recording.title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 40);
  const day = new Date(recording.madeAt).toISOString().slice(0, 10);
  return {
    name: `ccm-${slug || 'recording'}-${day}.html`,
    html,
    rows: recording.rows.length,
    redactions: Object.values(recording.redactions).reduce((sum, n) => sum + n, 0),
  };
};
