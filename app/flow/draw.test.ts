import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { defineIvr } from '../../engine/flow/kit.ts';
import bank from '../../flows/bank.ts';
import { drawFlow } from './draw.ts';
import { drawingOf } from './drawing.ts';
import { layOut, type Layout, type Place, type PlacedNode, type Point } from './layout.ts';

const PICTURE = join(import.meta.dirname, '../../docs/bank-hotline.svg');
// Laying out is sums, but many of them.
const PATIENCE_MS = 60_000;

describe('the picture of the bank hotline', () => {
  it('is the one in docs/', { timeout: PATIENCE_MS }, async () => {
    const drawn = await drawFlow(bank, { language: 'en' });
    const same = drawn === readFileSync(PICTURE, 'utf8');
    expect(same, 'flows/bank.ts or the drawing has changed. Redraw: ./strowger flow diagram bank --format svg > docs/bank-hotline.svg').toBe(true);
  });
});

describe('layOut', () => {
  let layout: Layout;
  beforeAll(async () => {
    layout = await layOut(drawingOf(bank.machine, { prompts: bank.prompts, language: 'en' }));
  }, PATIENCE_MS);

  it('lets no label cover another label or a box, and no box another box', () => {
    const boxes = layout.nodes.flatMap(leaves);
    const labels = layout.edges.flatMap(({ edge, label }) => (label ? [{ name: `${edge.from} → ${edge.to}`, place: label }] : []));
    const all = [...boxes.map(({ node, ...place }) => ({ name: node.id, place })), ...labels];
    const overlaps = all.flatMap((one, index) => all.slice(index + 1).flatMap((other) => (overlap(one.place, other.place) ? [`${one.name} and ${other.name}`] : [])));
    expect(labels.length).toBeGreaterThan(20);
    expect(overlaps).toEqual([]);
  });

  it('leads each way from the border of its state to that of the next', () => {
    const places = new Map(layout.nodes.flatMap(all).map((node) => [node.node.id, node]));
    const stray = layout.edges.flatMap(({ edge, points }) => {
      const [from, to, first, last] = [places.get(edge.from), places.get(edge.to), points[0], points.at(-1)];
      return from && to && first && last && onBorder(from, first) && onBorder(to, last) ? [] : [`${edge.from} → ${edge.to}`];
    });
    expect(stray).toEqual([]);
  });

  it('stays within its width, which a README can show', () => {
    expect(layout.width).toBeLessThanOrEqual(1600);
    for (const { x, width } of layout.nodes) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(layout.width);
    }
  });
});

describe('drawFlow', () => {
  const prompts = { hello: { 'zh-CN': '您好', en: 'Hello <b> & "you"' }, both: { 'zh-CN': '请按1', en: 'press 2' } } as const;
  const { flow, say, menu, end } = defineIvr({ prompts, vars: () => ({ mood: '' }) });
  const sample = flow({
    id: 'sample',
    title: 'A < B',
    numbers: ['100'],
    initial: 'main',
    globals: { operator: { to: 'bye' } },
    fault: { prompt: 'hello', to: 'bye' },
    states: {
      main: menu({
        prompt: 'both',
        languages: ['zh-CN', 'en'],
        choices: { a: { dtmf: '1', to: 'nest' }, b: { dtmf: '2', to: 'nest' }, again: { dtmf: '3', to: 'main' } },
        otherwise: 'bye',
      }),
      nest: { initial: 'one', states: { one: say({ prompt: 'hello', to: 'two' }), two: { type: 'final' } }, onDone: 'main' },
      bye: end({ prompt: 'hello' }),
    },
  });

  it('draws states inside states, ways back and to itself, with the keys that are pressed', async () => {
    const svg = await drawFlow(sample, { language: 'en' });
    expect([...svg.matchAll(/data-state="([^"]+)"/g)].map(([, path]) => path)).toEqual(['main', 'nest', 'nest.one', 'nest.two', 'bye']);
    expect(svg).toContain('<tspan font-weight="bold">1</tspan> a');
    expect(svg).toContain('<tspan font-weight="bold">3</tspan> again');
    expect(svg).toContain('<tspan font-weight="bold">0</tspan> operator');
    expect(svg).toContain('>请按1 press 2</text>');
  });

  it('escapes text', async () => {
    const svg = await drawFlow(sample, { language: 'en' });
    expect(svg).toContain('A &lt; B');
    expect(svg).toContain('Hello &lt;b&gt; &amp; &quot;you&quot;');
    expect(svg).not.toContain('<b>');
  });

  it('says the prompts in the language asked for', async () => {
    expect(await drawFlow(sample, { language: 'zh-CN' })).toContain('>您好</text>');
    expect(await drawFlow(sample, { language: 'en' })).not.toContain('您好');
  });

  it('draws what happens at a fault of ours when asked to', async () => {
    expect(await drawFlow(sample, { language: 'en' })).not.toContain('data-state="fault"');
    expect(await drawFlow(sample, { language: 'en', failures: true })).toContain('data-state="fault"');
  });

  it('draws the states of a sub-flow inside the one that runs it, and its exits as where the way goes on', () => {
    const inner = defineIvr({ prompts, vars: () => ({}) });
    const ask = inner.subflow({ id: 'ask', initial: 'one', states: { one: inner.say({ prompt: 'hello', to: 'done' }), done: inner.exit() } });
    const outer = defineIvr({ prompts, subflows: { ask }, vars: () => ({}) });
    const whole = outer.flow({
      id: 'whole',
      numbers: ['101'],
      initial: 'asking',
      fault: { prompt: 'hello', to: 'bye' },
      states: { asking: outer.call.ask({ exits: { done: 'bye' } }), bye: outer.end({ prompt: 'hello' }) },
    });
    const { nodes, edges } = drawingOf(whole.machine, { prompts, language: 'en' });
    expect(nodes.find(({ id }) => id === 'asking')?.children.map(({ id }) => id)).toContain('asking/one');
    expect(edges).toContainEqual({ from: 'asking/done', to: 'bye', labels: [] });
  });
});

function all(node: PlacedNode): readonly PlacedNode[] {
  return [node, ...node.children.flatMap(all)];
}

/** A state with states inside is no obstacle: ways lead through it. */
function leaves(node: PlacedNode): readonly PlacedNode[] {
  return all(node).filter(({ children }) => children.length === 0);
}

function overlap(a: Place, b: Place): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function onBorder({ x, y, width, height }: Place, point: Point): boolean {
  const near = (one: number, other: number): boolean => Math.abs(one - other) < 0.5;
  const inside = point.x > x - 0.5 && point.x < x + width + 0.5 && point.y > y - 0.5 && point.y < y + height + 0.5;
  return inside && (near(point.x, x) || near(point.x, x + width) || near(point.y, y) || near(point.y, y + height));
}
