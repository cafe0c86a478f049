/** Loads everything with the rights it was started with (the clone may lie in a private folder), then drops them for good. */
const [, , module = '', name = '', ...rest] = process.argv;

const loaded: Record<string, unknown> = await import(module);
const uid = Number(process.env['CCM_TEST_UID'] ?? process.getuid?.());
if (process.getuid?.() !== uid) {
  process.setgroups?.([]);
  process.setgid?.(uid);
  process.setuid?.(uid);
}
const run = loaded[name];
if (typeof run !== 'function') throw new Error(`${module} has no function ${name}`);
process.stdout.write(JSON.stringify(await run(...rest)));
