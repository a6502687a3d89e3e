/** What sentences mean, as points: those that mean alike are near each other, whatever their words. */
export interface TextEmbedding {
  /** Which weights these are, and how they are used: a model that learnt with one is of no use with another. */
  readonly name: string;
  /** Of each vector. */
  readonly dimensions: number;
  /** What each number of a vector is about, where that can be said: for those who want to know why. Not of all, if there are holes. */
  readonly dimensionNames?: readonly (string | undefined)[];
  /** A vector of length 1, the same for the same text each time; undefined for a text in a language that it does not know. Within two milliseconds. */
  embed(text: string): Float32Array | undefined;
}
