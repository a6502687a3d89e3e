import type { Language } from '../../engine/domain/language.ts';
import { intents } from '../../flows/bank.intents.ts';

/** Something to say, and the choice that it means; undefined: nothing that the hotline has. */
export interface Utterance {
  readonly text: string;
  readonly choice: string | undefined;
}

const CHOICES = {
  cardLoss: ['card.lost'],
  balance: ['account.balance'],
  card: ['card.service', 'card.bill', 'card.repayment', 'card.limit'],
  loans: ['loan'],
  wealth: ['wealth'],
  business: ['business'],
  complaints: ['complaint'],
  agent: ['agent'],
} as const satisfies Record<string, readonly (keyof typeof intents)[]>;

/** Examples of the intents, which the grammar of command mode has: one of each choice, then the next of each, and so on. */
export function inGrammar(language: Language, count: number): readonly Utterance[] {
  const examples = Object.entries(CHOICES).map(([choice, names]) => {
    const texts = names.map((name): readonly string[] => intents[name][language]);
    const longest = Math.max(...texts.map(({ length }) => length));
    return { choice, texts: Array.from({ length: longest }, (_, index) => texts.flatMap((list) => list[index] ?? [])).flat() };
  });
  return Array.from({ length: count }, (_, index) => {
    const { choice, texts } = examples[index % examples.length] ?? { choice: undefined, texts: [] };
    return { text: texts[Math.floor(index / examples.length) % texts.length] ?? '', choice };
  });
}

/** The same wishes in words that no example has. A recogniser of free speech may understand them; command mode should ask again. */
export const OUT_OF_GRAMMAR: Readonly<Record<Language, readonly Utterance[]>> = {
  en: [
    { text: 'hello, I think I left my bank card in a taxi', choice: 'cardLoss' },
    { text: 'could you tell me what money is there right now', choice: 'balance' },
    { text: 'my visa card does not work at the petrol station', choice: 'card' },
    { text: 'we are thinking of buying a flat and need financing', choice: 'loans' },
    { text: 'where should I put my inheritance', choice: 'wealth' },
    { text: 'it is about the firm I work for', choice: 'business' },
    { text: 'the lady at the counter was very rude to me', choice: 'complaints' },
    { text: 'give me somebody who is alive', choice: 'agent' },
    { text: 'a thief took my purse this morning', choice: 'cardLoss' },
    { text: 'has the transfer from my employer come in', choice: 'balance' },
    { text: 'how do I get a gold card for my wife', choice: 'card' },
    { text: 'I would like to lend some cash for a new kitchen', choice: 'loans' },
  ],
  'zh-CN': [
    { text: '刚才打车的时候好像把卡落在车上了', choice: 'cardLoss' },
    { text: '麻烦看看我现在有几块钱', choice: 'balance' },
    { text: '我的卡在加油站刷不出来', choice: 'card' },
    { text: '想买套房子手头钱不够', choice: 'loans' },
    { text: '手上有点闲钱放哪里好', choice: 'wealth' },
    { text: '我们厂里的事情要问一下', choice: 'business' },
    { text: '窗口那个姑娘说话很难听', choice: 'complaints' },
    { text: '给我找个活人来', choice: 'agent' },
  ],
};

/** Nothing that a bank has to do with. */
export const OUT_OF_SCOPE: Readonly<Record<Language, readonly string[]>> = {
  en: [
    'the elephants are walking slowly through the garden of my uncle',
    'what will the weather be like in Edinburgh tomorrow',
    'two pizzas with mushrooms and extra cheese',
    'come here darling and put your shoes on',
    'the train to the airport leaves from platform nine',
    'he plays the violin better than his teacher',
    'could you turn down the television',
    'seven ships were sailing on the sea',
  ],
  'zh-CN': ['明天北京会不会下雨', '来两个包子一碗豆浆', '大象在花园里慢慢走', '把电视声音关小一点', '孩子快把鞋穿上', '去机场的火车几点开', '他小提琴拉得真好', '海上有七条船'],
};
