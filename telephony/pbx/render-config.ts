import { StrowgerError } from '../../engine/domain/errors.ts';
import { fillTemplate, readTemplate } from './config-template.ts';
import * as check from './config-values.ts';

/** Absolute folders of one Asterisk; `[directories]` of asterisk.conf. */
export interface AsteriskDirs {
  readonly etc: string;
  readonly modules: string;
  readonly varlib: string;
  readonly db: string;
  readonly keys: string;
  readonly data: string;
  readonly agi: string;
  readonly spool: string;
  readonly run: string;
  readonly log: string;
  readonly sbin: string;
  readonly cache: string;
}

/** The folders of an Asterisk that was installed as Debian's package, e.g. in the production image. */
export function installedDirs(triplet: 'x86_64-linux-gnu' | 'aarch64-linux-gnu'): AsteriskDirs {
  return {
    etc: '/etc/asterisk',
    modules: `/usr/lib/${triplet}/asterisk/modules`,
    varlib: '/var/lib/asterisk',
    db: '/var/lib/asterisk',
    keys: '/var/lib/asterisk',
    data: '/usr/share/asterisk',
    agi: '/usr/share/asterisk/agi-bin',
    spool: '/var/spool/asterisk',
    run: '/var/run/asterisk',
    log: '/var/log/asterisk',
    sbin: '/usr/sbin',
    cache: '/var/cache/asterisk',
  };
}

/** A number that callers dial, and the flow that answers it. */
export interface HotlineOptions {
  readonly number: string;
  readonly flow: string;
}

/** An agent's phone: it registers as `id` with `password`, and is dialled as `PJSIP/<id>`. */
export interface AgentPhoneOptions {
  readonly id: string;
  readonly password: string;
  /** A phone that does not register but stands at a fixed address. */
  readonly contact?: { readonly host: string; readonly port: number };
}

/** How signalling and audio travel. SRTP keys stand in the signalling (RFC 4568), so it is of use over TLS only. */
export interface EncryptionOptions {
  /** Default `udp`. `tls` needs `sip.tls`. */
  readonly transport?: 'udp' | 'tls';
  /** Audio by SRTP only. Default false. Needs `tls`. */
  readonly srtp?: boolean;
}

/** PEM files as Asterisk sees them. */
export interface TlsOptions {
  readonly port: number;
  readonly certFile: string;
  readonly keyFile: string;
}

/** Without `caFile` any certificate of the other side will do: nobody listens, but nobody has proved who it is either. */
export interface SipTlsOptions extends TlsOptions {
  /** Authorities (PEM). Whoever we call over TLS must show a certificate of theirs in its name. */
  readonly caFile?: string | undefined;
  /** True: so must whoever calls or registers over TLS; in any name. Needs `caFile`. */
  readonly requireCertificate?: boolean;
}

/** A carrier, gateway or SBC. */
export interface TrunkOptions extends EncryptionOptions {
  readonly name: string;
  /** Addresses and networks that its calls come from. Empty: the address of `outbound`. */
  readonly matches: readonly string[];
  /** Where calls to the trunk go; needed for fallback numbers and callbacks. */
  readonly outbound?: { readonly host: string; readonly port: number };
  /** For carriers that want us to register at `outbound`. */
  readonly registration?: { readonly username: string; readonly password: string };
}

/** What happens to calls while no engine is connected. Sounds are names or paths without extension. */
export interface FallbackOptions {
  /** `PJSIP/<endpoint>` or `PJSIP/<number>@<trunk>`. Without it the caller is asked to call later. */
  readonly dial?: string;
  readonly ringSeconds?: number;
  readonly connectingSounds?: readonly string[];
  readonly sorrySounds?: readonly string[];
}

