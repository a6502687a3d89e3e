declare const secret: unique symbol;

/**
 * What a caller typed and nobody may see. At run time it is the handle of a value in the session's vault; for the
 * compiler it is no string, so it can be handed to a service but neither spoken, compared nor stored elsewhere.
 */
export interface Secret {
  readonly [secret]: true;
}

/** The value of a secret variable before the caller has typed anything. */
export const noSecret = '' as unknown as Secret;

/** `T` as a service meets it: the vault has put the typed digits in place of the handles. */
export type Revealed<T> = T extends Secret ? string : T extends object ? { readonly [K in keyof T]: Revealed<T[K]> } : T;

/** Whether some field of a service's input is a secret. */
export type HoldsSecret<T> = true extends { [K in keyof T]: T[K] extends Secret ? true : false }[keyof T] ? true : false;
