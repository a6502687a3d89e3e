/** Where ids come from: random in production, counted in tests. */
export interface IdSource {
  /** A new id, unique for ever, safe in a file name, an MQTT topic and a dialplan variable: `prefix-xxxx`. */
  next(prefix: string): string;
}
