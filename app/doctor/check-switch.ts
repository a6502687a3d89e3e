import { messageOf } from '../../engine/domain/errors.ts';
import { readSecret, type Environment } from '../config/load-config.ts';
import type { Config } from '../config/schema.ts';
import { DETECTION_CONTEXT } from '../../telephony/ari/machine-detection.ts';
import { SILENCE_SOUND } from '../../telephony/ari/ari-node.ts';
import { recordingOfName } from '../../telephony/ari/recording-names.ts';
import { STASIS_APP } from '../engine.ts';
import { failure, ok, warning, type Finding } from './finding.ts';

type Node = Config['nodes'][number];

/** Modules without which calls fail, and what fails. */
const MODULES: readonly (readonly [name: string, without: string])[] = [
  ['res_ari_channels.so', 'no call can be controlled'],
  ['res_ari_playbacks.so', 'no prompt can be stopped'],
  ['res_ari_bridges.so', 'callers and agents cannot be joined'],
  ['res_stasis_playback.so', 'no prompt can be played'],
  ['app_stasis.so', 'no call reaches the engine'],
  ['format_wav.so', 'rendered prompts cannot be played'],
  ['codec_ulaw.so', 'G.711 µ-law trunks have no audio'],
  ['codec_alaw.so', 'G.711 A-law trunks have no audio'],
  ['res_rtp_asterisk.so', 'there is no audio at all'],
  ['res_musiconhold.so', 'callers wait in silence'],
];
const DETECTION_MODULES: typeof MODULES = [
  ['app_amd.so', 'a machine that answers a callback is taken for a person'],
  ['app_waitforsilence.so', 'messages to machines are spoken into their greeting'],
];
const RECORDING_MODULES: typeof MODULES = [
  ['res_ari_recordings.so', 'no recording can be paused or taken over'],
  ['res_stasis_recording.so', 'nothing can be recorded'],
  ['res_stasis_snoop.so', 'nothing can be recorded'],
  ['format_pcm.so', 'recordings cannot be written (A-law)'],
];
const CLOCK_LIMIT_MS = 2000;

/** Checks one Asterisk over plain HTTP: reachable, version, user, modules, dialplan, clock. */
export async function checkSwitch(node: Node, config: Config, environment: Environment): Promise<readonly Finding[]> {
  const part = `switch ${node.id}`;
  const get = async (path: string): Promise<Response> =>
    fetch(new URL(`/ari/${path}`, node.url), {
      headers: { authorization: `Basic ${Buffer.from(`${node.user}:${readSecret(node.password, environment)}`).toString('base64')}` },
      signal: AbortSignal.timeout(5000),
    });
  let info: Response;
  try {
    info = await get('asterisk/info');
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : messageOf(error);
    return [failure(part, `no answer at ${node.url}: ${cause}`, 'Start Asterisk; check http.conf (enabled=yes, bindaddr, bindport) and `nodes[].url`.')];
  }
  if (info.status === 401) return [failure(part, `the user '${node.user}' or its password is refused`, 'Compare `nodes[].user` and `password` with ari.conf.')];
  if (!info.ok) return [failure(part, `ARI answers ${info.status}`, 'Check ari.conf (enabled=yes) and that res_ari.so is loaded.')];
  const { system } = (await info.json()) as { system: { version: string } };
  const findings: Finding[] = [versionFinding(part, system.version, node.transport)];
  findings.push(clockFinding(part, info.headers.get('date')));
  findings.push(...(await moduleFindings(part, config, get)));
  findings.push(...(await dialplanFindings(part, config, get)));
  findings.push(await silenceFinding(part, get));
  findings.push(await applicationFinding(part, get));
  if (config.recording !== undefined) findings.push(await waitingFinding(part, get));
  return findings;
}

/** REST over the event WebSocket came with 22.4.0, 21.9.0 and 20.14.0 (Asterisk's change logs). */
function speaksWs(version: string): boolean | undefined {
  const [major = NaN, minor = NaN] = version.split('.').map(Number);
  if (Number.isNaN(major) || Number.isNaN(minor)) return undefined;
  if (major >= 23) return true;
  return (major === 22 && minor >= 4) || (major === 21 && minor >= 9) || (major === 20 && minor >= 14);
}

function versionFinding(part: string, version: string, transport: Node['transport']): Finding {
  const ws = speaksWs(version);
  if (ws === true) return ok(part, `Asterisk ${version}, REST over WebSocket${transport === 'ari-client' ? ' (not used: transport is ari-client)' : ''}`);
  const text = `Asterisk ${version} ${ws === false ? 'does not speak' : 'may not speak'} REST over WebSocket`;
  return transport === 'ws'
    ? failure(part, text, 'Set `nodes[].transport` to auto or ari-client, or upgrade to 22.4, 21.9 or 20.14.')
    : warning(part, `${text}: ari-client is used`, 'Upgrade to Asterisk 22: ari-client needs three times the CPU a call and loses calls at high rates.');
}