export interface AsteriskConfigOptions {
  /** First part of channel ids, one a node. */
  readonly systemName: string;
  readonly dirs: AsteriskDirs;
  readonly ari: {
    readonly user: string;
    readonly password: string;
    /** Addresses and networks that the engine comes from; others are refused. Without it, whoever reaches the port and knows the password. */
    readonly permit?: readonly string[];
  };
  /** ARI is served on `bindAddress`, in the clear. With `tls` it is served there over TLS, and in the clear on loopback only. */
  readonly http: { readonly bindAddress: string; readonly port: number; readonly sessionLimit?: number; readonly tls?: TlsOptions };
  readonly sip: {
    readonly bindAddress: string;
    readonly port: number;
    readonly tls?: SipTlsOptions;
    /** Our address as the outside sees it, when Asterisk stands behind NAT. */
    readonly publicAddress?: string;
    /** Networks in which `publicAddress` is not used. Default: the private networks of RFC 1918. */
    readonly localNetworks?: readonly string[];
    /**
     * Which comes first when a request could be a trunk's (by address) and an agent's (by user). `trunks` is right when
     * phones have other addresses than trunks; `agents` when all are on one machine.
     */
    readonly precedence?: 'trunks' | 'agents';
  };
  readonly rtp: {
    readonly firstPort: number;
    readonly lastPort: number;
    /** Seconds without RTP after which a call ends; 0: never. */
    readonly timeoutSeconds?: number;
    readonly holdTimeoutSeconds?: number;
  };
  readonly hotlines: readonly HotlineOptions[];
  readonly agents: readonly AgentPhoneOptions[];
  /** Of all agents' phones. */
  readonly phones?: EncryptionOptions;
  /** Seconds between OPTIONS to agents' phones; 0: never. */
  readonly agentQualifySeconds?: number;
  readonly trunks: readonly TrunkOptions[];
  /** In order of preference, of alaw, ulaw, g722, opus. */
  readonly codecs?: readonly string[];
  /** True (default): the dialplan answers before the engine has the call. See extensions.conf for what it costs and buys. */
  readonly answerInDialplan?: boolean;
  readonly fallback?: FallbackOptions;
  readonly unknownNumberSounds?: readonly string[];
  /** Holds one or more sound files: what callers hear while they wait. */
  readonly musicDir: string;
  /** Language of the sounds that the dialplan itself plays. */
  readonly language?: string;
  /** 0 (default): no limit. */
  readonly maxCalls?: number;
  /** Further modules, e.g. `app_echo.so`. For benches and tests. */
  readonly extraModules?: readonly string[];
  /** Further contexts as they stand. Our own code only: the text is not checked. For benches and tests. */
  readonly extraDialplan?: string;
}

const FILES = [
  'asterisk.conf',
  'modules.conf',
  'logger.conf',
  'http.conf',
  'ari.conf',
  'pjsip.conf',
  'rtp.conf',
  'extensions.conf',
  'amd.conf',
  'musiconhold.conf',
  'indications.conf',
  'stasis.conf',
  // What is switched off, or only has to exist.
  'acl.conf',
  'ccss.conf',
  'cdr.conf',
  'cel.conf',
  'chan_websocket.conf',
  'features.conf',
  'manager.conf',
  'pjproject.conf',
  'udptl.conf',
  'websocket_client.conf',
] as const;

const RFC_1918 = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];
const RESERVED_SECTIONS = ['global', 'system', 'transport-udp', 'transport-tls'];

/**
 * The whole configuration of one Asterisk as file name → text. Pure but for reading the templates in asterisk-config/.
 * Throws `pbx.config` for a value that cannot stand in these files.
 */
export function renderAsteriskConfig(options: AsteriskConfigOptions): ReadonlyMap<string, string> {
  const values = commonValues(options);
  return new Map(FILES.map((name) => [name, fillTemplate(readTemplate(name), values)]));
}

