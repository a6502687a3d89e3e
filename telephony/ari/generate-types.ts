import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { apiDocsOfFolder, apiDocsOfServer, versionOfServer } from './api-docs.ts';
import { renderTypes } from './render-types.ts';

// npx tsx telephony/ari/generate-types.ts --from http://127.0.0.1:8088 --user strowger   (password: ARI_PASSWORD)
// npx tsx telephony/ari/generate-types.ts --from /usr/share/asterisk/rest-api --version 22.10.1
const { values } = parseArgs({
  options: { from: { type: 'string' }, user: { type: 'string', default: 'strowger' }, version: { type: 'string' } },
});

async function main(): Promise<void> {
  const { from, user } = values;
  if (from === undefined) throw new Error('--from is missing: the URL of a running Asterisk, or its rest-api folder');
  const password = process.env['ARI_PASSWORD'] ?? '';
  const isServer = /^https?:/.test(from);
  if (!isServer && values.version === undefined) throw new Error('--version is missing: a folder does not tell of which Asterisk it is');
  const docs = isServer ? await apiDocsOfServer(from, user, password) : await apiDocsOfFolder(from);
  const version = values.version ?? (await versionOfServer(from, user, password));
  for (const [file, text] of Object.entries(renderTypes(docs, version))) {
    await writeFile(new URL(`generated/${file}`, import.meta.url), text);
  }
  process.stdout.write(`Wrote the types of Asterisk ${version} to telephony/ari/generated.\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
