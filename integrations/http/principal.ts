/**
 * What somebody does in the contact centre, and therefore may do here.
 *
 * - agent: takes calls; acts for itself only
 * - supervisor: sees and steers what happens now, and reads reports
 * - engineer: all that, and the configuration
 * - designer: writes flows; sees what calls do in them
 */
export const ROLES = ['agent', 'supervisor', 'engineer', 'designer'] as const;
export type Role = (typeof ROLES)[number];

/** Who makes a request. */
export interface Principal {
  /** Of a user or a token of the configuration; `local` where nobody has to say who it is. */
  readonly name: string;
  readonly role: Role;
  /** Of an agent: which one. It may act for no other. */
  readonly agentId?: string;
  /** How it showed who it is. */
  readonly via: 'token' | 'session' | 'local';
}

/** A person who signs in with a password. */
export interface ApiUser {
  readonly name: string;
  readonly role: Role;
  readonly agentId?: string;
  /** As `hashPassword` made it. */
  readonly passwordHash: string;
}

/** A program, which sends a token with each request. */
export interface ApiToken {
  readonly name: string;
  readonly role: Role;
  readonly agentId?: string;
  readonly token: string;
}
