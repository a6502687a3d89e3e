/**
 * The one sipp scenario that every scripted phone runs. It is a SIP user agent without a will: each call waits for the peer or
 * for a command of ours, and reports what happened. So a call can be hung up at any instant, and the far end's BYE is known at
 * once.
 *
 * - Reports, and the commands that open a call, go over sipp's "twin" socket (its third-party call control). A scenario whose
 *   first twin message is a `recvCmd` makes sipp listen there, open a call for every Call-ID it does not know, take incoming
 *   requests into the same scenario, and exit when the socket closes.
 * - Commands to an open call are SIP requests of our own methods to sipp's SIP port. A twin command that comes while the call
 *   is between two waits would delete the call; a request is put off until the next wait (`_unexp.main` below).
 *
 * Twin commands: `Do: dial` (Uri, From, To, Contact, Extra1..4 are whole header lines; body = SDP offer) and
 * `Do: register` (Uri, From, Contact, Expires, User, Password).
 * Requests: X-HANGUP (BYE, or CANCEL while the call is not answered), X-REINVITE (body = SDP offer), X-RING, X-ANSWER (body = SDP answer), X-REJECT<status>.
 * Reports: `Event: <name>`, `At: <epoch seconds> <µs>`, `Invited: <when our INVITE was sent>`, blank line, the SIP message
 * received last.
 *
 * sipp executes about one element a millisecond, so the reports come some milliseconds late; `At` is taken on reception.
 */

import { ereg, jump, jumpIf, label, link, NOW, onRequest, onResponse, otherwise, reply, report, send, sendWithSdp, take } from './sipp-elements.ts';

/** Final status codes a phone can refuse with; sipp wants the code of a response to be literal. */
export const REJECT_STATUSES = {
  403: 'Forbidden',
  404: 'Not Found',
  480: 'Temporarily Unavailable',
  486: 'Busy Here',
  488: 'Not Acceptable Here',
  500: 'Server Internal Error',
  503: 'Service Unavailable',
  603: 'Decline',
} as const;

export type RejectStatus = keyof typeof REJECT_STATUSES;

/** Headers of a `dial` command that carry one more header line of the INVITE each. */
export const EXTRA_HEADERS = ['Extra1', 'Extra2', 'Extra3', 'Extra4'] as const;

/** The scenario as sipp reads it with `-sf`. */
export function sippScenario(): string {
  // The order matters to sipp in two ways: a response is matched by the methods of the requests above it, and a message
  // stops the retransmission only of what was sent from above it. So each wait stands below what it waits for.
  const elements = [...opening(), ...registering(), ...outgoing(), ...talking(), ...incoming(), ...puttingOff(), label('end'), '<nop/>'];
  return `<?xml version="1.0" encoding="UTF-8" ?>\n<scenario name="scripted phone">\n${link(elements).join('\n')}\n</scenario>\n`;
}

const OUR_TAG = 'tag=[pid]p[call_number]';
const VIA = 'Via: SIP/2.0/[transport] [local_ip]:[local_port];rport;branch=z9hG4bK-[pid]-[call_number]';
const ALLOW = 'Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO, NOTIFY';
const CONTACT = `Contact: <sip:phone@[local_ip]:[local_port]>\n${ALLOW}`;
const NO_BODY = 'Content-Length: 0';
const RETRANSMIT = 'retrans="500"';
/** Requests inside a dialog that need nothing but a 200 from a phone. */
const IN_DIALOG = 'UPDATE|INFO|OPTIONS|NOTIFY|MESSAGE';
const TAKE_SDP = ereg('search_in="msg"', 'v=0.*', 'sdp');

