import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { ensureHoldMusic } from '../../telephony/pbx/hold-music.ts';
import { installedDirs, renderAsteriskConfig } from '../../telephony/pbx/render-config.ts';
import { loadConfig, readSecret } from '../config/load-config.ts';
import type { Terminal } from './terminal.ts';

/** Writes Asterisk's configuration for a contact centre: hotlines, trunks, agents' phones, ARI user, fallback. */
export async function asteriskConfig(terminal: Terminal, dir: string, options: { readonly config: string }): Promise<void> {
  const config = loadConfig(options.config, process.env);
  const { pbx } = config;
  const [node] = config.nodes;
  if (!pbx || !node) {
    throw new StrowgerError('config.invalid', `${options.config} has no section \`pbx\`, which says how the PBX meets its trunks and phones.`);
  }
  const secretOf = (secret: Parameters<typeof readSecret>[0]): string => readSecret(secret, process.env);
  const target = resolve(dir);
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  const musicDir = await ensureHoldMusic(pbx.musicDir);
  const files = renderAsteriskConfig({
    systemName: node.id,
    dirs: { ...installedDirs(triplet), etc: target },
    ari: { user: node.user, password: secretOf(node.password), ...(pbx.ariPermit === undefined ? {} : { permit: pbx.ariPermit }) },
    http: { bindAddress: pbx.http.bindAddress, port: pbx.http.port, ...(pbx.http.tls === undefined ? {} : { tls: pbx.http.tls }) },
    maxCalls: pbx.maxCalls,
    phones: pbx.phones,
    sip: {
      bindAddress: pbx.sip.bindAddress,
      port: pbx.sip.port,
      ...(pbx.sip.tls === undefined ? {} : { tls: pbx.sip.tls }),
      ...(pbx.sip.publicAddress === undefined ? {} : { publicAddress: pbx.sip.publicAddress }),
    },
    rtp: pbx.rtp,
    hotlines: config.hotlines,
    agents: config.agents.flatMap(({ id, endpoint, phonePassword }) =>
      phonePassword !== undefined && endpoint === `PJSIP/${id}` ? [{ id, password: secretOf(phonePassword) }] : [],
    ),
    trunks: pbx.trunks.map(({ name, matches, outbound, registration, transport, srtp }) => ({
      name,
      transport,
      srtp,
      matches,
      ...(outbound ? { outbound: { host: outbound.host, port: outbound.port ?? (transport === 'tls' ? 5061 : 5060) } } : {}),
      ...(registration ? { registration: { username: registration.username, password: secretOf(registration.password) } } : {}),
    })),
    answerInDialplan: pbx.answerInDialplan,
    ...(pbx.fallbackDial === undefined ? {} : { fallback: { dial: pbx.fallbackDial } }),
    musicDir,
  });
  await mkdir(target, { recursive: true });
  for (const [name, text] of files) {
    const file = join(target, name);
    await writeFile(file, text, { mode: 0o640 });
    await chmod(file, 0o640); // the mode of writeFile holds for new files only, and these hold passwords
  }
  terminal.line(`${files.size} files written to ${target}; hold music stands in ${musicDir}.`);
  terminal.line('Restart Asterisk, or reload it: asterisk -rx "core reload"');
}
