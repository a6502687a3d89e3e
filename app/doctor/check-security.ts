import { isLoopback } from '../../integrations/http/access.ts';
import type { Config } from '../config/schema.ts';
import { ok, warning, type Finding } from './finding.ts';

/** What the settings let others read or do, which somebody may have meant so (docs/security.md). Secrets by the paths where they stand. */
export function checkSecurity(config: Config): readonly Finding[] {
  const findings = [...inTheClear(config), ...writtenSecrets(config), ...told(config)].map(({ text, mend }) => warning('security', text, mend));
  return findings.length > 0 ? findings : [ok('security', 'what leaves this machine is encrypted, and no secret stands in the configuration')];
}

interface Doubt {
  readonly text: string;
  readonly mend: string;
}

/** What goes over a network as it is, secrets among it. */
function inTheClear({ nodes, services, mqtt, http }: Config): readonly Doubt[] {
  const doubts: Doubt[] = [];
  for (const { id, url } of nodes) {
    if (isPlain(url, 'http:')) doubts.push({ text: `the password of the switch ${id} and all that it tells go over the network in the clear`, mend: 'Set `pbx.http.tls`, or tlsenable in http.conf of that Asterisk, and an https `nodes[].url`.' });
  }
  for (const [name, { url }] of Object.entries(services)) {
    if (isPlain(url, 'http:')) doubts.push({ text: `what callers type goes to the service ${name} in the clear, PINs too if it is asked about them`, mend: 'Give it an https `url`.' });
  }
  if (mqtt.url !== undefined && /^(mqtt|ws):/.test(mqtt.url) && !isLoopback(new URL(mqtt.url).hostname)) {
    doubts.push({ text: `events${mqtt.password === undefined ? '' : ' and a password'} go to the broker ${mqtt.url} in the clear`, mend: 'Use mqtts:// or wss://.' });
  }
  if (mqtt.url === undefined && mqtt.tls === undefined && !isLoopback(mqtt.host)) {
    doubts.push({ text: `whoever uses the broker at ${mqtt.host} sends its password in the clear`, mend: 'Set `mqtt.tls`.' });
  }
  if (!isLoopback(http.host) && http.tls === undefined && http.publicUrl?.startsWith('https:') !== true) {
    doubts.push({ text: `whoever uses the API at ${http.host} sends its password or token in the clear`, mend: 'Set `http.tls`, or a proxy that has TLS and `http.publicUrl`.' });
  }
  return doubts;
}

const isPlain = (url: string, protocol: string): boolean => url.startsWith(protocol) && !isLoopback(new URL(url).hostname);

/** Secrets that whoever reads the file knows. */
function writtenSecrets(config: Config): readonly Doubt[] {
  const { nodes, mqtt, http, pbx, agents, recording, tracing } = config;
  const named: readonly (readonly [path: string, secret: unknown])[] = [
    ...nodes.map(({ password }, index) => [`nodes[${index}].password`, password] as const),
    ...agents.map(({ phonePassword }, index) => [`agents[${index}].phonePassword`, phonePassword] as const),
    ['mqtt.password', mqtt.password],
    ...mqtt.users.map(({ password }, index) => [`mqtt.users[${index}].password`, password] as const),
    ['http.token', http.token],
    ...http.tokens.map(({ token }, index) => [`http.tokens[${index}].token`, token] as const),
    ...(pbx?.trunks ?? []).map(({ registration }, index) => [`pbx.trunks[${index}].registration.password`, registration?.password] as const),
    ...(recording?.keys ?? []).map(({ key }, index) => [`recording.keys[${index}].key`, key] as const),
    ...Object.entries(tracing.headers).map(([name, value]) => [`tracing.headers.${name}`, value] as const),
  ];
  const written = named.filter(([, secret]) => typeof secret === 'string').map(([path]) => path);
  if (written.length === 0) return [];
  const shown = written.length > MOST_SHOWN ? `${written.slice(0, MOST_SHOWN).join(', ')} and ${written.length - MOST_SHOWN} more` : written.join(', ');
  return [{ text: `secrets stand in the configuration itself: ${shown}`, mend: 'Write { env: NAME } or { file: path } instead.' }];
}

const MOST_SHOWN = 4;

function told({ log, tracing }: Config): readonly Doubt[] {
  return [
    ...(log.showPersonalData ? [{ text: 'numbers, names and what callers say stand in log, events and API unmasked', mend: 'Leave `log.showPersonalData` out.' }] : []),
    ...(tracing.url !== undefined && isPlain(tracing.url, 'http:') ? [{ text: 'traces go over the network in the clear', mend: 'Give `tracing.url` with https.' }] : []),
  ];
}