/** How a call begins: an incoming request, or a command. */
function opening(): string[] {
  return [
    onResponse('^[1-6][0-9][0-9]$', 'end'), // sipp compares a response's CSeq everywhere but in the first element
    onRequest(
      'INVITE',
      'incoming',
      // A request that came through proxies has several Via lines; all go back in the response (RFC 3261 §8.2.6.2).
      ereg('search_in="msg"', '(Via: [^&#13;]*&#13;&#10;)+', 'inviteVia') +
        take('From', 'remoteParty') +
        take('To', 'calledParty') +
        take('CSeq', 'inviteCSeq'),
      'rrs="true"',
    ),
    onRequest(IN_DIALOG, 'stray_ok'),
    onRequest('BYE|CANCEL', 'stray_gone'),
    onRequest('.*', 'end'),
    `<recvCmd><action>${ereg('search_in="msg"', 'Do: dial', 'dial')}${ereg('search_in="msg"', 'Do: register', 'register')}` +
      ['Uri', 'From', 'To', 'Contact', 'Expires', 'User', 'Password', ...EXTRA_HEADERS].map((name) => take(name, name.toLowerCase())).join('') +
      `${TAKE_SDP}</action></recvCmd>`,
    jumpIf('dial', 'dial'),
    jumpIf('register', 'register'),
    jump('end'),
    label('stray_ok'),
    send(reply('200 OK', NO_BODY)),
    jump('end'),
    label('stray_gone'),
    send(reply('481 Call/Transaction Does Not Exist', NO_BODY)),
    jump('end'),
  ];
}

/** REGISTER with digest authentication (RFC 3261 §10.2, §22.4); `Expires: 0` takes the binding back. */
function registering(): string[] {
  const request = (branch: string, authentication: string): string =>
    send(
      `REGISTER [$uri] SIP/2.0\n${VIA}-${branch}\nFrom: [$from];${OUR_TAG}\nTo: [$from]\nCall-ID: [call_id]\nCSeq: [cseq] REGISTER\n` +
        `Contact: [$contact]\n${authentication}Expires: [$expires]\nMax-Forwards: 70\n${NO_BODY}`,
      RETRANSMIT,
    );
  return [
    label('register'),
    request('reg1', ''),
    label('registering'),
    '<recv response="100" optional="true"/>',
    '<recv response="401" auth="true" optional="true" next="challenged"/>',
    onResponse('^[2-6][0-9][0-9]$', 'registered'),
    otherwise('registering'),
    label('challenged'),
    request('reg2', '[authentication username=[$user] password=[$password]]\n'),
    label('proving'),
    '<recv response="100" optional="true"/>',
    onResponse('^[2-6][0-9][0-9]$', 'registered'),
    otherwise('proving'),
    label('registered'),
    report('registered'),
    jump('end'),
  ];
}

/** Our call out: INVITE until a final answer, with CANCEL in between (RFC 3261 §9.1, §13.2, §17.1.1). */
function outgoing(): string[] {
  const ours = `From: [$from];${OUR_TAG}`;
  const ifInvite = (variable: string): string => ereg('search_in="hdr" header="CSeq:"', 'INVITE', variable);
  const ack = (branch: string, uri: string): string =>
    send(`ACK ${uri} SIP/2.0\n${VIA}-${branch}\n[routes]\n${ours}\n[last_To:]\nCall-ID: [call_id]\nCSeq: [last_cseq_number] ACK\nMax-Forwards: 70\n${NO_BODY}`);
  return [
    label('dial'),
    `<nop><action>${NOW}<assignstr assign_to="localParty" value="[$from];${OUR_TAG}"/></action></nop>`,
    // Before the INVITE: sipp sends nothing, reports included, while a request waits for its retransmission timer.
    report('dialled'),
    sendWithSdp(
      `INVITE [$uri] SIP/2.0\n${VIA}-inv\n${ours}\nTo: [$to]\nCall-ID: [call_id]\nCSeq: [cseq] INVITE\nContact: [$contact]\n` +
        `${EXTRA_HEADERS.map((name) => `[$${name.toLowerCase()}]`).join('\n')}\nMax-Forwards: 70\n${ALLOW}`,
      RETRANSMIT,
      '<gettimeofday assign_to="sentSeconds,sentMicros"/>',
    ),
    label('calling'),
    '<recv response="100" optional="true"/>',
    onResponse('^1[0-9][0-9]$', 'progress'),
    onResponse('^2[0-9][0-9]$', 'answered', take('To', 'remoteParty'), 'rrs="true"'),
    onResponse('^[3-6][0-9][0-9]$', 'refused'),
    onRequest(IN_DIALOG, 'calling_ok'),
    onRequest('X-HANGUP', 'cancel'),
    otherwise('calling'),
    label('calling_ok'),
    send(reply('200 OK', NO_BODY)),
    jump('calling'),
    label('progress'),
    report('progress'),
    jump('calling'),
    label('refused'),
    ack('inv', '[$uri]'),
    report('refused'),
    jump('end'),
    label('answered'),
    ack('ack', '[next_url]'),
    report('answered'),
    jump('talking'),

    label('cancel'),
    report('leaving'),
    send(`CANCEL [$uri] SIP/2.0\n${VIA}-inv\n${ours}\nTo: [$to]\nCall-ID: [call_id]\nCSeq: [cseq] CANCEL\nMax-Forwards: 70\n${NO_BODY}`, RETRANSMIT),
    label('cancelling'),
    '<recv response="^1[0-9][0-9]$" regexp_match="true" optional="true"/>',
    onResponse('^2[0-9][0-9]$', 'cancel_2xx', ifInvite('answeredAnyway') + take('To', 'remoteParty'), 'rrs="true"'),
    onResponse('^[3-6][0-9][0-9]$', 'cancel_final', ifInvite('finallyRefused')),
    otherwise('cancelling'),
    label('cancel_final'),
    jumpIf('finallyRefused', 'refused'),
    jump('cancelling'),
    label('cancel_2xx'),
    jumpIf('answeredAnyway', 'cancel_lost'),
    jump('cancelling'),
    // The answer crossed our CANCEL: the call exists and is ended by BYE (RFC 3261 §9.1).
    label('cancel_lost'),
    ack('ack', '[next_url]'),
    jump('bye'),
  ];
}

