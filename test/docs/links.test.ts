import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** Paths of the project's Markdown files, from the root. */
function pages(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return ['node_modules', 'var', '.git', 'coverage'].includes(entry.name) ? [] : pages(path);
    return entry.name.endsWith('.md') ? [relative(ROOT, path)] : [];
  });
}

/** Targets of links and images; what stands in code is no link. */
function links(markdown: string): string[] {
  const prose = markdown.replace(/^ *```[^]*?^ *```/gm, '').replace(/`[^`\n]*`/g, '');
  const inline = [...prose.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)];
  const references = [...prose.matchAll(/^\[[^\]]+\]:\s+(\S+)/gm)];
  const html = [...prose.matchAll(/\b(?:src|href)="([^"]+)"/g)];
  return [...inline, ...references, ...html].map(([, target]) => target ?? '');
}

/** The anchors of a page as GitHub makes them from its headings. */
function anchors(markdown: string): string[] {
  const headings = markdown.replace(/^ *```[^]*?^ *```/gm, '').match(/^#{1,6} .*$/gm) ?? [];
  return headings.map((heading) =>
    heading
      .replace(/^#+ /, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

describe('links between pages', () => {
  const all = pages(ROOT);

  it('are looked for in all pages', () => {
    expect(all).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/architecture.md', 'telephony/pbx/README.md']));
    expect(all.flatMap((page) => links(readFileSync(join(ROOT, page), 'utf8'))).length).toBeGreaterThan(5);
  });

  it.each(all)('of %s lead to files and headings that exist', (page) => {
    const markdown = readFileSync(join(ROOT, page), 'utf8');
    const broken = links(markdown)
      .filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target))
      .filter((target) => {
        const [path = '', anchor] = decodeURI(target).split('#');
        const file = path === '' ? join(ROOT, page) : resolve(ROOT, dirname(page), path);
        if (!existsSync(file)) return true;
        return anchor !== undefined && file.endsWith('.md') && !anchors(readFileSync(file, 'utf8')).includes(anchor);
      });
    expect(broken).toEqual([]);
  });

  it.each(all)('of %s name files of the project that exist', (page) => {
    const code = readFileSync(join(ROOT, page), 'utf8').match(/(?<=`)[^`\s]+(?=`)/g) ?? [];
    const files = code.filter((name) => /^(app|asterisk-config|bench|docker|docs|engine|flows|integrations|telephony|test)\/[\w./-]+\.(ts|md|mjs|yaml|conf|svg|json)$/.test(name));
    expect(files.filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
  });
});

describe('decisions', () => {
  const names = readdirSync(join(ROOT, 'docs/adr'));

  it('have a number each, which their heading repeats', () => {
    const numbers = names.map((name) => basename(name).slice(0, 4));
    expect(numbers, 'two decisions have one number').toEqual([...new Set(numbers)]);
    for (const name of names) {
      expect(name).toMatch(/^\d{4}-[a-z0-9-]+\.md$/);
      expect(readFileSync(join(ROOT, 'docs/adr', name), 'utf8'), name).toMatch(new RegExp(`^# ${name.slice(0, 4)} `));
    }
  });
});
