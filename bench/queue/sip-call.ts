import type { SipMessage } from '../../telephony/phones/sip-message.ts';

/** What a call needs of the line that it is on. */
export interface Wire {
  newBranch(): string;
  request(method: string, target: string, branch: string, headers: readonly string[], body?: string): string;
  respond(request: SipMessage, statusLine: string, body?: string): string;
  sdp(): string;
  sayHello(remoteSdp: string): void;
  send(text: string): void;
  repeat(key: string, text: string, onResponse?: (status: number, response: SipMessage) => void): void;
  settle(key: string): void;
  heard(key: string): void;
  forget(callId: string): void;
}

/** The dialog (RFC 3261 §12): who we are, who they are, where requests go. */
interface Dialog {
  readonly callId: string;
  readonly local: string;
  readonly remote: string;
  readonly target: string;
}

/** How a call ended: the BYE was theirs (`far`) or ours (`near`), or it never was one. */
export type CallEnd = 'far' | 'near' | 'refused' | 'cancelled';

/** One call on a SipLine. The callbacks come from the turn in which the message is read. */
export class SipCall {
  /** The other side answered our INVITE. */
  onAnswered: () => void = () => undefined;
  /** The other side knows that we answered its INVITE. */
  onConfirmed: () => void = () => undefined;
  /** Once, when nothing more happens in it: after the answer to the BYE. */
  onEnded: (how: CallEnd) => void = () => undefined;
  readonly #wire: Wire;
  #dialog: Dialog;
  #cseq = 1;
  #invite: SipMessage | undefined;
  /** Our final answer to their INVITE, for when they repeat it. */
  #answer = '';
  #confirmed = false;
  #leaving = false;
  #over = false;

  static outgoing(wire: Wire, dialog: Dialog): SipCall {
    const call = new SipCall(wire, dialog);
    call.#dial();
    return call;
  }

  static incoming(wire: Wire, callId: string, invite: SipMessage, tag: string): SipCall {
    const target = /<([^>]+)>/.exec(invite.header('Contact') ?? '')?.[1] ?? '';
    const call = new SipCall(wire, { callId, local: `${invite.header('To')};tag=${tag}`, remote: invite.header('From') ?? '', target });
    call.#invite = invite;
    return call;
  }

  private constructor(wire: Wire, dialog: Dialog) {
    this.#wire = wire;
    this.#dialog = dialog;
  }

  /** Answers their INVITE with 200, at once. */
  answer(): void {
    if (this.#invite === undefined) return;
    this.#answer = this.#wire.respond(this.#invite, '200 OK', this.#wire.sdp());
    this.#wire.repeat(this.#ackKey, this.#answer);
  }

  /** Answers their INVITE with 486. */
  refuse(): void {
    if (this.#invite === undefined) return;
    this.#answer = this.#wire.respond(this.#invite, '486 Busy Here');
    this.#wire.repeat(this.#ackKey, this.#answer);
  }

  /** Sends a BYE. A call that is not answered yet is let go when it is. */
  hangUp(): void {
    if (this.#over || this.#leaving) return;
    this.#leaving = true;
    if (this.#confirmed) this.#bye();
  }

  receive(request: SipMessage): void {
    const method = /^[A-Z]+/.exec(request.startLine)?.[0];
    switch (method) {
      case 'INVITE':
        // A repetition, or a re-INVITE, which changes nothing here.
        if (request.header('To')?.includes(';tag=') === true) this.#wire.send(this.#wire.respond(request, '200 OK', this.#wire.sdp()));
        else if (this.#answer !== '') this.#wire.send(this.#answer);
        return;
      case 'ACK':
        this.#acknowledged();
        return;
      case 'BYE':
        this.#wire.send(this.#wire.respond(request, '200 OK'));
        this.#end('far');
        return;
      case 'CANCEL':
        // We answer in the turn in which the INVITE is read, so it is too late: their BYE follows (RFC 3261 §9.2).
        this.#wire.send(this.#wire.respond(request, '200 OK'));
        return;
      default:
        this.#wire.send(this.#wire.respond(request, '200 OK'));
    }
  }

  get #ackKey(): string {
    return `ack ${this.#dialog.callId}`;
  }

  #dial(): void {
    const branch = this.#wire.newBranch();
    const { target } = this.#dialog;
    const text = this.#wire.request('INVITE', target, branch, this.#headers('INVITE'), this.#wire.sdp());
    this.#wire.repeat(branch, text, (status, response) => {
      this.#wire.heard(branch);
      if (status < 200) return;
      const remote = response.header('To') ?? this.#dialog.remote;
      if (status >= 300) {
        this.#wire.send(this.#wire.request('ACK', target, branch, this.#headers('ACK', remote)));
        this.#wire.settle(branch);
        this.#end('refused');
        return;
      }
      // A 200 that is repeated is acknowledged again: the branch stays known.
      const contact = /<([^>]+)>/.exec(response.header('Contact') ?? '')?.[1] ?? target;
      this.#dialog = { ...this.#dialog, remote, target: contact };
      this.#wire.send(this.#wire.request('ACK', contact, this.#wire.newBranch(), this.#headers('ACK')));
      if (this.#confirmed) return;
      this.#confirmed = true;
      this.#wire.sayHello(response.body);
      this.onAnswered();
      if (this.#leaving) this.#bye();
    });
  }

  #acknowledged(): void {
    this.#wire.settle(this.#ackKey);
    if (this.#answer.startsWith('SIP/2.0 486')) this.#end('refused');
    else if (!this.#confirmed) {
      this.#confirmed = true;
      this.onConfirmed();
      if (this.#leaving) this.#bye();
    }
  }

  #bye(): void {
    this.#cseq += 1;
    const branch = this.#wire.newBranch();
    this.#wire.repeat(branch, this.#wire.request('BYE', this.#dialog.target, branch, this.#headers('BYE')), (status) => {
      if (status < 200) return;
      this.#wire.settle(branch);
      this.#end('near');
    });
  }

  #headers(method: string, remote = this.#dialog.remote): readonly string[] {
    const { callId, local } = this.#dialog;
    const allow = method === 'INVITE' ? ['Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE'] : [];
    return [`From: ${local}`, `To: ${remote}`, `Call-ID: ${callId}`, `CSeq: ${this.#cseq} ${method}`, ...allow];
  }

  #end(how: CallEnd): void {
    if (this.#over) return;
    this.#over = true;
    this.#wire.settle(this.#ackKey);
    this.#wire.forget(this.#dialog.callId);
    this.onEnded(how);
  }
}