/** An answered call, whoever placed it. */
function talking(): string[] {
  return [
    label('talking'),
    onRequest('BYE', 'far_bye'),
    onRequest('INVITE', 'reinvite'),
    onRequest(IN_DIALOG, 'talking_ok'),
    onRequest('X-HANGUP', 'bye'),
    onRequest('X-REINVITE', 'reoffer', TAKE_SDP),
    onResponse('.*', 'talking'),
    otherwise('talking'),
    label('talking_ok'),
    send(reply('200 OK', `${CONTACT}\n${NO_BODY}`)),
    jump('talking'),
    label('reinvite'),
    report('reinvite'),
    sendWithSdp(reply('200 OK', CONTACT), RETRANSMIT),
    label('reinvited'),
    onRequest('ACK', 'talking'),
    onRequest('BYE', 'far_bye'),
    otherwise('reinvited'),
    ...reoffering(),
    label('far_bye'),
    send(reply('200 OK', NO_BODY)),
    report('bye'),
    jump('end'),
    label('bye'),
    report('leaving'),
    send(
      `BYE [next_url] SIP/2.0\n${VIA}-bye\n[routes]\nFrom: [$localParty]\nTo: [$remoteParty]\nCall-ID: [call_id]\nCSeq: [cseq] BYE\n` +
        `Max-Forwards: 70\n${NO_BODY}`,
      RETRANSMIT,
    ),
    label('ending'),
    onResponse('^[2-6][0-9][0-9]$', 'ending_response', ereg('search_in="hdr" header="CSeq:"', 'BYE', 'byeAnswered')),
    // No other request is answered here: while our BYE waits for its response sipp would hold that answer back, for ever.
    onRequest('BYE', 'ending_ok'),
    otherwise('ending'),
    label('ending_ok'),
    send(reply('200 OK', NO_BODY)),
    jump('ending'),
    label('ending_response'),
    jumpIf('byeAnswered', 'ended'),
    jump('ending'),
    label('ended'),
    report('ended'),
    jump('end'),
  ];
}

/**
 * Our re-INVITE (RFC 3261 §14.1). Its Via and that of the ACK of a refusal are one transaction (§17.1.1.3), told from earlier
 * ones by the CSeq. It is not retransmitted: what waits for a retransmission timer could not answer a BYE that crosses it, and
 * on loopback nothing is lost. The route set stays that of the call (§12.2), so there is no `rrs` here.
 */
