/** Elements of a sipp scenario as text. What each does in ours, and why it is written so, is told in sipp-scenario.ts. */

/** The time of what was just received or sent, for the next report. */
export const NOW = '<gettimeofday assign_to="seconds,micros"/>';

export function ereg(where: string, pattern: string, variable: string): string {
  return `<ereg regexp="${pattern}" ${where} check_it="false" assign_to="${variable}"/>`;
}

/** A header's value becomes a variable; an absent header leaves it unset, which prints as nothing. */
export function take(header: string, variable: string): string {
  return ereg(`search_in="hdr" header="${header}:"`, '[^ ].*', variable);
}

export function send(message: string, attributes = ''): string {
  return `<send ${attributes}><![CDATA[\n${message}\n\n]]></send>`;
}

export function sendWithSdp(message: string, attributes: string, actions = ''): string {
  return `<send ${attributes}><![CDATA[\n${message}\nContent-Type: application/sdp\nContent-Length: [len]\n\n[$sdp]]]><action>${actions}</action></send>`;
}

/** A response that copies the dialog headers of the request just received. */
export function reply(statusLine: string, rest: string): string {
  return `SIP/2.0 ${statusLine}\n[last_Via:]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\n[last_CSeq:]\n${rest}`;
}

export function report(name: string): string {
  return `<sendCmd><![CDATA[\nCall-ID: [call_id]\nEvent: ${name}\nAt: [$seconds] [$micros]\nInvited: [$sentSeconds] [$sentMicros]\n\n[last_message]\n]]></sendCmd>`;
}

export function onRequest(methods: string, next: string, actions = '', attributes = ''): string {
  return `<recv request="^(${methods})$" regexp_match="true" optional="true" next="${next}" ${attributes}><action>${NOW}${actions}</action></recv>`;
}

export function onResponse(codes: string, next: string, actions = '', attributes = ''): string {
  return `<recv response="${codes}" regexp_match="true" optional="true" next="${next}" ${attributes}><action>${NOW}${actions}</action></recv>`;
}

/** Ends a wait: any request that nothing above wanted is ignored. */
export function otherwise(wait: string): string {
  return `<recv request=".*" regexp_match="true" next="${wait}"/>`;
}

export function label(id: string): string {
  return `<label id="${id}"/>`;
}

export function jumpIf(variable: string, to: string): string {
  return `<nop next="${to}" test="${variable}"/>`;
}

/** `link` puts the number of the label's element in place of @to@. */
export function jump(to: string): string {
  return `<nop><action><jump value="@${to}@"/></action></nop>`;
}

/**
 * Resolves the jumps. They are actions with a number and not `next` attributes, and an element with `next` is followed by an
 * idle one before a label: coming back from `_unexp.main` sipp looks at the `next` of the element *before* the one it returns to.
 */
export function link(elements: readonly string[]): string[] {
  const linked: string[] = [];
  const numbers = new Map<string, number>();
  let count = 0;
  for (const element of elements) {
    const id = /^<label id="(.*)"\/>$/.exec(element)?.[1];
    if (id !== undefined) {
      if (linked.at(-1)?.includes(' next="') === true) {
        linked.push('<nop/>');
        count++;
      }
      numbers.set(id, count);
    } else count++;
    linked.push(element);
  }
  return linked.map((element) => element.replace(/@(\w+)@/, (_, id: string) => String(numbers.get(id))));
}
