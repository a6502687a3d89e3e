/** How callers of the bank are asked again, and asked back about what they said. */
export const defaults = {
  noInputPrompt: 'common.noInput',
  noMatchPrompt: 'common.noMatch',
  speech: {
    confirm: { before: 'speech.didYouMean', after: 'speech.yesOrNo' },
    either: { before: 'speech.whichOne', between: 'speech.pressOneOr', after: 'speech.pressTwo' },
  },
} as const;
