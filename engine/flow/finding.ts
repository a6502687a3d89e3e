/** Every rule of `checkFlow` with what it is for. The list is the documentation: docs/flow-checks.md is made from it. */
export const FLOW_RULES = {
  'prompt.missing': { severity: 'error', about: 'A state plays a prompt that has no text.' },
  'prompt.language': { severity: 'error', about: 'A prompt has no text in one of the languages.' },
  'prompt.slots': { severity: 'error', about: 'The texts of a prompt take different values in different languages.' },
  'prompt.kind': { severity: 'error', about: 'A value in a prompt is of a kind that nobody can say.' },
  'prompt.values': { severity: 'error', about: 'A prompt is played without one of its values, or with one that it does not take.' },
  'prompt.unused': { severity: 'warning', about: 'No state plays a prompt.' },
  'outcome.unhandled': { severity: 'error', about: 'A verb, service or sub-flow may end in a way that the state does not handle: the caller would hear nothing more.' },
  'failure.unhandled': { severity: 'error', about: 'A fault of ours in this state would end the flow without a word.' },
  'state.initial': { severity: 'error', about: 'The first state of a flow, or of a state with states inside, does not exist.' },
  'state.unreadable': { severity: 'error', about: 'A state, or the whole flow, is not of the form that the kit makes.' },
  'state.unreachable': { severity: 'error', about: 'No way leads to a state.' },
  'state.dead-end': { severity: 'error', about: 'Nothing goes on in a state and no way leads out of it.' },
  'state.no-case': { severity: 'error', about: 'A state decides between cases, and none of them may hold.' },
  'state.not-again': { severity: 'error', about: 'A way leads from a state to itself, and its verb does not start again: the caller hears silence.' },
  'timer.raw': { severity: 'error', about: "A state uses XState's `after`, which a restart of the engine forgets." },
  'guard.inline': { severity: 'error', about: 'A guard is a function: tools cannot read it, and a diagram cannot show it.' },
  'guard.unknown': { severity: 'error', about: 'A guard is not one of the kit; XState would find out in a call.' },
  'action.unknown': { severity: 'error', about: 'An action is not one of the kit; XState would pass over it.' },
  'actor.unknown': { severity: 'error', about: 'A state invokes something that the flow does not have; XState would find out in a call.' },
  'secret.spoken': { severity: 'error', about: 'A prompt says a variable that holds a secret.' },
  'secret.exposed': { severity: 'error', about: 'A secret leaves the flow in the result of a sub-flow.' },
  'menu.duplicate-key': { severity: 'error', about: 'Two choices of a menu have the same key.' },
  'menu.prefix': { severity: 'warning', about: 'The key of one choice begins the key of another: whoever presses the short one waits.' },
  'menu.global-key': { severity: 'warning', about: 'A choice takes the key that means operator, back or repeat everywhere else.' },
  'menu.unsaid-key': { severity: 'warning', about: 'The prompt of a menu does not name the key of a choice.' },
  'loop.unattended': { severity: 'error', about: 'A caller who does nothing goes round for ever.' },
} as const satisfies Readonly<Record<string, { readonly severity: 'error' | 'warning'; readonly about: string }>>;

export type FlowRule = keyof typeof FLOW_RULES;

/** Something about a flow that should be mended. */
export interface Finding {
  readonly code: FlowRule;
  readonly severity: 'error' | 'warning';
  /** The state: `bank.card`, `bank.identify/pin` in a sub-flow; the flow itself when it is about no state. */
  readonly path: string;
  readonly message: string;
  /** What to do. */
  readonly hint: string;
}

export function finding(code: FlowRule, path: string, message: string, hint: string): Finding {
  return { code, severity: FLOW_RULES[code].severity, path, message, hint };
}
