import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { PrivateAsterisk } from '../pbx/private-asterisk.ts';
import { ensurePrivateRoot } from '../pbx/private-packages.ts';
import { apiDocsOfServer, versionOfServer } from './api-docs.ts';
import { differences } from './compare-generated.ts';
import { renderTypes } from './render-types.ts';
import type { GeneratedFiles } from './render-types.ts';

it('the generated types describe the Asterisk that runs', async () => {
  const pbx = await PrivateAsterisk.start({ root: await ensurePrivateRoot() });
  try {
    const { url, user, password } = pbx.ari;
    const running = renderTypes(await apiDocsOfServer(url, user, password), await versionOfServer(url, user, password));
    const names = Object.keys(running) as (keyof GeneratedFiles)[];
    const texts = await Promise.all(names.map((name) => readFile(new URL(`generated/${name}`, import.meta.url), 'utf8')));
    const checkedIn = Object.fromEntries(names.map((name, i) => [name, texts[i]])) as GeneratedFiles;
    expect(differences(checkedIn, running), 'Run telephony/ari/generate-types.ts and look at what its diff means for us.').toEqual([]);
  } finally {
    await pbx.stop();
  }
});
