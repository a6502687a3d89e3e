/** How words sound, for languages whose writing does not tell. */
export interface Phonetics {
  /**
   * The syllable of each of the characters, without its tone: recognisers confuse tones and characters that sound alike (`余额` and `鱼鹅`
   * are both `yu e`). As many as characters; one that is not known stands for itself.
   */
  syllables(characters: readonly string[]): readonly string[];
}
