import { z } from 'zod';

// What the API tells of the ACD's configuration and of changes to it.

const difference = z.object({
  added: z.array(z.string()).readonly(),
  changed: z.array(z.string()).readonly(),
  removed: z.array(z.string()).readonly(),
});

export const reloadResult = z
  .object({
    agents: difference,
    queues: difference,
    settings: z.array(z.string()).readonly().describe('Other settings of the ACD that have changed.'),
    needRestart: z.array(z.string()).readonly().describe('Sections of the file that differ from what the engine runs by and take effect when it is started anew.'),
    warnings: z.array(z.string()).readonly().describe('What is allowed but looks like a mistake.'),
  })
  .describe('What has become different.');
export type ReloadResult = z.input<typeof reloadResult>;

const levels = { lowest: z.int().optional(), highest: z.int().optional() };
export const acdConfigResult = z.object({
  skills: z.record(z.string(), z.object({ title: z.string(), ...levels })).optional().describe('The declared skills; absent when any may be used.'),
  skillLevels: z.object({ lowest: z.int(), highest: z.int() }),
  queues: z
    .array(z.looseObject({ id: z.string(), name: z.string() }))
    .readonly()
    .describe('With defaults filled in; docs/configuration.md explains each setting.'),
  agents: z
    .array(z.object({ id: z.string(), name: z.string(), endpoint: z.string(), skills: z.record(z.string(), z.int()), queues: z.array(z.string()).readonly(), capacity: z.int() }))
    .readonly(),
  notReadyReasons: z.array(z.object({ code: z.string(), title: z.string() })).readonly().optional(),
  fairAfterSeconds: z.number(),
  stickyDays: z.number(),
});
export type AcdConfigResult = z.input<typeof acdConfigResult>;