function commonValues(options: AsteriskConfigOptions): Record<string, string | number> {
  const { fallback = {}, http, rtp, sip } = options;
  if (rtp.lastPort - rtp.firstPort < 3) {
    throw new StrowgerError('pbx.config', `rtp: ports ${rtp.firstPort} to ${rtp.lastPort} are too few for one call with two legs.`, { fields: { option: 'rtp' } });
  }
  const values: Record<string, string | number> = {
    systemName: check.sectionName('systemName', options.systemName, []),
    language: check.language('language', options.language ?? 'en'),
    maxCalls: check.integer('maxCalls', options.maxCalls ?? 0, 0, 100_000),
    'http.bindAddress': check.address('http.bindAddress', http.tls === undefined ? http.bindAddress : '127.0.0.1'),
    'http.tls': http.tls === undefined ? '' : httpTlsLines(http.bindAddress, http.tls),
    'http.port': check.port('http.port', http.port),
    'http.sessionLimit': check.integer('http.sessionLimit', http.sessionLimit ?? 1000, 1, 100_000),
    'ari.user': check.sectionName('ari.user', options.ari.user, ['general']),
    'ari.password': check.secret('ari.password', options.ari.password),
    'ari.acl': options.ari.permit === undefined ? '' : aclLines(options.ari.permit.map((net) => check.network('ari.permit', net))),
    'sip.bindAddress': check.host('sip.bindAddress', check.address('sip.bindAddress', sip.bindAddress)),
    'sip.port': check.port('sip.port', sip.port),
    'sip.identifyOrder': sip.precedence === 'agents' ? 'username,ip' : 'ip,username',
    'sip.nat': natLines(options),
    'rtp.firstPort': check.port('rtp.firstPort', rtp.firstPort),
    'rtp.lastPort': check.port('rtp.lastPort', rtp.lastPort),
    'rtp.timeoutSeconds': check.integer('rtp.timeoutSeconds', rtp.timeoutSeconds ?? 120, 0, 86_400),
    'rtp.holdTimeoutSeconds': check.integer('rtp.holdTimeoutSeconds', rtp.holdTimeoutSeconds ?? 3600, 0, 86_400),
    codecs: check.codecList('codecs', options.codecs ?? ['alaw', 'ulaw', 'g722', 'opus']),
    answerInDialplan: options.answerInDialplan === false ? 'no' : 'yes',
    'fallback.dial': fallback.dial === undefined ? '' : check.dialTarget('fallback.dial', fallback.dial),
    'fallback.ringSeconds': check.integer('fallback.ringSeconds', fallback.ringSeconds ?? 45, 1, 600),
    'fallback.connectingSounds': check.sounds('fallback.connectingSounds', fallback.connectingSounds ?? ['pls-hold-while-try']),
    'fallback.sorrySounds': check.sounds('fallback.sorrySounds', fallback.sorrySounds ?? ['im-sorry', 'please-try-call-later']),
    unknownNumberSounds: check.sounds('unknownNumberSounds', options.unknownNumberSounds ?? ['pbx-invalid']),
    musicDir: check.directory('musicDir', options.musicDir),
    extraModules: (options.extraModules ?? []).map((name) => `load = ${check.flowId('extraModules', name)}`).join('\n'),
    extraDialplan: options.extraDialplan ?? '',
  };
  for (const [name, path] of Object.entries(options.dirs)) values[`dirs.${name}`] = check.directory(`dirs.${name}`, String(path));
  values['sip.tls'] = sip.tls === undefined ? '' : fillTemplate(readTemplate('parts/transport-tls.conf'), { ...values, ...tlsValues('sip.tls', sip.tls), 'tls.proof': proofLines(sip.tls) });
  Object.assign(values, encryptionValues('phones', 'phones', options.phones ?? {}, sip.tls !== undefined));
  values.hotlines = hotlines(options.hotlines);
  const taken = [...RESERVED_SECTIONS];
  values.trunks = options.trunks.map((trunk) => renderTrunk(trunk, values, taken, sip.tls !== undefined)).join('\n');
  values.agents = options.agents.map((agent) => renderAgent(agent, options.agentQualifySeconds ?? 60, values, taken)).join('\n');
  return values;
}

function tlsValues(option: string, { port, certFile, keyFile }: TlsOptions): Record<string, string | number> {
  return {
    'tls.port': check.port(`${option}.port`, port),
    'tls.certFile': check.directory(`${option}.certFile`, certFile),
    'tls.keyFile': check.directory(`${option}.keyFile`, keyFile),
  };
}

function proofLines({ caFile, requireCertificate = false }: SipTlsOptions): string {
  if (caFile === undefined) {
    if (requireCertificate) throw new StrowgerError('pbx.config', 'sip.tls.requireCertificate needs sip.tls.caFile: the authorities whose certificates are good.', { fields: { option: 'sip.tls' } });
    return '';
  }
  return [
    '; Whoever we call proves the name that we called it by (RFC 5922 section 7.2).',
    `ca_list_file = ${check.directory('sip.tls.caFile', caFile)}`,
    'verify_server = yes',
    ...(requireCertificate ? ['; Whoever calls us is somebody whom these authorities know.', 'verify_client = yes', 'require_client_cert = yes'] : []),
  ].join('\n');
}

function httpTlsLines(bindAddress: string, tls: TlsOptions): string {
  const { 'tls.port': port, 'tls.certFile': cert, 'tls.keyFile': key } = tlsValues('http.tls', tls);
  return [
    'tlsenable = yes',
    `tlsbindaddr = ${check.host('http.bindAddress', check.address('http.bindAddress', bindAddress))}:${port}`,
    `tlscertfile = ${cert}`,
    `tlsprivatekey = ${key}`,
    '; Older versions are broken (RFC 8996).',
    'tlsdisablev1 = yes',
    'tlsdisablev11 = yes',
  ].join('\n');
}

/** Everybody is refused but these. */
function aclLines(networks: readonly string[]): string {
  return ['deny = 0.0.0.0/0', 'deny = ::/0', ...networks.map((network) => `permit = ${network}`)].join('\n');
}

