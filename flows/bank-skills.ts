/** What the bank's agents are able to do; levels 1 to 5. */
export type Skill = 'accounts' | 'cards' | 'loans' | 'wealth' | 'business' | 'complaints';
