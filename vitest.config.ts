import { defineConfig } from 'vitest/config';

// `unit` runs in parallel and without I/O beyond temporary files. `live` drives a real Asterisk and real SIP peers, two files at a time:
// most of their time they wait for callers. `live-alone` holds those that measure, whose digits must be sent on time, or that load the machine by themselves: one after another.
const LIVE = '{telephony,integrations,app,test,bench}/**/*.live.test.ts';
const ALONE = [
  'telephony/ari/{ari-node,recording-lines}.live.test.ts',
  'telephony/media/*.live.test.ts',
  'telephony/speech/*.live.test.ts',
  'telephony/recognition/sherpa-model/*.live.test.ts',
  'test/live/{acd-agreement,recording}.live.test.ts',
  'test/chaos/**/*.live.test.ts',
  'bench/**/*.live.test.ts',
];
const live = { setupFiles: ['test/live/phones-first.ts'], testTimeout: 60_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{engine,flows,telephony,integrations,app,test,bench}/**/*.test.ts'],
          exclude: ['**/*.live.test.ts', 'node_modules/**'],
          // `./strowger test fuzz` gives the tests of readers far more to read.
          testTimeout: 10_000 + 20 * Number(process.env['STROWGER_FUZZ_INPUTS'] ?? 0),
        },
      },
      { test: { name: 'live', include: [LIVE], exclude: [...ALONE, 'node_modules/**'], maxWorkers: 2, ...live } },
      { test: { name: 'live-alone', include: ALONE, fileParallelism: false, maxWorkers: 1, ...live } },
    ],
  },
});
