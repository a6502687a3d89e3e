import ELK, { type ElkExtendedEdge, type ElkNode } from 'elkjs/lib/elk.bundled.js';
import type { DrawnEdge, DrawnNode, Drawing } from './drawing.ts';
import { textWidth, wrapText } from './text.ts';

/** Sizes in px, shared by the layout (which needs room for text) and the writer (which puts it there). */
export const SIZES = {
  name: 14,
  text: 12,
  label: 12,
  lineHeight: 16,
  labelLineHeight: 15,
  paddingX: 12,
  paddingY: 8,
  textWidth: 196,
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
export const LAYERED = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  // Ways lead into sub-flows and out of them: one layout for all levels.
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.spacing.nodeNodeBetweenLayers': '34',
  'elk.layered.spacing.edgeNodeBetweenLayers': '16',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '10',
  'elk.spacing.nodeNode': '26',
  'elk.spacing.edgeNode': '18',
  'elk.spacing.edgeEdge': '12',
} as Record<string,string>;

/** On the outermost level only: elkjs 0.12 throws when a state with states inside asks for the order of the model. */
export const ROOT = {
  ...LAYERED,
  // States stand in the order of the file, and a way back is one against that order.
  'elk.layered.cycleBreaking.strategy': 'MODEL_ORDER',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.json.shapeCoords': 'ROOT',
  'elk.json.edgeCoords': 'ROOT',
  'elk.padding': '[top=12,left=12,bottom=12,right=12]',
} as Record<string,string>;

/** Gives every node and edge its place. The same drawing gets the same layout. */
export async function layOut(drawing: Drawing): Promise<Layout> {
  const elk = new ELK.default();
  const edges: ElkExtendedEdge[] = drawing.edges.map((edge, index) => ({
    id: `e${index}`,
    sources: [edge.from],
    targets: [edge.to],
    labels: edge.labels.length === 0 ? [] : [{ text: edge.labels.join(' '), ...labelSize(edge.labels), layoutOptions: { 'elk.edgeLabels.inline': 'true' } }],
  }));
  const placed = await elk.layout({ id: '', layoutOptions: ROOT, children: drawing.nodes.map(elkNode), edges } as ElkNode);
  const found = new Map<string, ElkNode>();
  const visit = (node: ElkNode): void => {
    found.set(node.id, node);
    node.children?.forEach(visit);
  };
  visit(placed);
  const place = (node: DrawnNode): PlacedNode => ({ node, lines: linesOf(node), ...placeOf(found.get(node.id)), children: node.children.map(place) });
  return {
    width: Math.ceil(placed.width ?? 0),
    height: Math.ceil(placed.height ?? 0),
    nodes: drawing.nodes.map(place),
    edges: drawing.edges.map((edge, index) => placedEdge(edge, placed.edges?.[index])),
  };
}

function linesOf({ says, children }: DrawnNode): readonly string[] {
  return children.length > 0 ? [] : wrapText(says, SIZES.text, SIZES.textWidth, SIZES.textLines);
}

function elkNode(node: DrawnNode): ElkNode {
  if (node.kind === 'start' || node.kind === 'end') return { id: node.id, width: SIZES.mark, height: SIZES.mark };
  if (node.children.length > 0) {
    return { id: node.id, children: node.children.map(elkNode), layoutOptions: { ...LAYERED, 'elk.padding': `[top=${2 * SIZES.lineHeight + SIZES.paddingY + 8},left=14,bottom=14,right=14]` } };
  }
  const lines = linesOf(node);
  const header = textWidth(node.name, SIZES.name) * 1.08 + (node.kind === 'anywhere' ? 0 : textWidth(node.verb, SIZES.label) + 18);
  const widest = Math.max(header, textWidth(node.what, SIZES.text), ...lines.map((line) => textWidth(line, SIZES.text)));
  const rows = lines.length + (node.what === '' ? 0 : 1);
  return { id: node.id, width: Math.ceil(widest + 2 * SIZES.paddingX), height: SIZES.headerHeight + rows * SIZES.lineHeight + SIZES.paddingY };
}

function labelSize(labels: readonly string[]): { width: number; height: number } {
  return {
    width: Math.ceil(Math.max(...labels.map((label) => textWidth(label, SIZES.label))) + 8),
    height: labels.length * SIZES.labelLineHeight + 4,
  };
}

function placeOf({ x = 0, y = 0, width = 0, height = 0 }: Partial<Place> = {}): Place {
  return { x, y, width, height };
}

function placedEdge(edge: DrawnEdge, elkEdge: ElkExtendedEdge | undefined): PlacedEdge {
  const points = (elkEdge?.sections ?? []).flatMap(({ startPoint, bendPoints = [], endPoint }) => [startPoint, ...bendPoints, endPoint]);
  const [label] = elkEdge?.labels ?? [];
  return { edge, points, label: label && placeOf(label) };
}
