import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it.each(['README.md', '.env.example'])('%s names every setting', (document) => {
  const settings = [...readFileSync('configuration.ts', 'utf8').matchAll(/^ {4}([A-Z_]+):/gm)].map(([, name]) => name!);
  expect(settings).toContain('DATABASE_URL');
  // OpenTelemetry's are its own, and many: one of them stands for all.
  const named = (name: string) => name.startsWith('OTEL_') || new RegExp(`[\x60#]${name}[\x60=]`).test(text);
  const text = readFileSync(document, 'utf8');
  expect(settings.filter((name) => !named(name))).toEqual([]);
});

it.each(readdirSync('docs').filter((name) => name.endsWith('.md')))('docs/%s names tests that there are', (name) => {
  const named = readFileSync(`docs/${name}`, 'utf8').matchAll(/`([\w/]+\.test\.tsx?)`/g);
  expect([...named].map(([, path]) => path!).filter((path) => !existsSync(`tests/${path}`))).toEqual([]);
});

it('the README names every document, and documents lead to headings that there are', () => {
  const readme = readFileSync('README.md', 'utf8');
  const names = readdirSync('docs').filter((name) => name.endsWith('.md'));
  expect(names.filter((name) => !readme.includes(`](docs/${name})`))).toEqual([]);
  const anchors = (name: string) =>
    [...readFileSync(`docs/${name}`, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\- ]/gu, '')
        .replaceAll(' ', '-'),
    );
  for (const name of names)
    for (const [, file, anchor] of readFileSync(`docs/${name}`, 'utf8').matchAll(/\]\((?:([\w.]+\.md))?#([^)]+)\)/g))
      expect(anchors(file ?? name), `${name} leads to #${anchor}`).toContain(anchor);
});