function reoffering(): string[] {
  const ack = (branch: string): string =>
    send(
      `ACK [next_url] SIP/2.0\n${VIA}-${branch}[last_cseq_number]\n[routes]\nFrom: [$localParty]\nTo: [$remoteParty]\nCall-ID: [call_id]\n` +
        `CSeq: [last_cseq_number] ACK\nMax-Forwards: 70\n${NO_BODY}`,
    );
  return [
    label('reoffer'),
    report('reoffering'),
    sendWithSdp(
      `INVITE [next_url] SIP/2.0\n${VIA}-re[cseq]\n[routes]\nFrom: [$localParty]\nTo: [$remoteParty]\nCall-ID: [call_id]\nCSeq: [cseq] INVITE\n` +
        `${CONTACT}\nMax-Forwards: 70`,
      '',
    ),
    label('reoffering'),
    '<recv response="^1[0-9][0-9]$" regexp_match="true" optional="true"/>',
    onResponse('^2[0-9][0-9]$', 'reoffered'),
    onResponse('^[3-6][0-9][0-9]$', 'reoffer_refused'),
    onRequest('BYE', 'far_bye'),
    onRequest(IN_DIALOG, 'reoffering_ok'),
    onRequest('X-HANGUP', 'bye'),
    otherwise('reoffering'),
    label('reoffering_ok'),
    send(reply('200 OK', `${CONTACT}\n${NO_BODY}`)),
    jump('reoffering'),
    label('reoffered'),
    ack('reack'),
    report('reoffered'),
    jump('talking'),
    label('reoffer_refused'),
    ack('re'),
    report('reofferRefused'),
    jump('talking'),
  ];
}

/** A call to us: it rings, is answered or refused as commanded, or is cancelled by the caller. */
function incoming(): string[] {
  return [
    label('incoming'),
    `<nop><action><assignstr assign_to="localParty" value="[$calledParty];${OUR_TAG}"/></action></nop>`,
    send(reply('100 Trying', NO_BODY)),
    report('incoming'),
    label('offered'),
    onRequest('CANCEL', 'cancelled'),
    onRequest('X-RING', 'ring'),
    onRequest('X-ANSWER', 'answer', TAKE_SDP),
    ...Object.keys(REJECT_STATUSES).map((status) => onRequest(`X-REJECT${status}`, `reject${status}`)),
    otherwise('offered'),
    label('ring'),
    send(replyToInvite('180 Ringing', `${CONTACT}\n${NO_BODY}`)),
    report('ringing'),
    jump('offered'),
    label('answer'),
    report('answering'),
    sendWithSdp(replyToInvite('200 OK', CONTACT), RETRANSMIT),
    label('answering'),
    onRequest('ACK', 'accepted'),
    onRequest('CANCEL', 'answering_cancel'),
    // sipp 3.8 drops an ACK that comes while it answers that CANCEL, as "repeated".
    onRequest('BYE', 'far_bye'),
    otherwise('answering'),
    // Too late: the answer stands, the caller will send BYE (RFC 3261 §9.2).
    label('answering_cancel'),
    send(reply('200 OK', NO_BODY)),
    jump('answering'),
    label('accepted'),
    report('accepted'),
    jump('talking'),
    label('cancelled'),
    send(reply('200 OK', NO_BODY)),
    report('cancelled'),
    ...refuse('cancelled_ack', '487 Request Terminated'),
    ...Object.entries(REJECT_STATUSES).flatMap(([status, phrase]) => [
      label(`reject${status}`),
      report('rejecting'),
      ...refuse(`reject${status}_ack`, `${status} ${phrase}`),
    ]),
    label('rejected'),
    report('rejected'),
    jump('end'),
  ];
}

/** The ACK is waited for right behind each response: in between sipp would drop it. */
function refuse(wait: string, statusLine: string): string[] {
  return [send(replyToInvite(statusLine, NO_BODY), RETRANSMIT), label(wait), onRequest('ACK', 'rejected'), otherwise(wait)];
}

/**
 * sipp comes here with a message that arrived while the call was not waiting; it keeps the message for the next `recv`. We go
 * straight back to where the call was. A message that no wait takes would go round for ever: every wait ends in `otherwise`.
 */
function puttingOff(): string[] {
  return [
    label('_unexp.main'),
    '<nop><action><assign assign_to="back" variable="_unexp.retaddr"/><assign assign_to="_unexp.retaddr" value="0"/><jump variable="back"/></action></nop>',
  ];
}

/** A response to the INVITE that opened the call, also when another request has come since. */
function replyToInvite(statusLine: string, rest: string): string {
  return `SIP/2.0 ${statusLine}\n[$inviteVia]From: [$remoteParty]\nTo: [$calledParty];${OUR_TAG}\nCall-ID: [call_id]\nCSeq: [$inviteCSeq]\n${rest}`;
}
