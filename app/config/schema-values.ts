import { z } from 'zod';

// What settings of all sections are made of.

export const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'letters, digits, "_", "." and "-", at most 64');
export const port = z.number().int().min(0).max(65_535);
export const seconds = z.number().min(0).max(86_400);

/** A secret stands in the environment or in a file; in the configuration itself only where that is fine (a demo). */
export const secret = z.union([
  z.string().min(1),
  z.strictObject({ env: z.string().min(1) }),
  z.strictObject({ file: z.string().min(1) }),
]);

/** PEM files; read again when they change. */
export const tls = z.strictObject({ certFile: z.string().min(1), keyFile: z.string().min(1) });

export type Secret = z.infer<typeof secret>;
