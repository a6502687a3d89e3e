import type { DrawnNode } from './drawing.ts';
import { SIZES, type Layout, type PlacedEdge, type PlacedNode, type Point } from './layout.ts';

/** Line and fill of a box by its verb; both are readable on white and on paper. */
const COLOURS: Readonly<Record<DrawnNode['verb'], readonly [line: string, fill: string]>> = {
  say: ['#2563ab', '#eaf2fb'],
  menu: ['#b26a00', '#fff4de'],
  collect: ['#a3480f', '#fdece0'],
  call: ['#1d7a52', '#e6f5ee'],
  subflow: ['#1d7a52', '#ffffff'],
  route: ['#6a3fb5', '#f1ebfb'],
  music: ['#6a3fb5', '#f1ebfb'],
  hours: ['#0f7285', '#e3f4f7'],
  wait: ['#5b6470', '#f1f3f5'],
  recording: ['#a8323a', '#ffffff'],
  branch: ['#5b6470', '#f1f3f5'],
  end: ['#a8323a', '#fbe9ea'],
  exit: ['#5b6470', '#ffffff'],
  final: ['#5b6470', '#ffffff'],
  state: ['#5b6470', '#ffffff'],
};
const EDGE = '#4a5360';
const FONT = "Helvetica, Arial, 'Noto Sans', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif";

/** A laid out flow as an SVG. Boxes carry `data-state`, so that a page can mark where a call stands. */
export function svgOf(layout: Layout, title: string): string {
  const top = 40;
  const [width, height] = [layout.width, layout.height + top];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${FONT}">`,
    `<title>${escape(title)}</title>`,
    `<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0,0.5 L8,4 L0,7.5 z" fill="${EDGE}"/></marker></defs>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(title, 16, 26, { size: 17, weight: 'bold', fill: '#1d2329' }),
    `<g transform="translate(0,${top})">`,
    ...layout.nodes.flatMap(boxOf),
    ...layout.edges.map(lineOf),
    ...layout.edges.flatMap(labelOf),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function boxOf({ node, lines, children, x, y, width, height }: PlacedNode): string[] {
  if (node.kind === 'start') return [`<circle cx="${px(x + width / 2)}" cy="${px(y + height / 2)}" r="${px(width / 2)}" fill="${EDGE}"/>`];
  if (node.kind === 'end') {
    const [cx, cy] = [px(x + width / 2), px(y + height / 2)];
    return [`<circle cx="${cx}" cy="${cy}" r="${px(width / 2)}" fill="#ffffff" stroke="${EDGE}" stroke-width="1.5"/>`, `<circle cx="${cx}" cy="${cy}" r="${px(width / 4)}" fill="${EDGE}"/>`];
  }
  const [line, fill] = COLOURS[node.verb];
  const anywhere = node.kind === 'anywhere';
  const round = node.verb === 'end' || node.verb === 'exit' || anywhere ? Math.min(height / 2, 16) : 5;
  const left = x + SIZES.paddingX;
  let baseline = y + SIZES.headerHeight - 4;
  const rows: string[] = [text(node.name, left, baseline, { size: SIZES.name, weight: 'bold', fill: '#1d2329' })];
  if (!anywhere) rows.push(text(node.verb, x + width - SIZES.paddingX, baseline, { size: SIZES.text, fill: line, anchor: 'end' }));
  if (node.what !== '') rows.push(text(node.what, left, (baseline += SIZES.lineHeight), { size: SIZES.text, fill: line }));
  for (const row of lines) rows.push(text(row, left, (baseline += SIZES.lineHeight), { size: SIZES.text, fill: '#3b434d' }));
  return [
    anywhere ? '<g>' : `<g data-state="${escape(node.path)}">`,
    ...(node.says === '' ? [] : [`<title>${escape(node.says)}</title>`]),
    `<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" rx="${px(round)}" fill="${fill}" stroke="${line}" stroke-width="1.5"${anywhere ? ' stroke-dasharray="4 3"' : ''}/>`,
    ...rows,
    '</g>',
    ...children.flatMap(boxOf),
  ];
}

function lineOf({ points }: PlacedEdge): string {
  return `<path d="${roundedPath(points)}" fill="none" stroke="${EDGE}" stroke-width="1.3" marker-end="url(#arrow)"/>`;
}

/** Labels stand on their line, on white; the keys that a caller presses are bold. */
function labelOf({ edge, label }: PlacedEdge): string[] {
  if (!label) return [];
  const back = `<rect x="${px(label.x)}" y="${px(label.y)}" width="${px(label.width)}" height="${px(label.height)}" rx="3" fill="#ffffff" fill-opacity="0.94"/>`;
  const rows = edge.labels.map((row, index) => {
    const [, key, rest = row] = /^([0-9*#]+) (.*)$/.exec(row) ?? [];
    const body = key === undefined ? escape(row) : `<tspan font-weight="bold">${escape(key)}</tspan> ${escape(rest)}`;
    return `<text x="${px(label.x + label.width / 2)}" text-anchor="middle" y="${px(label.y + 13 + index * SIZES.labelLineHeight)}" font-size="${SIZES.text}" fill="#1d2329">${body}</text>`;
  });
  return [back, ...rows];
}

/** Straight lines with rounded corners. */
function roundedPath(points: readonly Point[]): string {
  return points
    .map((point, index) => {
      const [before, after] = [points[index - 1], points[index + 1]];
      if (!before) return `M${px(point.x)},${px(point.y)}`;
      if (!after) return `L${px(point.x)},${px(point.y)}`;
      const [from, to] = [towards(point, before), towards(point, after)];
      return `L${px(from.x)},${px(from.y)} Q${px(point.x)},${px(point.y)} ${px(to.x)},${px(to.y)}`;
    })
    .join(' ');
}

function towards(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const step = length === 0 ? 0 : Math.min(6, length / 2) / length;
  return { x: from.x + (to.x - from.x) * step, y: from.y + (to.y - from.y) * step };
}

interface TextStyle {
  readonly size: number;
  readonly fill: string;
  readonly weight?: string;
  readonly anchor?: string;
}

function text(content: string, x: number, y: number, { size, fill, weight, anchor }: TextStyle): string {
  const extra = `${weight === undefined ? '' : ` font-weight="${weight}"`}${anchor === undefined ? '' : ` text-anchor="${anchor}"`}`;
  return `<text x="${px(x)}" y="${px(y)}" font-size="${size}" fill="${fill}"${extra}>${escape(content)}</text>`;
}

/** A tenth of a pixel is enough, and the same everywhere. */
const px = (value: number): string => String(Math.round(value * 10) / 10);

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (content: string): string => content.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
