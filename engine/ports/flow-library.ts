/**
 * The flows that calls run on. A version is the hash of the flow's bundle; a live call stays on its version, also
 * across a restart, so old versions stay loadable until no journaled call needs them.
 */
export interface FlowLibrary<Flow> {
  /** The flow that answers `dialled`, newest version; undefined when no hotline has that number. */
  forNumber(dialled: string): { readonly flow: Flow; readonly id: string; readonly version: string } | undefined;
  /** A flow by its name, newest version, for calls that we begin; undefined when there is none. */
  named(id: string): { readonly flow: Flow; readonly id: string; readonly version: string } | undefined;
  /** A flow at a version. Rejects with `flow.version-unknown` when it was never kept. */
  load(id: string, version: string): Promise<Flow>;
}
