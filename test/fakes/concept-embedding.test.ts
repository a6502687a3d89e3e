import { textEmbeddingContract } from '../contract/text-embedding.ts';
import { ConceptEmbedding } from './concept-embedding.ts';

textEmbeddingContract('the fake', () => new ConceptEmbedding(), {
  alike: [
    ['my card is gone', 'the plastic vanished', 'what a rain'],
    ['a human please', 'somebody', 'wire it'],
  ],
  unknown: ['我要挂失', '…', ''],
});