function clockFinding(part: string, date: string | null): Finding {
  if (date === null) return warning(part, 'the switch does not tell its time', 'Compare the clocks by hand; both need NTP.');
  // The Date header has whole seconds.
  const offMs = Math.max(0, Math.abs(Date.now() - Date.parse(date)) - 1000);
  return offMs <= CLOCK_LIMIT_MS
    ? ok(part, 'its clock agrees with ours')
    : warning(part, `its clock is ${Math.round(offMs / 1000)} s off ours`, 'Synchronise both machines (NTP): waiting times and reports would be wrong.');
}

async function moduleFindings(part: string, config: Config, get: (path: string) => Promise<Response>): Promise<readonly Finding[]> {
  const missing: Finding[] = [];
  const detects = config.queues.some(({ callbacks }) => callbacks?.detectMachines);
  for (const [name, without] of [...MODULES, ...(detects ? DETECTION_MODULES : []), ...(config.recording === undefined ? [] : RECORDING_MODULES)]) {
    const response = await get(`asterisk/modules/${name}`);
    const status = response.ok ? ((await response.json()) as { status: string }).status : 'not loaded';
    if (status !== 'Running') missing.push(failure(part, `${name} is ${status.toLowerCase()}: ${without}`, `Load it in modules.conf: load = ${name}`));
  }
  return missing.length > 0 ? missing : [ok(part, 'modules and codecs are loaded')];
}

async function dialplanFindings(part: string, config: Config, get: (path: string) => Promise<Response>): Promise<readonly Finding[]> {
  // A dialplan function can be read like a global variable.
  const exists = async (context: string, extension: string): Promise<boolean> => {
    const variable = `DIALPLAN_EXISTS(${context},${extension},1)`;
    const response = await get(`asterisk/variable?variable=${encodeURIComponent(variable)}`);
    return response.ok && ((await response.json()) as { value: string }).value === '1';
  };
  const findings: Finding[] = [];
  for (const { number } of config.hotlines) {
    if (!(await exists('strowger-hotlines', number))) {
      findings.push(
        warning(
          part,
          `the context strowger-hotlines has no extension ${number}`,
          `Render the dialplan (./strowger asterisk-config), or in your own send ${number} to Stasis(strowger,inbound,${number}) with a fallback behind it.`,
        ),
      );
    }
  }
  if (!(await exists('strowger-fallback', 's'))) {
    findings.push(
      warning(part, 'there is no context strowger-fallback: callers may meet silence while no engine runs', 'Render the dialplan with ./strowger asterisk-config, or test your own: stop the engine and call.'),
    );
  }
  if (!(await exists('strowger-overload', 's'))) {
    findings.push(
      warning(part, 'there is no context strowger-overload: under overload each call is refused by the engine, after it has cost what it costs', 'Render the dialplan with ./strowger asterisk-config, or add the gate of docs/overload.md to your own.'),
    );
  }
  if (config.queues.some(({ callbacks }) => callbacks?.detectMachines) && !(await exists(DETECTION_CONTEXT, 's'))) {
    findings.push(failure(part, `there is no context ${DETECTION_CONTEXT}: customers who answer a callback are cut off`, 'Render the dialplan with ./strowger asterisk-config, or set detectMachines: false.'));
  }
  return findings.length > 0 ? findings : [ok(part, 'the dialplan has every hotline and the fallback')];
}

/** Without it the engine cannot keep Asterisk from telling fast keys twice (telephony/ari/README.md). */
async function silenceFinding(part: string, get: (path: string) => Promise<Response>): Promise<Finding> {
  const response = await get(`sounds/${encodeURIComponent(SILENCE_SOUND)}`);
  if (response.ok) return ok(part, 'it has silence to play while numbers are typed');
  return warning(
    part,
    `it has no sound ${SILENCE_SOUND}: numbers and PINs that are typed fast may come with doubled digits`,
    "Install Asterisk's core sounds (asterisk-core-sounds-en-wav) in <astdatadir>/sounds/en, and load res_ari_sounds.so.",
  );
}

async function applicationFinding(part: string, get: (path: string) => Promise<Response>): Promise<Finding> {
  const response = await get('applications/strowger');
  if (response.status === 404) return ok(part, 'no engine is connected to it now');
  const { channel_ids: channels = [] } = (await response.json()) as { channel_ids?: readonly string[] };
  return ok(part, `an engine is or was connected; ${channels.length} channels are in its application`);
}

/** What lies on the switch's disk in the clear: recordings that are being made, and those that wait to be taken over. */
async function waitingFinding(part: string, get: (path: string) => Promise<Response>): Promise<Finding> {
  const response = await get('recordings/stored');
  if (!response.ok) return warning(part, `its recordings cannot be listed (${response.status})`, 'Load res_ari_recordings.so, and let Asterisk write its folder of recordings (astspooldir/recording).');
  const ours = ((await response.json()) as readonly { readonly name: string }[]).filter(({ name }) => recordingOfName(STASIS_APP, name) !== undefined).length;
  return ok(part, `${ours} recordings are on its disk: those that are being made now, and those that wait to be taken over`);
}
