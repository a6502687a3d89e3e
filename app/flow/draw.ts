import type { Hotline } from '../../engine/flow/hotline.ts';
import type { Language } from '../../engine/domain/language.ts';
import { drawingOf } from './drawing.ts';
import { layOut } from './layout.ts';
import { svgOf } from './svg.ts';

export interface DrawOptions {
  /** Of the prompts in the boxes. */
  readonly language: Language;
  /** Also what happens at a fault of ours. */
  readonly failures?: boolean;
}

/** A flow as an SVG, its sub-flows inside the states that run them. The same flow gives the same bytes. */
export async function drawFlow(hotline: Hotline, options: DrawOptions): Promise<string> {
  const { title, numbers, machine, prompts, id } = hotline;
  const layout = await layOut(drawingOf(machine, { prompts, ...options }));
  return svgOf(layout, [id, title, numbers.join(', ')].filter((part) => part !== '').join(' · '));
}
