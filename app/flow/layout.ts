import ELK, { type ElkExtendedEdge, type ElkNode } from 'elkjs/lib/elk.bundled.js';
import type { DrawnEdge, DrawnNode, Drawing } from './drawing.ts';
import { textWidth, wrapText } from './text.ts';

/** Sizes in px, shared by the layout (which needs room for text) and the writer (which puts it there). */
export const SIZES = {
  name: 14,
  text: 12,
  lineHeight: 16,
  labelLineHeight: 15,
  paddingX: 12,
  paddingY: 8,
  textWidth: 200,
  textLines: 3,
  headerHeight: 22,
  mark: 14,
} as const;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Place extends Point {
  readonly width: number;
  readonly height: number;
}

export interface PlacedNode extends Place {
  readonly node: DrawnNode;
  /** Lines of what the caller hears. */
  readonly lines: readonly string[];
  readonly children: readonly PlacedNode[];
}

export interface PlacedEdge {
  readonly edge: DrawnEdge;
  readonly points: readonly Point[];
  /** Where the labels stand, one a line. */
  readonly label: Place | undefined;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

/** On all levels. */
const LAYERED = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  // Ways lead into sub-flows and out of them: one layout for all levels.
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  // Under the menu that a key is pressed in, not where its way ends.
  'elk.layered.edgeLabels.centerLabelPlacementStrategy': 'TAIL_LAYER',
  'elk.layered.spacing.nodeNodeBetweenLayers': '30',
  'elk.layered.spacing.edgeNodeBetweenLayers': '16',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '10',
  'elk.spacing.nodeNode': '26',
  'elk.spacing.edgeNode': '18',
  'elk.spacing.edgeEdge': '12',
} as const;

const ROOT = {
  ...LAYERED,
  // Siblings stand in the order of the file. Not on inner levels: there elkjs 0.12 throws when it is asked to.
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.json.shapeCoords': 'ROOT',
  'elk.json.edgeCoords': 'ROOT',
  'elk.padding': '[top=12,left=12,bottom=12,right=12]',
} as const;

const INNER = {
  ...LAYERED,
  'elk.padding': `[top=${2 * SIZES.lineHeight + SIZES.paddingY + 8},left=14,bottom=14,right=14]`,
} as const;

/** Gives every node and edge its place. The same drawing gets the same layout. */
export async function layOut(drawing: Drawing): Promise<Layout> {
  const order = new Map(allNodes(drawing.nodes).map(({ id }, index) => [id, index]));
  // States stand in the order in which they are written. A way against it is given to ELK the other way round: so there is
  // no cycle to break, which ELK would do wherever it likes.
  const goesBack = ({ from, to }: DrawnEdge): boolean => (order.get(from) ?? 0) > (order.get(to) ?? 0);
  const placed = await new ELK.default().layout<ElkNode>({
    id: '',
    layoutOptions: ROOT,
    children: drawing.nodes.map(elkNode),
    edges: drawing.edges.map((edge, index) => elkEdge(edge, `e${index}`, goesBack(edge))),
  });
  const places = new Map(allElkNodes(placed).map((node) => [node.id, node]));
  const place = (node: DrawnNode): PlacedNode => ({ node, lines: linesOf(node), ...placeOf(places.get(node.id)), children: node.children.map(place) });
  return {
    width: Math.ceil(placed.width ?? 0),
    height: Math.ceil(placed.height ?? 0),
    nodes: drawing.nodes.map(place),
    edges: drawing.edges.map((edge, index) => placedEdge(edge, placed.edges?.[index], goesBack(edge))),
  };
}

function allNodes(nodes: readonly DrawnNode[]): readonly DrawnNode[] {
  return nodes.flatMap((node) => [node, ...allNodes(node.children)]);
}

function allElkNodes(node: ElkNode): readonly ElkNode[] {
  return [node, ...(node.children ?? []).flatMap(allElkNodes)];
}

function elkNode(node: DrawnNode): ElkNode {
  if (node.kind === 'start' || node.kind === 'end') return { id: node.id, width: SIZES.mark, height: SIZES.mark };
  if (node.children.length > 0) return { id: node.id, children: node.children.map(elkNode), layoutOptions: INNER };
  const lines = linesOf(node);
  const verb = node.kind === 'anywhere' ? 0 : textWidth(node.verb, SIZES.text) + 18;
  // Names are bold.
  const widest = Math.max(textWidth(node.name, SIZES.name) * 1.08 + verb, textWidth(node.what, SIZES.text), ...lines.map((line) => textWidth(line, SIZES.text)));
  const rows = lines.length + (node.what === '' ? 0 : 1);
  return { id: node.id, width: Math.ceil(widest + 2 * SIZES.paddingX), height: SIZES.headerHeight + rows * SIZES.lineHeight + SIZES.paddingY };
}

function linesOf({ says, children }: DrawnNode): readonly string[] {
  return children.length > 0 ? [] : wrapText(says, SIZES.text, SIZES.textWidth, SIZES.textLines);
}

function elkEdge({ from, to, labels }: DrawnEdge, id: string, reversed: boolean): ElkExtendedEdge {
  const label = {
    text: labels.join(' '), // ELK passes over a label without
    width: Math.ceil(Math.max(0, ...labels.map((row) => textWidth(row, SIZES.text))) + 8),
    height: labels.length * SIZES.labelLineHeight + 4,
    // On the line, so that nobody asks whose it is.
    layoutOptions: { 'elk.edgeLabels.inline': 'true' },
  };
  return { id, sources: [reversed ? to : from], targets: [reversed ? from : to], labels: labels.length === 0 ? [] : [label] };
}

function placedEdge(edge: DrawnEdge, placed: ElkExtendedEdge | undefined, reversed: boolean): PlacedEdge {
  const points = (placed?.sections ?? []).flatMap(({ startPoint, bendPoints = [], endPoint }) => [startPoint, ...bendPoints, endPoint]);
  const [label] = placed?.labels ?? [];
  return { edge, points: reversed ? points.reverse() : points, label: label && placeOf(label) };
}

function placeOf({ x = 0, y = 0, width = 0, height = 0 }: Partial<Place> = {}): Place {
  return { x, y, width, height };
}
