import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', 'test/.out/**', ...(process.env['CCM_REAL_CLIS'] ? [] : ['test/**/*.campaign.test.ts'])],
    // Real processes, tmux and git share two cores with the suite: generous time-outs, no parallel storm.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
