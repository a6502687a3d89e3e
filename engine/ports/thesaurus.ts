/** Words that mean alike, for callers who say what no example says. */
export interface Thesaurus {
  /** Which it is: a model that learnt with one is of no use with another. */
  readonly name: string;
  /** The names of the concepts whose words a text has, in the order of the words; one for each time. */
  conceptsOf(text: string): readonly string[];
}
