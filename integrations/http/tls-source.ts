/** Key and certificates as PEM texts, as they are now. Whoever provides them tells when they are renewed. */
export interface TlsMaterial {
  readonly key: string;
  /** The server's, then those between it and the root. */
  readonly cert: string;
}

export interface TlsSource {
  readonly current: TlsMaterial;
  /** Calls `listener` with each renewal. Returns how to stop. */
  onRenewed(listener: (material: TlsMaterial) => void): () => void;
}
