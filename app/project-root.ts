import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the project, where its sources are. The program itself may lie elsewhere, compiled (app/launch.mjs). */
export const PROJECT_ROOT = rootOf(import.meta.dirname);

function rootOf(folder: string): string {
  if (existsSync(join(folder, 'package-lock.json'))) return folder;
  const above = dirname(folder);
  if (above === folder) throw new Error('the program lies in no folder of the project');
  return rootOf(above);
}
