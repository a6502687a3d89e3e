/** Names of the variables whose values fit where a `Wanted` is needed. A secret fits nowhere but where one is wanted. */
export type VariableOf<C, Wanted> = { [K in keyof C & string]: C[K] extends Wanted ? K : never }[keyof C & string];
