import { defineConfig } from 'vitest/config';

// Two projects: `unit` runs in parallel and without I/O beyond temporary files; `live` drives a real Asterisk and real
// SIP peers, one file after another, because two cores cannot hold several switches and keep audio timing honest.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{engine,flows,telephony,integrations,app,test,bench}/**/*.test.ts'],
          exclude: ['**/*.live.test.ts', 'node_modules/**'],
          testTimeout: 10_000,
        },
      },
      {
        test: {
          name: 'live',
          include: ['{telephony,integrations,app,test,bench}/**/*.live.test.ts'],
          fileParallelism: false,
          maxWorkers: 1,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