function encryptionValues(option: string, prefix: string, { transport = 'udp', srtp = false }: EncryptionOptions, hasTls: boolean): Record<string, string> {
  if (transport === 'tls' && !hasTls) throw new StrowgerError('pbx.config', `${option}.transport is tls, but sip.tls names no certificate.`, { fields: { option } });
  // RFC 4568 §8.3: the key stands in the SDP; over UDP everybody on the way reads it.
  if (srtp && transport !== 'tls') throw new StrowgerError('pbx.config', `${option}.srtp is worth nothing without transport tls: the key would travel in the clear.`, { fields: { option } });
  return {
    [`${prefix}.transport`]: `transport-${transport}`,
    [`${prefix}.encryption`]: srtp ? ['; SRTP or no call: "optimistic" would fall back to audio that everybody on the way can hear.', 'media_encryption = sdes', 'media_encryption_optimistic = no'].join('\n') : '',
  };
}

function natLines({ sip }: AsteriskConfigOptions): string {
  if (sip.publicAddress === undefined) return '';
  const publicAddress = check.host('sip.publicAddress', sip.publicAddress);
  return [
    '; Behind NAT: what the outside is told, and where inside begins.',
    `external_signaling_address = ${publicAddress}`,
    `external_media_address = ${publicAddress}`,
    ...(sip.localNetworks ?? RFC_1918).map((net) => `local_net = ${check.network('sip.localNetworks', net)}`),
  ].join('\n');
}

function hotlines(all: readonly HotlineOptions[]): string {
  const template = readTemplate('parts/hotline.conf');
  const seen = new Set<string>();
  return all
    .map(({ number, flow }, index) => {
      const option = `hotlines[${index}]`;
      if (seen.has(number)) throw new StrowgerError('pbx.config', `${option}.number: the number stands in the list twice.`, { fields: { option } });
      seen.add(number);
      return fillTemplate(template, { 'hotline.number': check.extension(`${option}.number`, number), 'hotline.flow': check.flowId(`${option}.flow`, flow) });
    })
    .join('\n');
}

function renderTrunk(trunk: TrunkOptions, common: Readonly<Record<string, string | number>>, taken: string[], hasTls: boolean): string {
  const option = `trunks.${trunk.name}`;
  const name = check.sectionName(`${option}.name`, trunk.name, taken);
  taken.push(name);
  const { outbound, registration } = trunk;
  const matches = trunk.matches.map((match) => check.network(`${option}.matches`, match));
  if (matches.length === 0 && outbound !== undefined) matches.push(check.host(`${option}.outbound.host`, outbound.host));
  if (matches.length === 0) {
    throw new StrowgerError('pbx.config', `${option}.matches: no address, so no call could be recognised as this trunk's.`, { fields: { option } });
  }
  if (registration !== undefined && outbound === undefined) {
    throw new StrowgerError('pbx.config', `${option}.registration needs ${option}.outbound: the server to register at.`, { fields: { option } });
  }
  const values = {
    ...common,
    ...encryptionValues(option, 'trunk', trunk, hasTls),
    'trunk.uriTransport': trunk.transport === 'tls' ? '\\;transport=tls' : '',
    // A second lock beside the first. A carrier that is named by its host is not known by address here.
    'trunk.acl': trunk.matches.length === 0 ? '' : aclLines(matches),
    'trunk.name': name,
    'trunk.matches': matches.map((match) => `match = ${match}`).join('\n'),
    'trunk.endpointExtra': [outbound && `aors = ${name}`, registration && `outbound_auth = ${name}`].filter(Boolean).join('\n'),
    'outbound.host': outbound === undefined ? '' : check.host(`${option}.outbound.host`, outbound.host),
    'outbound.port': outbound === undefined ? '' : check.port(`${option}.outbound.port`, outbound.port),
    'registration.username': registration === undefined ? '' : check.sectionName(`${option}.registration.username`, registration.username, []),
    'registration.password': registration === undefined ? '' : check.secret(`${option}.registration.password`, registration.password),
  };
  const parts = [
    outbound && fillTemplate(readTemplate('parts/trunk-outbound.conf'), values),
    registration && fillTemplate(readTemplate('parts/trunk-registration.conf'), values),
  ];
  return fillTemplate(readTemplate('parts/trunk.conf'), { ...values, 'trunk.outbound': parts.filter(Boolean).join('\n') });
}

function renderAgent(agent: AgentPhoneOptions, qualifySeconds: number, common: Readonly<Record<string, string | number>>, taken: string[]): string {
  const option = `agents.${agent.id}`;
  const id = check.sectionName(`${option}.id`, agent.id, taken);
  taken.push(id);
  const { contact } = agent;
  return fillTemplate(readTemplate('parts/agent.conf'), {
    ...common,
    'agent.id': id,
    'agent.password': check.secret(`${option}.password`, agent.password),
    'agent.qualifySeconds': check.integer('agentQualifySeconds', qualifySeconds, 0, 3600),
    'agent.contact':
      contact === undefined ? '' : `contact = sip:${id}@${check.host(`${option}.contact.host`, contact.host)}:${check.port(`${option}.contact.port`, contact.port)}`,
  });
}
