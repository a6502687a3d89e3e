import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createColors } from 'picocolors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { flowCheck, flowDiagram } from './flow.ts';
import type { Terminal } from './terminal.ts';

// Inside the project, as flows are: their imports of the kit are relative.
let dir: string;
let exitCode: typeof process.exitCode;
beforeEach(() => {
  dir = mkdtempSync(join(import.meta.dirname, '.test-'));
  exitCode = process.exitCode;
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
  process.exitCode = exitCode;
});

function terminal(): Terminal & { readonly lines: string[] } {
  const lines: string[] = [];
  return { isTty: false, colors: createColors(false), lines, line: (text = '') => void lines.push(text), note: () => undefined, progress: () => undefined };
}

function write(name: string, greeting = '{ "zh-CN": "您好。", en: "Hello." }'): void {
  writeFileSync(
    join(dir, `${name}.ts`),
    `import { defineIvr } from '../../../engine/flow/kit.ts';
const prompts = { greeting: ${greeting} };
const { flow, say, end } = defineIvr({ prompts, vars: () => ({}) });
export default flow({
  id: '${name}', numbers: ['100'], initial: 'hi', fault: { prompt: 'greeting', to: 'bye' },
  states: { hi: say({ prompt: 'greeting', to: 'bye' }), bye: end({ prompt: 'greeting' }) },
});`,
  );
}

describe('flowCheck', () => {
  it('sums up a flow in which nothing was found', async () => {
    write('hello');
    const out = terminal();
    await flowCheck(out, [], { dir });
    // The two of the file and the four that every flow has.
    expect(out.lines).toEqual(['✓ hello: 6 states, 0 services, 2 languages, no findings']);
    expect(process.exitCode).toBe(exitCode);
  });

  it('tells where a finding is and what to do, and fails', async () => {
    write('hello', '{ "zh-CN": "您好。", en: "" }');
    const out = terminal();
    await flowCheck(out, [], { dir });
    expect(out.lines[0]).toMatch(/^✗ app\/cli\/\.test-\w+\/hello\.ts: hello: .*'greeting'.*en/);
    expect(out.lines[1]).toMatch(/^ {2}prompt\.language {2}\S/);
    expect(out.lines.at(-1)).toMatch(/^✗ hello: 6 states, 0 services, 2 languages, \d+ errors?$/);
    expect(process.exitCode).toBe(1);
  });

  it('checks the flows that are named, and prints JSON', async () => {
    write('hello');
    write('other', '{ "zh-CN": "您好。", en: "" }');
    const out = terminal();
    await flowCheck(out, ['hello'], { dir, json: true });
    expect(JSON.parse(out.lines.join(''))).toEqual([expect.objectContaining({ flow: 'hello', states: 6, services: [], languages: ['en', 'zh-CN'], findings: [] })]);
    expect(process.exitCode).toBe(exitCode);
  });

  it('names the flows that there are when one is asked for that is not', async () => {
    write('hello');
    await expect(flowCheck(terminal(), ['hallo'], { dir })).rejects.toMatchObject({ code: 'flow.unknown', hint: expect.stringContaining('There are: hello.') as string });
  });
});

describe('flowDiagram', () => {
  it('prints Mermaid or an SVG', async () => {
    write('hello');
    const [mermaid, svg] = [terminal(), terminal()];
    await flowDiagram(mermaid, 'hello', { dir, format: 'mermaid' });
    expect(mermaid.lines.join('\n')).toMatch(/^stateDiagram-v2\n/);
    await flowDiagram(svg, 'hello', { dir, format: 'svg', language: 'zh-CN' });
    expect(svg.lines.join('\n')).toMatch(/^<svg [^]*您好。[^]*<\/svg>$/);
  });

  it('refuses a format or a language that there is not', async () => {
    await expect(flowDiagram(terminal(), 'hello', { dir, format: 'png' })).rejects.toMatchObject({ code: 'cli.usage' });
    await expect(flowDiagram(terminal(), 'hello', { dir, format: 'svg', language: 'fr' })).rejects.toMatchObject({ code: 'cli.usage' });
  });
});
